package stylegan4j.kernels.cuda.map;

import java.util.Arrays;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Strided;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Dense;
import stylegan4j.kernels.cuda.Faults;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Params;

/**
 * Picking along an axis by index, and the adjoints, which add in the order of the indices. Wrong indices are reported
 * when values are read next; until then they pick zeros and add nothing.
 */
public final class Indexing {
    private static final String FILE = "indexing.cu";
    private static final int THREADS = 256;
    private static final int MOST_DIMENSIONS = 8;

    private final CudaContext cuda;
    private final Movement movement;
    private final Buckets buckets;
    private final Faults faults;
    private final Kernel gatherElements;
    private final Kernel gatherVectors;
    private final Kernel scatterKeys;
    private final Kernel indexKeys;
    private final Kernel addElements;
    private final Kernel addRows;

    public Indexing(CudaContext cuda, Movement movement, Buckets buckets, Faults faults) {
        this.cuda = cuda;
        this.movement = movement;
        this.buckets = buckets;
        this.faults = faults;
        this.gatherElements = cuda.kernel(FILE, "gather_elements");
        this.gatherVectors = cuda.kernel(FILE, "gather_vectors");
        this.scatterKeys = cuda.kernel(FILE, "scatter_keys");
        this.indexKeys = cuda.kernel(FILE, "index_keys");
        this.addElements = cuda.kernel(FILE, "add_elements");
        this.addRows = cuda.kernel(FILE, "add_rows");
    }

    /** {@code y[…, i, …] = x[…, index[i], …]}. */
    public void select(NdArray x, int axis, NdArray index, NdArray y) {
        long[] strides = new long[y.rank()];
        strides[axis] = index.strides()[0];
        gather(Faults.Operation.INDEX_SELECT, x, axis, index, strides, y);
    }

    /** {@code y[…, i, …] = x[…, index[…, i, …], …]}. */
    public void gather(NdArray x, int axis, NdArray index, NdArray y) {
        gather(Faults.Operation.GATHER, x, axis, index, index.strides(), y);
    }

    private void gather(Faults.Operation operation, NdArray x, int axis, NdArray index, long[] indexStrides,
                        NdArray y) {
        if (y.numel() == 0) {
            return;
        }
        long[] others = Arrays.copyOf(x.strides(), x.rank());
        others[axis] = 0;
        Strided layout = Strided.of(y.shape(), others, indexStrides, NdArray.rowMajorStrides(y.shape()));
        if (layout.rank() > MOST_DIMENSIONS) {
            throw new IllegalArgumentException("gather: expected at most " + MOST_DIMENSIONS
                    + " dimensions that differ in their strides, got " + layout.rank());
        }
        long step = x.strides()[axis];
        boolean four = isVector(layout, step) && Dense.aligned(x, y);
        int last = layout.rank() - 1;
        long[] sizes = layout.sizes.clone();
        long[] strides = layout.strides[0].clone();
        if (four) {
            sizes[last] /= 4;
            for (int d = 0; d < last; d++) {
                strides[d] /= 4;
            }
        }
        int width = four ? 4 : 1;
        Params params = Params.start().pointer(x).pointer(index).pointer(y).pointer(faults.pointer())
                .integer64(y.numel() / width).integer64(step / width).integers64(sizes, MOST_DIMENSIONS)
                .integers64(strides, MOST_DIMENSIONS).integers64(layout.strides[1], MOST_DIMENSIONS)
                .integer(layout.rank()).integer(x.size(axis)).code(operation);
        cuda.launch(four ? gatherVectors : gatherElements, y.numel() / width, THREADS, params);
    }

    /** Whether four neighbours lie together and share an index. */
    private static boolean isVector(Strided layout, long step) {
        boolean four = layout.innerSize() % 4 == 0 && layout.innerStride(0) == 1 && layout.innerStride(1) == 0
                && step % 4 == 0;
        for (int d = 0; d < layout.rank() - 1; d++) {
            four &= layout.strides[0][d] % 4 == 0;
        }
        return four;
    }

    /** {@code y = 0}, then {@code y[…, index[i], …] += x[…, i, …]}, in the order of i. */
    public void add(NdArray x, int axis, NdArray index, NdArray y) {
        if (y.numel() == 0) {
            return;
        }
        int length = x.size(axis);
        int size = y.size(axis);
        try (Dense in = Dense.of(cuda, movement, x); CudaContext.Scratch keys = cuda.scratch(4L * length)) {
            cuda.launch(indexKeys, length, THREADS, Params.start().pointer(index).pointer(keys.pointer())
                    .pointer(faults.pointer()).integer64(index.strides()[0]).integer(length).integer(size)
                    .code(Faults.Operation.INDEX_ADD));
            try (Buckets.Sorted sorted = buckets.sort("indexAdd", keys.pointer(), length, size)) {
                sum(addRows, in.array(), sorted, inner(y, axis), length, size, y);
            }
        }
    }

    /** {@code y = 0}, then {@code y[…, index[…, i, …], …] += x[…, i, …]}, in the order of i. */
    public void scatterAdd(NdArray x, int axis, NdArray index, NdArray y) {
        if (y.numel() == 0) {
            return;
        }
        long count = x.numel();
        try (Dense in = Dense.of(cuda, movement, x); Dense indices = Dense.of(cuda, movement, index);
             CudaContext.Scratch keys = cuda.scratch(4 * count)) {
            cuda.launch(scatterKeys, count, THREADS, Params.start().pointer(indices.array()).pointer(keys.pointer())
                    .pointer(faults.pointer()).integer64(count).integer64(inner(y, axis)).integer(x.size(axis))
                    .integer(y.size(axis)).code(Faults.Operation.SCATTER_ADD));
            try (Buckets.Sorted sorted = buckets.sort("scatterAdd", keys.pointer(), count, y.numel())) {
                sum(addElements, in.array(), sorted, inner(y, axis), x.size(axis), y.size(axis), y);
            }
        }
    }

    private void sum(Kernel kernel, NdArray x, Buckets.Sorted sorted, long inner, int length, int size, NdArray y) {
        cuda.launch(kernel, y.numel(), THREADS, Params.start().pointer(x).pointer(sorted.starts().pointer())
                .pointer(sorted.items().pointer()).pointer(y).integer64(y.numel()).integer64(inner).integer(length)
                .integer(size));
    }

    private static long inner(NdArray y, int axis) {
        long inner = 1;
        for (int d = axis + 1; d < y.rank(); d++) {
            inner *= y.size(d);
        }
        return inner;
    }
}
