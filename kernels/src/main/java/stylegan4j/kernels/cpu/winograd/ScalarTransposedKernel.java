package stylegan4j.kernels.cpu.winograd;

/**
 * The transposed convolution by stride 2 in plain loops. In one direction, outputs at even positions are
 * {@code y[2i] = w2 x[i−1] + w0 x[i]} and at odd ones {@code y[2i+1] = w1 x[i]}. The even ones are F(4, 2) with the
 * points ±a, ±b and ∞, where a = 1/2 and b = 5/4 (chosen for least rounding); the odd ones need one product each. So
 * nine points make eight outputs:
 *
 * <pre>
 * inputs      (d3 − b² d1) ± a (d2 − b² d0),  (d3 − a² d1) ± b (d2 − a² d0),  d4 − (a² + b²) d2 + a² b² d0,  d1 … d4
 * weights     ∓16/21 (w2 ± a w0),  ±32/105 (w2 ± b w0),  w0,  w1
 * outputs     even: s + t,  a u + b v,  a² s + b² t,  a³ u + b³ v + m4;  odd: m5 … m8
 *             where s, u = m0 ± m1 and t, v = m2 ± m3
 * </pre>
 */
final class ScalarTransposedKernel implements WinogradKernel {
    static final int WINDOW = 5;
    static final int POINTS = 9;
    static final int OUTPUTS = 8;
    static final float A = 0.5f;
    static final float B = 1.25f;
    static final float A2 = A * A;
    static final float B2 = B * B;
    static final float WEIGHT_A = -16 / 21f;
    static final float WEIGHT_B = 32 / 105f;

    @Override
    public int window() {
        return WINDOW;
    }

    @Override
    public int points() {
        return POINTS;
    }

    @Override
    public int outputs() {
        return OUTPUTS;
    }

    @Override
    public int[] plainTaps() {
        return TransposedEdges.TAPS;
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

    private static void input(float[] d, int at, int stride, float[] out, int to, int outStride) {
        evenInput(d, at, stride, out, to, outStride);
        for (int k = 0; k < TILE; k++) {
            out[to + (5 + k) * outStride] = d[at + (1 + k) * stride];
        }
    }

    /** F(4, 2): five inputs → five points. */
    static void evenInput(float[] d, int at, int stride, float[] out, int to, int outStride) {
        float d0 = d[at];
        float d1 = d[at + stride];
        float d2 = d[at + 2 * stride];
        float d3 = d[at + 3 * stride];
        float even = Math.fma(-B2, d1, d3);
        float odd = A * Math.fma(-B2, d0, d2);
        float even2 = Math.fma(-A2, d1, d3);
        float odd2 = B * Math.fma(-A2, d0, d2);
        out[to] = even + odd;
        out[to + outStride] = even - odd;
        out[to + 2 * outStride] = even2 + odd2;
        out[to + 3 * outStride] = even2 - odd2;
        out[to + 4 * outStride] = Math.fma(A2 * B2, d0, Math.fma(-(A2 + B2), d2, d[at + 4 * stride]));
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
        for (int r = 0; r < OUTPUTS; r++) {
            for (int l = 0; l < n; l++) {
                output(in, r * POINTS * n + l, n, lines, (r * n + l) * OUTPUTS, 1);
            }
        }
    }

    private static void output(float[] m, int at, int stride, float[] out, int to, int outStride) {
        evenOutput(m, at, stride, out, to, 2 * outStride);
        for (int k = 0; k < TILE; k++) {
            out[to + (2 * k + 1) * outStride] = m[at + (5 + k) * stride];
        }
    }

    /** F(4, 2): five points → four outputs. */
    static void evenOutput(float[] m, int at, int stride, float[] out, int to, int outStride) {
        float s = m[at] + m[at + stride];
        float u = A * (m[at] - m[at + stride]);
        float t = m[at + 2 * stride] + m[at + 3 * stride];
        float v = B * (m[at + 2 * stride] - m[at + 3 * stride]);
        out[to] = s + t;
        out[to + outStride] = u + v;
        out[to + 2 * outStride] = Math.fma(A2, s, B2 * t);
        out[to + 3 * outStride] = Math.fma(A2, u, Math.fma(B2, v, m[at + 4 * stride]));
    }

    @Override
    public void weights(float[] in, float[] middle, int n, float[] u, int to, int step) {
        for (int l = 0; l < n; l++) {
            for (int k = 0; k < 3; k++) {
                weight(in, k * n + l, 3 * n, middle, k * n + l, 3 * n);
            }
            for (int i = 0; i < KERNEL_POINTS; i++) {
                weight(middle, i * 3 * n + l, n, u, to + i * KERNEL_POINTS * step + l, step);
            }
        }
    }

    /** Three entries → six points. */
    static void weight(float[] w, int at, int stride, float[] out, int to, int outStride) {
        float w0 = w[at];
        float w2 = w[at + 2 * stride];
        out[to] = WEIGHT_A * (w2 + A * w0);
        out[to + outStride] = -WEIGHT_A * (w2 - A * w0);
        out[to + 2 * outStride] = WEIGHT_B * (w2 + B * w0);
        out[to + 3 * outStride] = -WEIGHT_B * (w2 - B * w0);
        out[to + 4 * outStride] = w0;
        out[to + 5 * outStride] = w[at + stride];
    }
}
