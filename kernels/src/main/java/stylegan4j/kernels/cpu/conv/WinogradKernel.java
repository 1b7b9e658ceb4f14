package stylegan4j.kernels.cpu.conv;

import stylegan4j.kernels.cpu.Simd;

/**
 * The transforms of Winograd's F(4×4, 3×3) (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks",
 * section 4): a tile of 6×6 inputs and a 3×3 kernel meet at 36 points instead of 144 products and give 4×4 outputs.
 *
 * <p>The interpolation points are 0, ±√½, ±√2 and ∞ in each direction. They lie closer to the unit circle than the
 * customary 0, ±1, ±2, so rounding grows half as much, and a² · b² = 1 keeps the coefficients few:
 *
 * <pre>
 * inputs      Bᵀ: d0 − 5/2 d2 + d4,  (d4 − 2 d2) ± √½ (d3 − 2 d1),  (d4 − ½ d2) ± √2 (d3 − ½ d1),  d1 − 5/2 d3 + d5
 * weights     G:  g0,  −2/3 (g0 ± √½ g1 + ½ g2),  1/6 (g0 ± √2 g1 + 2 g2),  g2
 * outputs     Aᵀ: m0 + s + t,  √½ u + √2 v,  ½ s + 2 t,  √⅛ u + √8 v + m5
 *             where s, u = m1 ± m2 and t, v = m3 ± m4
 * </pre>
 *
 * <p>Each transform is applied down the columns and then along the rows, to many tiles at once: neighbouring array
 * elements are different tiles (or different kernels).
 */
interface WinogradKernel {
    /** Outputs of a tile in each direction. */
    int TILE = 4;
    /** Inputs of a tile in each direction, which is also the number of points. */
    int POINTS = 6;

    float HALF_ROOT = (float) Math.sqrt(0.5);
    float ROOT = (float) Math.sqrt(2);

    /** The vector kernel where vectors are enabled, plain loops elsewhere. */
    WinogradKernel BEST = Simd.enabled() ? new VectorWinogradKernel() : new ScalarWinogradKernel();

    /**
     * Bᵀ down the columns of six picture lines: {@code out[i·length + p] = Σ_r Bᵀ[i, r]·in[r·length + p]}.
     *
     * @param length a multiple of 16
     */
    void inputColumns(float[] in, float[] out, int length);

    /**
     * Bᵀ along the rows: cuts each of the six lines into tiles that overlap by two and stores point (i, j) of lane l
     * at {@code v[to + (6i + j)·step + l]}. Lane l's tile starts at
     * {@code (l / segment)·(4·segment + 4) + 4·(l % segment)} of the line.
     *
     * @param lanes a multiple of segment
     */
    void inputRows(float[] lines, int length, int segment, int lanes, float[] v, int to, int step);

    /**
     * Aᵀ down the columns: {@code out[(6r + j)·n + l] = Σ_i Aᵀ[r, i]·m[at + (6i + j)·step + l]}.
     *
     * @param n lanes, a multiple of the vector length
     */
    void outputColumns(float[] m, int at, int step, float[] out, int n);

    /** Aᵀ along the rows: output (r, q) of lane l goes to {@code lines[r·4n + 4l + q]}. */
    void outputRows(float[] in, float[] lines, int n);

    /**
     * G down the columns and along the rows of n kernels: entry k = 0 … 8 of kernel l at {@code in[k·n + l]}, point f
     * at {@code u[to + f·step + l]}.
     *
     * @param middle room for 18·n
     */
    void weights(float[] in, float[] middle, int n, float[] u, int to, int step);
}
