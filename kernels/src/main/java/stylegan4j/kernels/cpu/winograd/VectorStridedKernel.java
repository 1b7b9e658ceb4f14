package stylegan4j.kernels.cpu.winograd;

import static stylegan4j.kernels.cpu.winograd.ScalarStridedKernel.POINTS;
import static stylegan4j.kernels.cpu.winograd.ScalarStridedKernel.WINDOW;
import static stylegan4j.kernels.cpu.winograd.ScalarTransposedKernel.A;
import static stylegan4j.kernels.cpu.winograd.ScalarTransposedKernel.A2;
import static stylegan4j.kernels.cpu.winograd.ScalarTransposedKernel.B;
import static stylegan4j.kernels.cpu.winograd.ScalarTransposedKernel.B2;
import static stylegan4j.kernels.cpu.winograd.TileLanes.LAST;
import static stylegan4j.kernels.cpu.winograd.TileLanes.MERGE0;
import static stylegan4j.kernels.cpu.winograd.TileLanes.MERGE1;
import static stylegan4j.kernels.cpu.winograd.TileLanes.MERGE2;
import static stylegan4j.kernels.cpu.winograd.TileLanes.MERGE3;
import static stylegan4j.kernels.cpu.winograd.TileLanes.NEXT;
import static stylegan4j.kernels.cpu.winograd.TileLanes.ODD_SLOTS;
import static stylegan4j.kernels.cpu.winograd.TileLanes.SPLIT0;
import static stylegan4j.kernels.cpu.winograd.TileLanes.SPLIT1;
import static stylegan4j.kernels.cpu.winograd.TileLanes.SPLIT2;
import static stylegan4j.kernels.cpu.winograd.TileLanes.SPLIT3;
import static stylegan4j.kernels.cpu.winograd.TileLanes.TURN1;
import static stylegan4j.kernels.cpu.winograd.TileLanes.TURN2;
import static stylegan4j.kernels.cpu.winograd.TileLanes.TURN3;
import static stylegan4j.kernels.cpu.winograd.TileLanes.UPPER_SLOTS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import stylegan4j.kernels.cpu.VectorWidth;

/** The convolution by stride 2 in vectors over tiles. */
final class VectorStridedKernel implements WinogradKernel {
    private static final VectorSpecies<Float> S = VectorWidth.FLOATS;
    private static final int L = S.length();

    private final WinogradKernel plain = new ScalarStridedKernel();

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
        input(in, 0, length, out, 0, length, length);
    }

    /** Nine inputs → nine points for n vectors: element r of vector l at {@code in[at + r·stride + l]}. */
    static void input(float[] in, int at, int stride, float[] out, int to, int outStride, int n) {
        FloatVector minusA2 = FloatVector.broadcast(S, -A2);
        FloatVector minusB2 = FloatVector.broadcast(S, -B2);
        FloatVector minusSum = FloatVector.broadcast(S, -(A2 + B2));
        FloatVector product = FloatVector.broadcast(S, A2 * B2);
        for (int l = 0; l < n; l += L) {
            int p = at + l;
            int q = to + l;
            FloatVector d0 = FloatVector.fromArray(S, in, p);
            FloatVector d1 = FloatVector.fromArray(S, in, p + 2 * stride);
            FloatVector d2 = FloatVector.fromArray(S, in, p + 4 * stride);
            FloatVector d3 = FloatVector.fromArray(S, in, p + 6 * stride);
            FloatVector d4 = FloatVector.fromArray(S, in, p + 8 * stride);
            FloatVector even = d1.fma(minusB2, d3);
            FloatVector odd = d0.fma(minusB2, d2).mul(A);
            FloatVector even2 = d1.fma(minusA2, d3);
            FloatVector odd2 = d0.fma(minusA2, d2).mul(B);
            even.add(odd).intoArray(out, q);
            even.sub(odd).intoArray(out, q + outStride);
            even2.add(odd2).intoArray(out, q + 2 * outStride);
            even2.sub(odd2).intoArray(out, q + 3 * outStride);
            d0.fma(product, d2.fma(minusSum, d4)).intoArray(out, q + 4 * outStride);
            FloatVector.fromArray(S, in, p + stride).intoArray(out, q + 5 * outStride);
            FloatVector.fromArray(S, in, p + 3 * stride).intoArray(out, q + 6 * outStride);
            FloatVector.fromArray(S, in, p + 5 * stride).intoArray(out, q + 7 * outStride);
            FloatVector.fromArray(S, in, p + 7 * stride).intoArray(out, q + 8 * outStride);
        }
    }

    @Override
    public void inputRows(float[] lines, int from, int length, int segment, int lanes, float[] v, int to, int step) {
        if (segment % L != 0) {
            plain.inputRows(lines, from, length, segment, lanes, v, to, step);
            return;
        }
        for (int l = 0; l < lanes; l += L) {
            int at = from + l / segment * (TILE * segment + TILE) + TILE * (l % segment);
            for (int i = 0; i < POINTS; i++) {
                evenPoints(lines, i * length + at, v, to + i * POINTS * step + l, step);
                oddPoints(lines, i * length + length / 2 + at, v, to + (i * POINTS + 5) * step + l, step);
            }
        }
    }

    private static void evenPoints(float[] line, int at, float[] v, int to, int step) {
        FloatVector minusA2 = FloatVector.broadcast(S, -A2);
        FloatVector minusB2 = FloatVector.broadcast(S, -B2);
        FloatVector minusSum = FloatVector.broadcast(S, -(A2 + B2));
        FloatVector product = FloatVector.broadcast(S, A2 * B2);
        FloatVector b0 = FloatVector.fromArray(S, line, at).rearrange(SPLIT0);
        FloatVector b1 = FloatVector.fromArray(S, line, at + L).rearrange(SPLIT1);
        FloatVector b2 = FloatVector.fromArray(S, line, at + 2 * L).rearrange(SPLIT2);
        FloatVector b3 = FloatVector.fromArray(S, line, at + 3 * L).rearrange(SPLIT3);
        FloatVector b01 = b0.blend(b1, ODD_SLOTS);
        FloatVector b23 = b2.blend(b3, ODD_SLOTS);
        FloatVector b30 = b3.blend(b0, ODD_SLOTS);
        FloatVector b12 = b1.blend(b2, ODD_SLOTS);
        FloatVector d0 = b01.blend(b23, UPPER_SLOTS);
        FloatVector d1 = b30.blend(b12, UPPER_SLOTS).rearrange(TURN1);
        FloatVector d2 = b23.blend(b01, UPPER_SLOTS).rearrange(TURN2);
        FloatVector d3 = b12.blend(b30, UPPER_SLOTS).rearrange(TURN3);
        FloatVector d4 = d0.rearrange(NEXT).blend(FloatVector.broadcast(S, line[at + 4 * L]), LAST);
        FloatVector even = d1.fma(minusB2, d3);
        FloatVector odd = d0.fma(minusB2, d2).mul(A);
        FloatVector even2 = d1.fma(minusA2, d3);
        FloatVector odd2 = d0.fma(minusA2, d2).mul(B);
        even.add(odd).intoArray(v, to);
        even.sub(odd).intoArray(v, to + step);
        even2.add(odd2).intoArray(v, to + 2 * step);
        even2.sub(odd2).intoArray(v, to + 3 * step);
        d0.fma(product, d2.fma(minusSum, d4)).intoArray(v, to + 4 * step);
    }

    private static void oddPoints(float[] line, int at, float[] v, int to, int step) {
        FloatVector b0 = FloatVector.fromArray(S, line, at).rearrange(SPLIT0);
        FloatVector b1 = FloatVector.fromArray(S, line, at + L).rearrange(SPLIT1);
        FloatVector b2 = FloatVector.fromArray(S, line, at + 2 * L).rearrange(SPLIT2);
        FloatVector b3 = FloatVector.fromArray(S, line, at + 3 * L).rearrange(SPLIT3);
        FloatVector b01 = b0.blend(b1, ODD_SLOTS);
        FloatVector b23 = b2.blend(b3, ODD_SLOTS);
        FloatVector b30 = b3.blend(b0, ODD_SLOTS);
        FloatVector b12 = b1.blend(b2, ODD_SLOTS);
        b01.blend(b23, UPPER_SLOTS).intoArray(v, to);
        b30.blend(b12, UPPER_SLOTS).rearrange(TURN1).intoArray(v, to + step);
        b23.blend(b01, UPPER_SLOTS).rearrange(TURN2).intoArray(v, to + 2 * step);
        b12.blend(b30, UPPER_SLOTS).rearrange(TURN3).intoArray(v, to + 3 * step);
    }

    @Override
    public void outputColumns(float[] m, int at, int step, float[] out, int n) {
        for (int j = 0; j < POINTS; j++) {
            outputColumn(m, at + j * step, POINTS * step, out, j * n, POINTS * n, n);
        }
    }

    private static void outputColumn(float[] m, int at, int stride, float[] out, int to, int outStride, int n) {
        FloatVector a2 = FloatVector.broadcast(S, A2);
        FloatVector b2 = FloatVector.broadcast(S, B2);
        for (int l = 0; l < n; l += L) {
            int p = at + l;
            FloatVector m0 = FloatVector.fromArray(S, m, p);
            FloatVector m1 = FloatVector.fromArray(S, m, p + stride);
            FloatVector m2 = FloatVector.fromArray(S, m, p + 2 * stride);
            FloatVector m3 = FloatVector.fromArray(S, m, p + 3 * stride);
            FloatVector s = m0.add(m1);
            FloatVector u = m0.sub(m1).mul(A);
            FloatVector t = m2.add(m3);
            FloatVector v = m2.sub(m3).mul(B);
            FloatVector last = FloatVector.fromArray(S, m, p + 4 * stride)
                    .add(FloatVector.fromArray(S, m, p + 8 * stride));
            int q = to + l;
            s.add(t).add(FloatVector.fromArray(S, m, p + 5 * stride)).intoArray(out, q);
            u.add(v).add(FloatVector.fromArray(S, m, p + 6 * stride)).intoArray(out, q + outStride);
            s.fma(a2, t.fma(b2, FloatVector.fromArray(S, m, p + 7 * stride))).intoArray(out, q + 2 * outStride);
            u.fma(a2, v.fma(b2, last)).intoArray(out, q + 3 * outStride);
        }
    }

    @Override
    public void outputRows(float[] in, float[] lines, int n) {
        for (int r = 0; r < TILE; r++) {
            outputRow(in, r * POINTS * n, n, lines, r * TILE * n);
        }
    }

    private static void outputRow(float[] in, int at, int n, float[] line, int to) {
        FloatVector a2 = FloatVector.broadcast(S, A2);
        FloatVector b2 = FloatVector.broadcast(S, B2);
        for (int l = 0; l < n; l += L) {
            int p = at + l;
            FloatVector m0 = FloatVector.fromArray(S, in, p);
            FloatVector m1 = FloatVector.fromArray(S, in, p + n);
            FloatVector m2 = FloatVector.fromArray(S, in, p + 2 * n);
            FloatVector m3 = FloatVector.fromArray(S, in, p + 3 * n);
            FloatVector s = m0.add(m1);
            FloatVector u = m0.sub(m1).mul(A);
            FloatVector t = m2.add(m3);
            FloatVector v = m2.sub(m3).mul(B);
            FloatVector last = FloatVector.fromArray(S, in, p + 4 * n).add(FloatVector.fromArray(S, in, p + 8 * n));
            FloatVector y0 = s.add(t).add(FloatVector.fromArray(S, in, p + 5 * n));
            FloatVector y1 = u.add(v).add(FloatVector.fromArray(S, in, p + 6 * n)).rearrange(TURN3);
            FloatVector y2 = s.fma(a2, t.fma(b2, FloatVector.fromArray(S, in, p + 7 * n))).rearrange(TURN2);
            FloatVector y3 = u.fma(a2, v.fma(b2, last)).rearrange(TURN1);
            FloatVector y01 = y0.blend(y1, ODD_SLOTS);
            FloatVector y23 = y2.blend(y3, ODD_SLOTS);
            FloatVector y30 = y3.blend(y0, ODD_SLOTS);
            FloatVector y12 = y1.blend(y2, ODD_SLOTS);
            int q = to + TILE * l;
            y01.blend(y23, UPPER_SLOTS).rearrange(MERGE0).intoArray(line, q);
            y30.blend(y12, UPPER_SLOTS).rearrange(MERGE1).intoArray(line, q + L);
            y23.blend(y01, UPPER_SLOTS).rearrange(MERGE2).intoArray(line, q + 2 * L);
            y12.blend(y30, UPPER_SLOTS).rearrange(MERGE3).intoArray(line, q + 3 * L);
        }
    }

    @Override
    public void weights(float[] in, float[] middle, int n, float[] u, int to, int step) {
        if (n % L != 0) {
            plain.weights(in, middle, n, u, to, step);
            return;
        }
        for (int k = 0; k < 3; k++) {
            VectorTransposedKernel.weight(in, (6 + k) * n, -3 * n, middle, k * n, 3 * n, n);
        }
        for (int i = 0; i < KERNEL_POINTS; i++) {
            VectorTransposedKernel.weight(middle, (3 * i + 2) * n, -n, u, to + i * KERNEL_POINTS * step, step, n);
        }
    }
}
