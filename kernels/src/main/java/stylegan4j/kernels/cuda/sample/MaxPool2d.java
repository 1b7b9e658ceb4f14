package stylegan4j.kernels.cuda.sample;

import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Params;

/** Largest value in each window, and where it was. */
public final class MaxPool2d {
    private static final int THREADS = 256;

    private final CudaContext cuda;
    private final Kernel kernel;

    public MaxPool2d(CudaContext cuda) {
        this.cuda = cuda;
        this.kernel = cuda.kernel("max_pool.cu", "max_pool2d");
    }

    /** x [N, C, H, W] of any strides → dense y and indices. */
    public void run(NdArray x, ConvGeometry g, int kernelY, int kernelX, NdArray y, NdArray indices) {
        if (y.numel() == 0) {
            return;
        }
        long planes = (long) y.size(0) * y.size(1);
        cuda.launch(kernel, Planes.size((long) y.size(2) * y.size(3), planes, THREADS), Params.start().pointer(x)
                .pointer(y).pointer(indices).integers64(x.strides(), 4).integer64(planes).integer(x.size(1))
                .integer(x.size(2)).integer(x.size(3)).integer(y.size(2)).integer(y.size(3))
                .integer(kernelY).integer(kernelX).integer(g.strideY()).integer(g.strideX()).integer(g.padY())
                .integer(g.padX()).integer(g.dilationY()).integer(g.dilationX()));
    }
}
