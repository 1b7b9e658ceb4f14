package stylegan4j.kernels.cuda.jcuda;

import jcuda.driver.CUgraphExec;
import jcuda.driver.JCudaDriver;
import stylegan4j.kernels.cuda.driver.GpuGraph;

final class JcudaGraph implements GpuGraph {
    private final JcudaGpu gpu;
    private final CUgraphExec handle;
    private boolean closed;

    JcudaGraph(JcudaGpu gpu, CUgraphExec handle) {
        this.gpu = gpu;
        this.handle = handle;
    }

    CUgraphExec handle() {
        return handle;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            gpu.driver("cuGraphExecDestroy", () -> JCudaDriver.cuGraphExecDestroy(handle));
        }
    }
}
