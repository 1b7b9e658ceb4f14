package stylegan4j.kernels.cuda.map;

import java.util.stream.IntStream;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Dimensions;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Params;

/** Running sums, softmax and standardisation along the last dimension: a block of threads for each row. */
public final class Rows {
    private static final String FILE = "rows.cu";
    private static final int THREADS = 256;

    private final CudaContext cuda;
    private final Kernel cumulativeSum;
    private final Kernel softmax;
    private final Kernel standardize;

    public Rows(CudaContext cuda) {
        this.cuda = cuda;
        this.cumulativeSum = cuda.kernel(FILE, "cumulative_sum");
        this.softmax = cuda.kernel(FILE, "softmax");
        this.standardize = cuda.kernel(FILE, "standardize");
    }

    /** Running sums, kept in double. */
    public void cumulativeSum(NdArray x, NdArray y) {
        run(cumulativeSum, x, y);
    }

    /** {@code y = e^(x−m) / Σ e^(x−m)} with m the row's largest element. */
    public void softmax(NdArray x, NdArray y) {
        run(softmax, x, y);
    }

    /** See {@link stylegan4j.kernels.Backend#standardize}. */
    public void standardize(NdArray x, float epsilon, NdArray y, NdArray r) {
        if (x.numel() > 0) {
            cuda.launch(standardize, (long) x.size(0) * THREADS, THREADS, Params.start().pointer(x).pointer(y)
                    .pointer(r).integer64(x.size(0)).integer(x.size(1)).real(epsilon));
        }
    }

    private void run(Kernel kernel, NdArray x, NdArray y) {
        if (x.numel() == 0) {
            return;
        }
        int length = x.rank() == 0 ? 1 : x.size(-1);
        long rows = x.numel() / length;
        int[] outer = IntStream.range(0, x.rank() - 1).toArray();
        Params params = Dimensions.of(x.shape(), outer, x).into(Params.start().pointer(x).pointer(y))
                .integer64(rows).integer64(x.rank() == 0 ? 1 : x.strides()[x.rank() - 1]).integer(length);
        cuda.launch(kernel, rows * THREADS, THREADS, params);
    }
}
