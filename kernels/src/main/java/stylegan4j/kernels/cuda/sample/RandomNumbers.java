package stylegan4j.kernels.cuda.sample;

import stylegan4j.kernels.Distribution;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Params;

/** Elements of a seed's stream, the CPU's numbers bit for bit. */
public final class RandomNumbers {
    private static final int THREADS = 256;

    private final CudaContext cuda;
    private final Kernel kernel;

    public RandomNumbers(CudaContext cuda) {
        this.cuda = cuda;
        this.kernel = cuda.kernel("random.cu", "random_numbers");
    }

    /** Fills a dense y with the numbers {@code first, first + 1, …} of the stream. */
    public void run(Distribution distribution, long seed, long first, NdArray y) {
        if (y.numel() > 0) {
            cuda.launch(kernel, y.numel() / 4 + 2, THREADS, Params.start().pointer(y).integer64(seed)
                    .integer64(first).integer64(y.numel()).flag(distribution == Distribution.NORMAL));
        }
    }
}
