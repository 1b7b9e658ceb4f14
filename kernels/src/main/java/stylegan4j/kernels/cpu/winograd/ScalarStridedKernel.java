package stylegan4j.kernels.cpu.winograd;

import static stylegan4j.kernels.cpu.winograd.ScalarTransposedKernel.evenInput;
import static stylegan4j.kernels.cpu.winograd.ScalarTransposedKernel.evenOutput;

/**
 * The convolution by stride 2 in plain loops. In one direction it is {@code y[i] = w0 x[2i] + w2 x[2i+2] + w1 x[2i+1]}:
 * F(4, 2) of the even inputs, as in {@link ScalarTransposedKernel} with w0 and w2 exchanged, and one product for each
 * of the odd ones. So nine points make four outputs from nine inputs d0 … d8: the five of d0, d2 … d8, then d1, d3, d5
 * and d7 themselves. Output i is the i-th of F(4, 2) plus the product of d(2i+1).
 */
final class ScalarStridedKernel implements WinogradKernel {
    static final int WINDOW = 9;
    static final int POINTS = 9;

    @Override
    public int window() {
        return WINDOW;
    }

    @Override
    public int stride() {
        return 2;
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

    /** Nine inputs → nine points. */
    static void input(float[] d, int at, int stride, float[] out, int to, int outStride) {
        evenInput(d, at, 2 * stride, out, to, outStride);
        for (int k = 0; k < TILE; k++) {
            out[to + (5 + k) * outStride] = d[at + (2 * k + 1) * stride];
        }
    }

    @Override
    public void inputRows(float[] lines, int from, int length, int segment, int lanes, float[] v, int to, int step) {
        for (int i = 0; i < POINTS; i++) {
            for (int l = 0; l < lanes; l++) {
                int at = from + i * length + l / segment * (TILE * segment + TILE) + TILE * (l % segment);
                int point = to + i * POINTS * step + l;
                evenInput(lines, at, 1, v, point, step);
                for (int k = 0; k < TILE; k++) {
                    v[point + (5 + k) * step] = lines[at + length / 2 + k];
                }
            }
        }
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
                output(in, r * POINTS * n + l, n, lines, (r * n + l) * TILE, 1);
            }
        }
    }

    private static void output(float[] m, int at, int stride, float[] out, int to, int outStride) {
        evenOutput(m, at, stride, out, to, outStride);
        for (int k = 0; k < TILE; k++) {
            out[to + k * outStride] += m[at + (5 + k) * stride];
        }
    }

    @Override
    public void weights(float[] in, float[] middle, int n, float[] u, int to, int step) {
        for (int l = 0; l < n; l++) {
            for (int k = 0; k < 3; k++) {
                ScalarTransposedKernel.weight(in, (6 + k) * n + l, -3 * n, middle, k * n + l, 3 * n);
            }
            for (int i = 0; i < KERNEL_POINTS; i++) {
                ScalarTransposedKernel.weight(middle, (3 * i + 2) * n + l, -n, u,
                        to + i * KERNEL_POINTS * step + l, step);
            }
        }
    }
}
