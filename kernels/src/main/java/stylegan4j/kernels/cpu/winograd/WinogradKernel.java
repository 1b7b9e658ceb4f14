package stylegan4j.kernels.cpu.winograd;

import stylegan4j.kernels.cpu.Simd;

/**
 * The transforms of one of Winograd's algorithms (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks",
 * section 4). Inputs under a tile are transformed to points, each point is multiplied by the kernel's value there and
 * summed over channels, and the sums are transformed back to outputs. A tile advances four input pixels in each
 * direction, or four of the even and four of the odd ones.
 *
 * <p>Each transform is applied down the columns and then along the rows, to many tiles at once: neighbouring array
 * elements are different tiles (or different kernels).
 */
public interface WinogradKernel {
    /** Input pixels of a phase from one tile to the next; see {@link #stride}. */
    int TILE = 4;
    /** Points at which a kernel is evaluated in each direction. */
    int KERNEL_POINTS = 6;

    /** 3×3 convolution: 36 products a tile instead of 144. */
    WinogradKernel CONVOLUTION = Simd.enabled() ? new VectorWinogradKernel() : new ScalarWinogradKernel();
    /** Transposed 3×3 convolution by stride 2: 81 products a tile instead of 144. */
    WinogradKernel TRANSPOSED = Simd.enabled() ? new VectorTransposedKernel() : new ScalarTransposedKernel();
    /** 3×3 convolution by stride 2: 81 products a tile instead of 144. */
    WinogradKernel STRIDED = Simd.enabled() ? new VectorStridedKernel() : new ScalarStridedKernel();

    /** Inputs that a tile reads in each direction. */
    int window();

    /** Phases of the inputs: 2 where even and odd columns are wanted apart, else 1. */
    default int stride() {
        return 1;
    }

    /** Points of a tile in each direction. */
    int points();

    /** Outputs of a tile in each direction. */
    int outputs();

    /**
     * Down the columns of {@link #window} picture lines, which become {@link #points} lines:
     * {@code out[i·length + p] = Σ_r Bᵀ[i, r]·in[r·length + p]}.
     *
     * @param length a multiple of 16
     */
    void inputColumns(float[] in, float[] out, int length);

    /**
     * Along the rows: cuts each line into overlapping tiles and stores point (i, j) of lane l at
     * {@code v[to + (i·points + j)·step + l]}. Lane l's tile starts at
     * {@code from + (l / segment)·(4·segment + 4) + 4·(l % segment)} of the line; the odd columns, where they are
     * apart, follow {@code length / 2} later.
     *
     * @param lanes a multiple of segment
     */
    void inputRows(float[] lines, int from, int length, int segment, int lanes, float[] v, int to, int step);

    /**
     * Down the columns: {@code out[(r·points + j)·n + l] = Σ_i Aᵀ[r, i]·m[at + (i·points + j)·step + l]}.
     *
     * @param n lanes, a multiple of the vector length
     */
    void outputColumns(float[] m, int at, int step, float[] out, int n);

    /** Along the rows: output (r, q) of lane l goes to {@code lines[(r·n + l)·outputs + q]}. */
    void outputRows(float[] in, float[] lines, int n);

    /**
     * Evaluates n kernels in both directions: entry k = 0 … 8 of kernel l is at {@code in[k·n + l]}, its point f goes
     * to {@code u[to + f·step + l]}.
     *
     * @param middle room for 18·n
     */
    void weights(float[] in, float[] middle, int n, float[] u, int to, int step);

    /** Entries of the 3×3 kernels that are wanted as they are, besides the points. */
    default int[] plainTaps() {
        return new int[0];
    }

    /** Which of the kernel's 36 points the tile's point {@code f} is multiplied by. */
    default int kernelPoint(int f) {
        int last = KERNEL_POINTS - 1;
        return Math.min(f / points(), last) * KERNEL_POINTS + Math.min(f % points(), last);
    }
}
