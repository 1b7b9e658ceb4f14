package stylegan4j.kernels.cuda;

import java.util.stream.IntStream;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Strided;

/** Some dimensions of arrays of one shape, merged: struct {@code Dimensions} of dimensions.cuh. */
public final class Dimensions {
    private static final int MOST = 8;

    private final Strided strided;

    private Dimensions(Strided strided) {
        this.strided = strided;
    }

    /**
     * @param shape the arrays' shape
     * @param dims which dimensions to take
     * @throws IllegalArgumentException if more than eight dimensions remain after merging
     */
    public static Dimensions of(int[] shape, int[] dims, NdArray... arrays) {
        long[][] strides = new long[arrays.length][];
        for (int i = 0; i < arrays.length; i++) {
            long[] all = arrays[i].strides();
            strides[i] = IntStream.of(dims).mapToLong(d -> all[d]).toArray();
        }
        Strided strided = Strided.of(IntStream.of(dims).map(d -> shape[d]).toArray(), strides);
        if (strided.rank() > MOST) {
            throw new IllegalArgumentException("cuda: expected at most " + MOST + " dimensions that differ in their "
                    + "strides, got " + strided.rank() + " (" + arrays[0] + ")");
        }
        return new Dimensions(strided);
    }

    /** Writes the struct. */
    public Params into(Params params) {
        params.align(Long.BYTES).integers64(strided.sizes, MOST);
        for (long[] strides : strided.strides) {
            params.integers64(strides, MOST);
        }
        return params.integer64(strided.rank());
    }

    /** Number of elements. */
    public long count() {
        long n = 1;
        for (long size : strided.sizes) {
            n *= size;
        }
        return n;
    }

    /** Whether neighbours of an array are next to each other in memory. */
    public boolean isDenseInside(int array) {
        return strided.innerStride(array) == 1;
    }
}
