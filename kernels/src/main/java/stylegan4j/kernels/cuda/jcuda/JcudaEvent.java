package stylegan4j.kernels.cuda.jcuda;

import jcuda.driver.CUevent;
import jcuda.driver.JCudaDriver;
import stylegan4j.kernels.cuda.driver.GpuEvent;

final class JcudaEvent implements GpuEvent {
    private final JcudaGpu gpu;
    private final CUevent handle;
    private boolean closed;

    JcudaEvent(JcudaGpu gpu, CUevent handle) {
        this.gpu = gpu;
        this.handle = handle;
    }

    CUevent handle() {
        return handle;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            gpu.driver("cuEventDestroy", () -> JCudaDriver.cuEventDestroy(handle));
        }
    }
}
