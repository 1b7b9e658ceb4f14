package stylegan4j.kernels.cuda.jcuda;

import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.JCudaDriver;
import stylegan4j.kernels.cuda.driver.KernelFunction;

final class JcudaFunction implements KernelFunction {
    /** What every kernel may ask for without saying so beforehand. */
    private static final int USUAL_SHARED = 48 * 1024;

    private final JcudaGpu gpu;
    private final String name;
    private final CUfunction handle;
    private int allowedShared = USUAL_SHARED;

    JcudaFunction(JcudaGpu gpu, String name, CUfunction handle) {
        this.gpu = gpu;
        this.name = name;
        this.handle = handle;
    }

    @Override
    public String name() {
        return name;
    }

    CUfunction handle() {
        return handle;
    }

    /** Lets the kernel's blocks have this much dynamic shared memory. */
    synchronized void allowShared(int bytes) {
        if (bytes > allowedShared) {
            gpu.driver("cuFuncSetAttribute(" + name + ", " + bytes + " bytes of shared memory)",
                    () -> JCudaDriver.cuFuncSetAttribute(handle,
                            CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, bytes));
            allowedShared = bytes;
        }
    }
}
