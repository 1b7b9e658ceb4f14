package stylegan4j.kernels.cpu.winograd;

import static stylegan4j.kernels.cpu.winograd.ScalarWinogradKernel.HALF_ROOT;
import static stylegan4j.kernels.cpu.winograd.ScalarWinogradKernel.ROOT;

/** Plain loops. */
final class ScalarWinogradGradientKernel implements WinogradGradientKernel {
    @Override
    public WinogradKernel algorithm() {
        return WinogradKernel.CONVOLUTION;
    }

    @Override
    public void inputs(float[] in, int at, int stride, float[] out, int to, int outStride, int n) {
        for (int l = 0; l < n; l++) {
            ScalarWinogradKernel.input(in, at + l, stride, out, to + l, outStride);
        }
    }

    @Override
    public void gradients(float[] in, int at, int stride, float[] out, int to, int outStride, int n) {
        for (int l = 0; l < n; l++) {
            int p = at + l;
            int q = to + l;
            float y0 = in[p];
            float y1 = HALF_ROOT * in[p + stride];
            float y2 = in[p + 2 * stride];
            float y3 = HALF_ROOT * in[p + 3 * stride];
            float even = y0 + 0.5f * y2;
            float odd = y1 + 0.5f * y3;
            float even2 = y0 + 2 * y2;
            float odd2 = 2 * y1 + 4 * y3;
            out[q] = y0;
            out[q + outStride] = even + odd;
            out[q + 2 * outStride] = even - odd;
            out[q + 3 * outStride] = even2 + odd2;
            out[q + 4 * outStride] = even2 - odd2;
            out[q + 5 * outStride] = in[p + 3 * stride];
        }
    }

    @Override
    public void weights(float[] in, int at, int stride, float[] out, int to, int outStride, int n) {
        for (int l = 0; l < n; l++) {
            int p = at + l;
            int q = to + l;
            float s = -2 / 3f * (in[p + stride] + in[p + 2 * stride]);
            float u = -2 / 3f * HALF_ROOT * (in[p + stride] - in[p + 2 * stride]);
            float t = 1 / 6f * (in[p + 3 * stride] + in[p + 4 * stride]);
            float v = 1 / 6f * ROOT * (in[p + 3 * stride] - in[p + 4 * stride]);
            out[q] = in[p] + s + t;
            out[q + outStride] = u + v;
            out[q + 2 * outStride] = 0.5f * s + 2 * t + in[p + 5 * stride];
        }
    }
}
