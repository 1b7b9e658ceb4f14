package stylegan4j.kernels.cpu.winograd;

import static stylegan4j.kernels.cpu.winograd.ScalarTransposedKernel.A;
import static stylegan4j.kernels.cpu.winograd.ScalarTransposedKernel.A2;
import static stylegan4j.kernels.cpu.winograd.ScalarTransposedKernel.B;
import static stylegan4j.kernels.cpu.winograd.ScalarTransposedKernel.B2;
import static stylegan4j.kernels.cpu.winograd.ScalarTransposedKernel.WEIGHT_A;
import static stylegan4j.kernels.cpu.winograd.ScalarTransposedKernel.WEIGHT_B;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import stylegan4j.kernels.cpu.VectorWidth;

/** Vectors over neighbouring elements. */
final class VectorStridedGradientKernel implements WinogradGradientKernel {
    private static final VectorSpecies<Float> S = VectorWidth.FLOATS;
    private static final int L = S.length();

    @Override
    public WinogradKernel algorithm() {
        return WinogradKernel.STRIDED;
    }

    @Override
    public void inputs(float[] in, int at, int stride, float[] out, int to, int outStride, int n) {
        VectorStridedKernel.input(in, at, stride, out, to, outStride, n);
    }

    @Override
    public void gradients(float[] in, int at, int stride, float[] out, int to, int outStride, int n) {
        FloatVector a2 = FloatVector.broadcast(S, A2);
        FloatVector b2 = FloatVector.broadcast(S, B2);
        for (int l = 0; l < n; l += L) {
            int p = at + l;
            int q = to + l;
            FloatVector y0 = FloatVector.fromArray(S, in, p);
            FloatVector y1 = FloatVector.fromArray(S, in, p + stride);
            FloatVector y2 = FloatVector.fromArray(S, in, p + 2 * stride);
            FloatVector y3 = FloatVector.fromArray(S, in, p + 3 * stride);
            FloatVector even = y2.fma(a2, y0);
            FloatVector odd = y3.fma(a2, y1).mul(A);
            FloatVector even2 = y2.fma(b2, y0);
            FloatVector odd2 = y3.fma(b2, y1).mul(B);
            even.add(odd).intoArray(out, q);
            even.sub(odd).intoArray(out, q + outStride);
            even2.add(odd2).intoArray(out, q + 2 * outStride);
            even2.sub(odd2).intoArray(out, q + 3 * outStride);
            y3.intoArray(out, q + 4 * outStride);
            y0.intoArray(out, q + 5 * outStride);
            y1.intoArray(out, q + 6 * outStride);
            y2.intoArray(out, q + 7 * outStride);
            y3.intoArray(out, q + 8 * outStride);
        }
    }

    @Override
    public void weights(float[] in, int at, int stride, float[] out, int to, int outStride, int n) {
        for (int l = 0; l < n; l += L) {
            int p = at + l;
            int q = to + l;
            FloatVector m0 = FloatVector.fromArray(S, in, p);
            FloatVector m1 = FloatVector.fromArray(S, in, p + stride);
            FloatVector m2 = FloatVector.fromArray(S, in, p + 2 * stride);
            FloatVector m3 = FloatVector.fromArray(S, in, p + 3 * stride);
            FloatVector s = m0.add(m1).mul(WEIGHT_A * A);
            FloatVector u = m0.sub(m1).mul(WEIGHT_A);
            FloatVector t = m2.add(m3).mul(WEIGHT_B * B);
            FloatVector v = m2.sub(m3).mul(WEIGHT_B);
            u.add(v).intoArray(out, q);
            FloatVector.fromArray(S, in, p + 5 * stride).intoArray(out, q + outStride);
            s.add(t).add(FloatVector.fromArray(S, in, p + 4 * stride)).intoArray(out, q + 2 * outStride);
        }
    }
}
