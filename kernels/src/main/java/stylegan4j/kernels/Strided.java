package stylegan4j.kernels;

import java.util.Arrays;

/**
 * The dimensions shared by one or more strided operands, merged as far as their strides allow: a dense array becomes
 * one long run, a slice a few. The last dimension is the inner run.
 */
public final class Strided {
    /** Merged sizes, at least one dimension. */
    public final long[] sizes;
    /** Element strides, {@code strides[operand][dimension]}. */
    public final long[][] strides;

    private Strided(long[] sizes, long[][] strides) {
        this.sizes = sizes;
        this.strides = strides;
    }

    /** @param strides of each operand, in elements, for the dimensions of {@code shape} */
    public static Strided of(int[] shape, long[]... strides) {
        int operands = strides.length;
        long[] sizes = new long[Math.max(1, shape.length)];
        long[][] merged = new long[operands][sizes.length];
        int rank = 0;
        for (int d = 0; d < shape.length; d++) {
            if (shape[d] == 1) {
                continue;
            }
            if (rank > 0 && continues(merged, rank - 1, strides, d, shape[d])) {
                sizes[rank - 1] *= shape[d];
                rank--;
            } else {
                sizes[rank] = shape[d];
            }
            for (int o = 0; o < operands; o++) {
                merged[o][rank] = strides[o][d];
            }
            rank++;
        }
        if (rank == 0) {
            return single(operands);
        }
        for (int o = 0; o < operands; o++) {
            merged[o] = Arrays.copyOf(merged[o], rank);
        }
        return new Strided(Arrays.copyOf(sizes, rank), merged);
    }

    /** One element: it counts as dense. */
    private static Strided single(int operands) {
        long[][] strides = new long[operands][];
        Arrays.fill(strides, new long[] {1});
        return new Strided(new long[] {1}, strides);
    }

    private static boolean continues(long[][] merged, int outer, long[][] strides, int inner, int innerSize) {
        for (int o = 0; o < strides.length; o++) {
            if (merged[o][outer] != strides[o][inner] * innerSize) {
                return false;
            }
        }
        return true;
    }

    public int rank() {
        return sizes.length;
    }

    /** Length of the inner run. */
    public long innerSize() {
        return sizes[sizes.length - 1];
    }

    public long innerStride(int operand) {
        return strides[operand][sizes.length - 1];
    }

    /** Stride of the dimension around the inner run, 0 if there is none. */
    public long outerStride(int operand) {
        return sizes.length > 1 ? strides[operand][sizes.length - 2] : 0;
    }

    /** Whether all elements of an operand are neighbours. */
    public boolean isDense(int operand) {
        return sizes.length == 1 && strides[operand][0] == 1;
    }
}
