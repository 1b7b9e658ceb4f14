package stylegan4j.kernels.cuda.jcuda;

import jcuda.driver.CUstream;
import jcuda.driver.JCudaDriver;
import jcuda.runtime.cudaStream_t;
import stylegan4j.kernels.cuda.driver.GpuStream;

final class JcudaStream implements GpuStream {
    private final JcudaGpu gpu;
    private final CUstream handle;
    private final cudaStream_t runtimeHandle;
    private boolean capturing;
    private boolean closed;

    JcudaStream(JcudaGpu gpu, CUstream handle) {
        this.gpu = gpu;
        this.handle = handle;
        this.runtimeHandle = new cudaStream_t(handle);
    }

    CUstream handle() {
        return handle;
    }

    /** The same stream, for cuBLAS and cuDNN. */
    cudaStream_t runtimeHandle() {
        return runtimeHandle;
    }

    /** Whether its work is recorded and not run, so that nothing can be waited for. */
    boolean isCapturing() {
        return capturing;
    }

    void capturing(boolean now) {
        capturing = now;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            gpu.driver("cuStreamDestroy", () -> JCudaDriver.cuStreamDestroy(handle));
        }
    }
}
