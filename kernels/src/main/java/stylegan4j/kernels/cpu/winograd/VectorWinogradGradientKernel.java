package stylegan4j.kernels.cpu.winograd;

import static stylegan4j.kernels.cpu.winograd.ScalarWinogradKernel.HALF_ROOT;
import static stylegan4j.kernels.cpu.winograd.ScalarWinogradKernel.ROOT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import stylegan4j.kernels.cpu.VectorWidth;

/** Vectors over neighbouring elements. */
final class VectorWinogradGradientKernel implements WinogradGradientKernel {
    private static final VectorSpecies<Float> S = VectorWidth.FLOATS;
    private static final int L = S.length();

    @Override
    public WinogradKernel algorithm() {
        return WinogradKernel.CONVOLUTION;
    }

    @Override
    public void inputs(float[] in, int at, int stride, float[] out, int to, int outStride, int n) {
        VectorWinogradKernel.input(in, at, stride, out, to, outStride, n);
    }

    @Override
    public void gradients(float[] in, int at, int stride, float[] out, int to, int outStride, int n) {
        for (int l = 0; l < n; l += L) {
            int p = at + l;
            int q = to + l;
            FloatVector y0 = FloatVector.fromArray(S, in, p);
            FloatVector y1 = FloatVector.fromArray(S, in, p + stride).mul(HALF_ROOT);
            FloatVector y2 = FloatVector.fromArray(S, in, p + 2 * stride);
            FloatVector last = FloatVector.fromArray(S, in, p + 3 * stride);
            FloatVector y3 = last.mul(HALF_ROOT);
            FloatVector even = y0.add(y2.mul(0.5f));
            FloatVector odd = y1.add(y3.mul(0.5f));
            FloatVector even2 = y0.add(y2.mul(2f));
            FloatVector odd2 = y1.mul(2f).add(y3.mul(4f));
            y0.intoArray(out, q);
            even.add(odd).intoArray(out, q + outStride);
            even.sub(odd).intoArray(out, q + 2 * outStride);
            even2.add(odd2).intoArray(out, q + 3 * outStride);
            even2.sub(odd2).intoArray(out, q + 4 * outStride);
            last.intoArray(out, q + 5 * outStride);
        }
    }

    @Override
    public void weights(float[] in, int at, int stride, float[] out, int to, int outStride, int n) {
        for (int l = 0; l < n; l += L) {
            int p = at + l;
            int q = to + l;
            FloatVector m1 = FloatVector.fromArray(S, in, p + stride);
            FloatVector m2 = FloatVector.fromArray(S, in, p + 2 * stride);
            FloatVector m3 = FloatVector.fromArray(S, in, p + 3 * stride);
            FloatVector m4 = FloatVector.fromArray(S, in, p + 4 * stride);
            FloatVector s = m1.add(m2).mul(-2 / 3f);
            FloatVector u = m1.sub(m2).mul(-2 / 3f * HALF_ROOT);
            FloatVector t = m3.add(m4).mul(1 / 6f);
            FloatVector v = m3.sub(m4).mul(1 / 6f * ROOT);
            FloatVector.fromArray(S, in, p).add(s).add(t).intoArray(out, q);
            u.add(v).intoArray(out, q + outStride);
            s.mul(0.5f).add(t.mul(2f)).add(FloatVector.fromArray(S, in, p + 5 * stride))
                    .intoArray(out, q + 2 * outStride);
        }
    }
}
