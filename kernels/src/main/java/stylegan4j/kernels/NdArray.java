package stylegan4j.kernels;

import java.util.Arrays;

/**
 * A strided view of a {@link Buffer}: what every kernel reads and writes. Strides and offset count elements; a stride
 * of zero repeats (broadcasts) a dimension. Holds no ownership: whoever allocated the buffer frees it.
 */
public final class NdArray {
    private final Buffer buffer;
    private final DType type;
    private final long offset;
    private final int[] shape;
    private final long[] strides;

    /** A view with explicit strides. The arrays are taken over, not copied. */
    public NdArray(Buffer buffer, DType type, long offset, int[] shape, long[] strides) {
        this.buffer = buffer;
        this.type = type;
        this.offset = offset;
        this.shape = shape;
        this.strides = strides;
    }

    /** A dense row-major view of the start of {@code buffer}. */
    public static NdArray contiguous(Buffer buffer, DType type, int... shape) {
        return new NdArray(buffer, type, 0, shape, rowMajorStrides(shape));
    }

    /** Strides of a dense row-major array. */
    public static long[] rowMajorStrides(int... shape) {
        long[] strides = new long[shape.length];
        long step = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = step;
            step *= shape[i];
        }
        return strides;
    }

    /** Number of elements of {@code shape}; 1 for a scalar. */
    public static long numel(int... shape) {
        long n = 1;
        for (int d : shape) {
            n = Math.multiplyExact(n, (long) d);
        }
        return n;
    }

    public Buffer buffer() {
        return buffer;
    }

    public DType type() {
        return type;
    }

    /** Index of the first element in the buffer, in elements. */
    public long offset() {
        return offset;
    }

    /** The dimensions; not to be modified. */
    public int[] shape() {
        return shape;
    }

    /** Elements between neighbours of each dimension; not to be modified. */
    public long[] strides() {
        return strides;
    }

    public int rank() {
        return shape.length;
    }

    /** Size of one dimension; negative ones count from the end. */
    public int size(int dim) {
        return shape[dim < 0 ? dim + shape.length : dim];
    }

    public long numel() {
        return numel(shape);
    }

    /** Whether the elements lie densely in row-major order (whatever the offset). */
    public boolean isContiguous() {
        long step = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            if (shape[i] != 1 && strides[i] != step) {
                return false;
            }
            step *= shape[i];
        }
        return true;
    }

    @Override
    public String toString() {
        return type + Arrays.toString(shape) + (isContiguous() ? "" : " strides " + Arrays.toString(strides));
    }
}
