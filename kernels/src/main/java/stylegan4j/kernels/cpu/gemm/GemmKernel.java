package stylegan4j.kernels.cpu.gemm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.cpu.Simd;

/**
 * The innermost loops of matrix products: one register tile of C from packed panels of A and B.
 *
 * <p>A panel of A holds {@link #mr()} rows, element (i, p) at {@code p·mr + i}; a panel of B holds {@link #nr()}
 * columns, element (p, j) at {@code p·nr + j}. Rows and columns beyond the matrix are padded by the packer, so a tile
 * is always whole and C blocks are rounded up to whole tiles.
 */
public interface GemmKernel extends PanelKernel {
    /** The vector kernel where vectors are enabled, plain loops elsewhere. */
    GemmKernel BEST = Simd.enabled() ? VectorGemmKernel.create() : new ScalarGemmKernel();

    /** Columns of a tile. */
    int nr();

    /**
     * {@code c[i, j] (+)= Σ_p a[i, p]·b[offsets[p] + j]} for one tile. The offsets let a convolution read its
     * patches from a picture where they lie.
     *
     * @param k length of the sum, at least 1
     * @param a panel of A, from index {@code ao}
     * @param b rows of nr columns each, their offsets counted from {@code bo}
     * @param offsets null for a packed panel, whose rows follow each other; it is read faster
     * @param c row i of the tile starts at {@code co + i·ldc}
     * @param accumulate whether to add to c; otherwise c is overwritten
     */
    void tile(int k, float[] a, int ao, float[] b, int bo, int[] offsets, float[] c, int co, int ldc,
              boolean accumulate);

    @Override
    default void tile(int k, float[] a, int ao, float[] b, int bo, float[] c, int co, int ldc, boolean accumulate) {
        tile(k, a, ao, b, bo, null, c, co, ldc, accumulate);
    }

    /**
     * Packs panels whose lanes are neighbours in memory:
     * {@code dst[at + (panel·k + p)·lanes + l] = x[p·step + panel·lanes + l]}, with x starting at byte {@code from}.
     *
     * @param stepBytes bytes from p to p + 1
     * @param lanes lanes of a panel, nr(), or 4 to 8
     */
    void packRows(MemorySegment x, long from, long stepBytes, int k, int panels, int lanes, float[] dst, int at);

    /**
     * Turns rows into lanes: {@code dst[at + p·pitch + i] = x[i, p]} for p below k.
     *
     * @param from where row 0 starts, in bytes; row i follows {@code i·rowBytes} later
     */
    default void transpose(MemorySegment x, long from, long rowBytes, int rows, int k, float[] dst, int at,
                           int pitch) {
        transpose(x, from, rowBytes, rows, k, dst, at, pitch, 4 * pitch);
    }

    /** The same with a step of its own from every fourth p on: {@code dst[at + p/4·step + p%4·pitch + i] = x[i, p]}. */
    default void transpose(MemorySegment x, long from, long rowBytes, int rows, int k, float[] dst, int at, int pitch,
                           int step) {
        int i = 0;
        for (; i <= rows - 4; i += 4) {
            transposeFour(x, from + i * rowBytes, rowBytes, k, dst, at + i, pitch, step);
        }
        if (i < rows && i > 0) {
            // Moves some rows twice, which is faster than the others one by one.
            i = rows - 4;
            transposeFour(x, from + i * rowBytes, rowBytes, k, dst, at + i, pitch, step);
            return;
        }
        for (; i < rows; i++) {
            for (int p = 0; p < k; p++) {
                dst[at + (p >> 2) * step + (p & 3) * pitch + i] = x.get(JAVA_FLOAT, from + i * rowBytes + 4L * p);
            }
        }
    }

    /** {@link #transpose} of four rows. */
    void transposeFour(MemorySegment x, long from, long rowBytes, int k, float[] dst, int at, int pitch, int step);

    /** Puts rows of an array side by side: {@code dst[at + i·step + r] = src[from + r·pitch + i]}, i below n. */
    void interleave(float[] src, int from, int pitch, int rows, int n, float[] dst, int at, int step);

    /** {@code a[at + i] *= factors[i mod factors.length]}, i below n; whole vectors of factors. */
    void multiply(float[] a, int at, int n, float[] factors);

    /**
     * Factors for {@link #multiply} of channels that lie side by side.
     *
     * @param scales factors of the channels
     * @param lanes channels side by side; those from {@code live} on get zeros
     */
    default float[] factors(float[] scales, int first, int live, int lanes) {
        int length = lanes;
        while (length % (nr() / 2) != 0) {
            length += lanes;
        }
        float[] factors = new float[length];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = i % lanes < live ? scales[first + i % lanes] : 0;
        }
        return factors;
    }

    /** Packs half the columns of a panel of B: {@code dst[at + p·nr + j] = x[from + offsets[p] + j]}, j below nr/2. */
    void packHalf(float[] x, int from, int[] offsets, int k, float[] dst, int at);

    /** {@code Σ_p x[p]·y[p]}, from bytes {@code xFrom} and {@code yFrom} on. */
    float dot(MemorySegment x, long xFrom, MemorySegment y, long yFrom, int k);

    /** {@code sums[j] += Σ_p factors[p]·x[p, j]}, j below n: rows of x from byte {@code from} on. */
    void addRows(MemorySegment x, long from, long rowBytes, int k, float[] factors, float[] sums, int n);

    /** {@code dst[at + i] = x[i]·scale} for n elements, x starting at byte {@code from}. */
    void scaledCopy(MemorySegment x, long from, float scale, float[] dst, int at, int n);

    /**
     * The same with every second element elsewhere: {@code dst[even + i] = x[2i]·scale} and
     * {@code dst[odd + i] = x[2i + 1]·scale}, n elements of x in all.
     */
    void scaledSplit(MemorySegment x, long from, float scale, float[] dst, int even, int odd, int n);

    /** {@code y[i] = src[at + i]·scale} for n elements, y starting at byte {@code to}. */
    void scaledStore(float[] src, int at, float scale, MemorySegment y, long to, int n);
}
