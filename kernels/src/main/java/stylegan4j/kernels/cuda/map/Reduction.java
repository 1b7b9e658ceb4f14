package stylegan4j.kernels.cuda.map;

import java.util.stream.IntStream;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.ReduceOp;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Dimensions;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Params;
import stylegan4j.kernels.cuda.TypedKernel;
import stylegan4j.kernels.cuda.driver.LaunchSize;

/**
 * Reductions over any set of dimensions. Neighbouring threads read neighbours in memory: elements of one output or of
 * several. How work is cut depends on shapes and strides alone, so sums do not depend on the device.
 */
public final class Reduction {
    private static final String FILE = "reduce.cu";
    private static final String[] TYPES = {"A_TYPE", "B_TYPE"};
    private static final int THREADS = 256;
    private static final int WARP = 32;

    /** Fewer elements than this are reduced by one thread. */
    private static final int FEW = 8;
    /** More elements than this are reduced by a block, fewer by a warp. */
    private static final int MANY = 1024;
    /** Threads that keep a large device busy. */
    private static final int ENOUGH = 1 << 17;
    /** The least elements of a thread that are worth a segment. */
    private static final int SEGMENT = 32;
    private static final int MOST_SEGMENTS = 1 << 14;

    private final CudaContext cuda;
    private final TypedKernel columns;
    private final TypedKernel shortRows;
    private final TypedKernel rows;
    private final Kernel segments;
    private final Kernel argMax;

    public Reduction(CudaContext cuda) {
        this.cuda = cuda;
        this.columns = new TypedKernel(cuda, FILE, "reduce_columns", TYPES);
        this.shortRows = new TypedKernel(cuda, FILE, "reduce_short_rows", TYPES);
        this.rows = new TypedKernel(cuda, FILE, "reduce_rows", TYPES);
        this.segments = cuda.kernel(FILE, "reduce_segments");
        this.argMax = cuda.kernel(FILE, "arg_max");
    }

    /** y has x's rank, with size 1 in each reduced dimension. */
    public void reduce(ReduceOp op, NdArray x, NdArray y) {
        reduce(op, x, null, y);
    }

    /** {@code y = Σ a·b}; a and b have y's rank, y size 1 in each reduced dimension. */
    public void sumOfProducts(NdArray a, NdArray b, NdArray y) {
        reduce(ReduceOp.SUM, a, b, y);
    }

    private void reduce(ReduceOp op, NdArray a, NdArray b, NdArray y) {
        long outputs = y.numel();
        if (outputs == 0) {
            return;
        }
        int[] shape = a.shape();
        NdArray second = b == null ? a : b;
        int[] keptDims = IntStream.range(0, shape.length).filter(d -> shape[d] == y.size(d)).toArray();
        int[] reducedDims = IntStream.range(0, shape.length).filter(d -> shape[d] != y.size(d)).toArray();
        Dimensions kept = Dimensions.of(shape, keptDims, a, second, y);
        Dimensions reduced = Dimensions.of(shape, reducedDims, a, second);
        long length = a.numel() / outputs;
        boolean across = length < FEW || kept.isDenseInside(0) && !reduced.isDenseInside(0) && outputs >= WARP;
        int together = across ? 1 : length <= MANY ? WARP : THREADS;
        int cuts = segments(outputs, length, together);
        try (CudaContext.Scratch partial = cuts > 1 ? cuda.scratch(Double.BYTES * outputs * cuts) : null) {
            Params params = Params.start().pointer(a).pointer(b).pointer(y)
                    .pointer(partial == null ? 0 : partial.pointer());
            reduced.into(kept.into(params)).integer64(outputs).integer64(length)
                    .integer64(Math.ceilDiv(Math.max(1, length), cuts)).integer(cuts).code(op);
            Kernel kernel = (across ? columns : together == WARP ? shortRows : rows).of(a, b);
            int blocks = cuda.blocks(outputs * together, THREADS);
            cuda.launch(kernel, LaunchSize.of(blocks, cuts, 1, THREADS), params);
            if (cuts > 1) {
                cuda.launch(segments, outputs, THREADS, params);
            }
        }
    }

    /** Segments of each output, so that there is enough to do at a time. */
    private static int segments(long outputs, long length, int together) {
        long wanted = Math.ceilDiv(ENOUGH, outputs * together);
        long worth = Math.ceilDiv(length, (long) SEGMENT * together);
        return Math.clamp(Math.min(wanted, worth), 1, MOST_SEGMENTS);
    }

    /** Index of the first largest element along {@code axis}; NaN counts as larger than any number. */
    public void argMax(NdArray x, int axis, NdArray y) {
        long outputs = y.numel();
        int[] kept = IntStream.range(0, x.rank()).filter(d -> d != axis).toArray();
        Params params = Dimensions.of(x.shape(), kept, x).into(Params.start().pointer(x).pointer(y))
                .integer64(outputs).integer64(x.strides()[axis]).integer(x.size(axis));
        cuda.launch(argMax, outputs * WARP, THREADS, params);
    }
}
