package stylegan4j.kernels.cpu.winograd;

/**
 * F(4×4, 3×3) by plain loops. The interpolation points are 0, ±√½, ±√2 and ∞ in each direction. They lie closer to the
 * unit circle than the customary 0, ±1, ±2, so rounding grows half as much, and a²·b² = 1 keeps the coefficients few:
 *
 * <pre>
 * inputs      Bᵀ: d0 − 5/2 d2 + d4,  (d4 − 2 d2) ± √½ (d3 − 2 d1),  (d4 − ½ d2) ± √2 (d3 − ½ d1),  d1 − 5/2 d3 + d5
 * weights     G:  g0,  −2/3 (g0 ± √½ g1 + ½ g2),  1/6 (g0 ± √2 g1 + 2 g2),  g2
 * outputs     Aᵀ: m0 + s + t,  √½ u + √2 v,  ½ s + 2 t,  √⅛ u + √8 v + m5
 *             where s, u = m1 ± m2 and t, v = m3 ± m4
 * </pre>
 */
final class ScalarWinogradKernel implements WinogradKernel {
    static final int POINTS = 6;
    static final float HALF_ROOT = (float) Math.sqrt(0.5);
    static final float ROOT = (float) Math.sqrt(2);

    @Override
    public int window() {
        return POINTS;
    }

    @Override
    public int points() {
        return POINTS;
    }

    @Override
    public int outputs() {
        return TILE;
    }

    @Override
    public void inputColumns(float[] in, float[] out, int length) {
        for (int p = 0; p < length; p++) {
            input(in, p, length, out, p, length);
        }
    }

    @Override
    public void inputRows(float[] lines, int from, int length, int segment, int lanes, float[] v, int to, int step) {
        for (int i = 0; i < POINTS; i++) {
            for (int l = 0; l < lanes; l++) {
                int at = from + i * length + l / segment * (TILE * segment + TILE) + TILE * (l % segment);
                input(lines, at, 1, v, to + i * POINTS * step + l, step);
            }
        }
    }

    /** Bᵀ for one vector of six. */
    static void input(float[] d, int at, int stride, float[] out, int to, int outStride) {
        float d1 = d[at + stride];
        float d2 = d[at + 2 * stride];
        float d3 = d[at + 3 * stride];
        float d4 = d[at + 4 * stride];
        float even = d4 - 2 * d2;
        float odd = HALF_ROOT * (d3 - 2 * d1);
        float even2 = d4 - 0.5f * d2;
        float odd2 = ROOT * (d3 - 0.5f * d1);
        out[to] = Math.fma(-2.5f, d2, d[at] + d4);
        out[to + outStride] = even + odd;
        out[to + 2 * outStride] = even - odd;
        out[to + 3 * outStride] = even2 + odd2;
        out[to + 4 * outStride] = even2 - odd2;
        out[to + 5 * outStride] = Math.fma(-2.5f, d3, d1 + d[at + 5 * stride]);
    }

    @Override
    public void outputColumns(float[] m, int at, int step, float[] out, int n) {
        for (int j = 0; j < POINTS; j++) {
            for (int l = 0; l < n; l++) {
                output(m, at + j * step + l, POINTS * step, out, j * n + l, POINTS * n);
            }
        }
    }

    @Override
    public void outputRows(float[] in, float[] lines, int n) {
        for (int r = 0; r < TILE; r++) {
            for (int l = 0; l < n; l++) {
                output(in, r * POINTS * n + l, n, lines, r * TILE * n + TILE * l, 1);
            }
        }
    }

    /** Aᵀ for one vector of six. */
    private static void output(float[] m, int at, int stride, float[] out, int to, int outStride) {
        float s = m[at + stride] + m[at + 2 * stride];
        float u = HALF_ROOT * (m[at + stride] - m[at + 2 * stride]);
        float t = m[at + 3 * stride] + m[at + 4 * stride];
        float v = ROOT * (m[at + 3 * stride] - m[at + 4 * stride]);
        out[to] = m[at] + s + t;
        out[to + outStride] = u + v;
        out[to + 2 * outStride] = 0.5f * s + 2 * t;
        out[to + 3 * outStride] = 0.5f * u + 2 * v + m[at + 5 * stride];
    }

    @Override
    public void weights(float[] in, float[] middle, int n, float[] u, int to, int step) {
        for (int l = 0; l < n; l++) {
            for (int k = 0; k < 3; k++) {
                weight(in, k * n + l, 3 * n, middle, k * n + l, 3 * n);
            }
            for (int i = 0; i < POINTS; i++) {
                weight(middle, i * 3 * n + l, n, u, to + i * POINTS * step + l, step);
            }
        }
    }

    /** G for one vector of three. */
    private static void weight(float[] g, int at, int stride, float[] out, int to, int outStride) {
        float g0 = g[at];
        float g1 = g[at + stride];
        float g2 = g[at + 2 * stride];
        float even = -2 / 3f * (g0 + 0.5f * g2);
        float odd = -2 / 3f * HALF_ROOT * g1;
        float even2 = 1 / 6f * (g0 + 2 * g2);
        float odd2 = 1 / 6f * ROOT * g1;
        out[to] = g0;
        out[to + outStride] = even + odd;
        out[to + 2 * outStride] = even - odd;
        out[to + 3 * outStride] = even2 + odd2;
        out[to + 4 * outStride] = even2 - odd2;
        out[to + 5 * outStride] = g2;
    }
}
