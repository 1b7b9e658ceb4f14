package stylegan4j.kernels.cpu.winograd;

import static stylegan4j.kernels.cpu.winograd.ScalarTransposedKernel.A;
import static stylegan4j.kernels.cpu.winograd.ScalarTransposedKernel.A2;
import static stylegan4j.kernels.cpu.winograd.ScalarTransposedKernel.B;
import static stylegan4j.kernels.cpu.winograd.ScalarTransposedKernel.B2;
import static stylegan4j.kernels.cpu.winograd.ScalarTransposedKernel.WEIGHT_A;
import static stylegan4j.kernels.cpu.winograd.ScalarTransposedKernel.WEIGHT_B;

/** The adjoint of {@link ScalarStridedKernel} in the weight, in plain loops. */
final class ScalarStridedGradientKernel implements WinogradGradientKernel {
    @Override
    public WinogradKernel algorithm() {
        return WinogradKernel.STRIDED;
    }

    @Override
    public void inputs(float[] in, int at, int stride, float[] out, int to, int outStride, int n) {
        for (int l = 0; l < n; l++) {
            ScalarStridedKernel.input(in, at + l, stride, out, to + l, outStride);
        }
    }

    @Override
    public void gradients(float[] in, int at, int stride, float[] out, int to, int outStride, int n) {
        for (int l = 0; l < n; l++) {
            int p = at + l;
            int q = to + l;
            float y0 = in[p];
            float y1 = in[p + stride];
            float y2 = in[p + 2 * stride];
            float y3 = in[p + 3 * stride];
            float even = Math.fma(A2, y2, y0);
            float odd = A * Math.fma(A2, y3, y1);
            float even2 = Math.fma(B2, y2, y0);
            float odd2 = B * Math.fma(B2, y3, y1);
            out[q] = even + odd;
            out[q + outStride] = even - odd;
            out[q + 2 * outStride] = even2 + odd2;
            out[q + 3 * outStride] = even2 - odd2;
            out[q + 4 * outStride] = y3;
            out[q + 5 * outStride] = y0;
            out[q + 6 * outStride] = y1;
            out[q + 7 * outStride] = y2;
            out[q + 8 * outStride] = y3;
        }
    }

    @Override
    public void weights(float[] in, int at, int stride, float[] out, int to, int outStride, int n) {
        for (int l = 0; l < n; l++) {
            int p = at + l;
            int q = to + l;
            float s = WEIGHT_A * A * (in[p] + in[p + stride]);
            float u = WEIGHT_A * (in[p] - in[p + stride]);
            float t = WEIGHT_B * B * (in[p + 2 * stride] + in[p + 3 * stride]);
            float v = WEIGHT_B * (in[p + 2 * stride] - in[p + 3 * stride]);
            out[q] = u + v;
            out[q + outStride] = in[p + 5 * stride];
            out[q + 2 * outStride] = s + t + in[p + 4 * stride];
        }
    }
}
