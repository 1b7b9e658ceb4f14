package stylegan4j.kernels.cuda;

import java.util.Arrays;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Strided;

/**
 * The kernels' view of arrays of one shape (struct {@code Layout} of strided.cuh): merged dimensions, walked in
 * groups of four neighbours of the inner one.
 */
public final class Layout {
    private static final int MOST_DIMENSIONS = 8;
    private static final int GROUP = 4;

    private final Strided strided;
    private final boolean[] vectors;

    private Layout(Strided strided, boolean[] vectors) {
        this.strided = strided;
        this.vectors = vectors;
    }

    /**
     * @param shape the arrays' shape
     * @throws IllegalArgumentException if more than eight dimensions remain after merging
     */
    public static Layout of(int[] shape, NdArray... arrays) {
        Strided strided = Strided.of(shape, Arrays.stream(arrays).map(NdArray::strides).toArray(long[][]::new));
        if (strided.rank() > MOST_DIMENSIONS) {
            throw new IllegalArgumentException("cuda: expected at most " + MOST_DIMENSIONS + " dimensions that differ "
                    + "in their strides, got " + strided.rank() + " (" + arrays[0] + ")");
        }
        boolean[] vectors = new boolean[arrays.length];
        for (int i = 0; i < arrays.length; i++) {
            vectors[i] = isVector(strided, i, arrays[i]);
        }
        return new Layout(strided, vectors);
    }

    /** Groups of four to walk over. */
    public long groups() {
        return Arrays.stream(strided.sizes).limit(strided.rank() - 1).reduce(1, (a, b) -> a * b)
                * Math.ceilDiv(strided.innerSize(), GROUP);
    }

    /** Writes the struct. */
    public Params into(Params params) {
        params.align(Long.BYTES).integers64(strided.sizes, MOST_DIMENSIONS);
        for (long[] strides : strided.strides) {
            params.integers64(strides, MOST_DIMENSIONS);
        }
        int flags = 0;
        for (int i = 0; i < vectors.length; i++) {
            flags |= vectors[i] ? 1 << i : 0;
        }
        return params.integer64(groups()).integer(strided.rank()).integer(flags);
    }

    /** Whether each group of four can be loaded at once. */
    private static boolean isVector(Strided strided, int operand, NdArray array) {
        long bytes = (long) GROUP * array.type().bytes();
        boolean aligned = CudaBuffer.address(array) % bytes == 0 && strided.innerSize() % GROUP == 0
                && strided.innerStride(operand) == 1;
        for (int d = 0; d < strided.rank() - 1; d++) {
            aligned &= strided.strides[operand][d] % GROUP == 0;
        }
        return aligned;
    }
}
