package stylegan4j.kernels.cpu.winograd;

import static stylegan4j.kernels.cpu.winograd.ScalarWinogradKernel.HALF_ROOT;
import static stylegan4j.kernels.cpu.winograd.ScalarWinogradKernel.POINTS;
import static stylegan4j.kernels.cpu.winograd.ScalarWinogradKernel.ROOT;
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

/** F(4×4, 3×3) by vectors over tiles. */
final class VectorWinogradKernel implements WinogradKernel {
    private static final VectorSpecies<Float> S = VectorWidth.FLOATS;
    private static final int L = S.length();

    private final WinogradKernel plain = new ScalarWinogradKernel();

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
        input(in, 0, length, out, 0, length, length);
    }

    /** Bᵀ for n vectors of six: element r of vector l at {@code in[at + r·stride + l]}. */
    static void input(float[] in, int at, int stride, float[] out, int to, int outStride, int n) {
        FloatVector minus2 = FloatVector.broadcast(S, -2f);
        FloatVector minusHalf = FloatVector.broadcast(S, -0.5f);
        FloatVector minus25 = FloatVector.broadcast(S, -2.5f);
        for (int l = 0; l < n; l += L) {
            int p = at + l;
            int q = to + l;
            FloatVector d0 = FloatVector.fromArray(S, in, p);
            FloatVector d1 = FloatVector.fromArray(S, in, p + stride);
            FloatVector d2 = FloatVector.fromArray(S, in, p + 2 * stride);
            FloatVector d3 = FloatVector.fromArray(S, in, p + 3 * stride);
            FloatVector d4 = FloatVector.fromArray(S, in, p + 4 * stride);
            FloatVector d5 = FloatVector.fromArray(S, in, p + 5 * stride);
            FloatVector even = d2.fma(minus2, d4);
            FloatVector odd = d1.fma(minus2, d3).mul(HALF_ROOT);
            FloatVector even2 = d2.fma(minusHalf, d4);
            FloatVector odd2 = d1.fma(minusHalf, d3).mul(ROOT);
            d2.fma(minus25, d0.add(d4)).intoArray(out, q);
            even.add(odd).intoArray(out, q + outStride);
            even.sub(odd).intoArray(out, q + 2 * outStride);
            even2.add(odd2).intoArray(out, q + 3 * outStride);
            even2.sub(odd2).intoArray(out, q + 4 * outStride);
            d3.fma(minus25, d1.add(d5)).intoArray(out, q + 5 * outStride);
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
                inputRow(lines, i * length + at, v, to + i * POINTS * step + l, step);
            }
        }
    }

    private static void inputRow(float[] line, int at, float[] v, int to, int step) {
        FloatVector minus2 = FloatVector.broadcast(S, -2f);
        FloatVector minusHalf = FloatVector.broadcast(S, -0.5f);
        FloatVector minus25 = FloatVector.broadcast(S, -2.5f);
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
        FloatVector d5 = d1.rearrange(NEXT).blend(FloatVector.broadcast(S, line[at + 4 * L + 1]), LAST);
        FloatVector even = d2.fma(minus2, d4);
        FloatVector odd = d1.fma(minus2, d3).mul(HALF_ROOT);
        FloatVector even2 = d2.fma(minusHalf, d4);
        FloatVector odd2 = d1.fma(minusHalf, d3).mul(ROOT);
        d2.fma(minus25, d0.add(d4)).intoArray(v, to);
        even.add(odd).intoArray(v, to + step);
        even.sub(odd).intoArray(v, to + 2 * step);
        even2.add(odd2).intoArray(v, to + 3 * step);
        even2.sub(odd2).intoArray(v, to + 4 * step);
        d3.fma(minus25, d1.add(d5)).intoArray(v, to + 5 * step);
    }

    @Override
    public void outputColumns(float[] m, int at, int step, float[] out, int n) {
        for (int j = 0; j < POINTS; j++) {
            outputColumn(m, at + j * step, POINTS * step, out, j * n, POINTS * n, n);
        }
    }

    private static void outputColumn(float[] m, int at, int stride, float[] out, int to, int outStride, int n) {
        FloatVector two = FloatVector.broadcast(S, 2f);
        FloatVector half = FloatVector.broadcast(S, 0.5f);
        for (int l = 0; l < n; l += L) {
            int p = at + l;
            FloatVector m1 = FloatVector.fromArray(S, m, p + stride);
            FloatVector m2 = FloatVector.fromArray(S, m, p + 2 * stride);
            FloatVector m3 = FloatVector.fromArray(S, m, p + 3 * stride);
            FloatVector m4 = FloatVector.fromArray(S, m, p + 4 * stride);
            FloatVector s = m1.add(m2);
            FloatVector u = m1.sub(m2).mul(HALF_ROOT);
            FloatVector t = m3.add(m4);
            FloatVector v = m3.sub(m4).mul(ROOT);
            int q = to + l;
            FloatVector.fromArray(S, m, p).add(s).add(t).intoArray(out, q);
            u.add(v).intoArray(out, q + outStride);
            t.fma(two, s.mul(half)).intoArray(out, q + 2 * outStride);
            u.fma(half, v.fma(two, FloatVector.fromArray(S, m, p + 5 * stride))).intoArray(out, q + 3 * outStride);
        }
    }

    @Override
    public void outputRows(float[] in, float[] lines, int n) {
        for (int r = 0; r < TILE; r++) {
            outputRow(in, r * POINTS * n, n, lines, r * TILE * n);
        }
    }

    private static void outputRow(float[] in, int at, int n, float[] line, int to) {
        FloatVector two = FloatVector.broadcast(S, 2f);
        FloatVector half = FloatVector.broadcast(S, 0.5f);
        for (int l = 0; l < n; l += L) {
            int p = at + l;
            FloatVector m1 = FloatVector.fromArray(S, in, p + n);
            FloatVector m2 = FloatVector.fromArray(S, in, p + 2 * n);
            FloatVector m3 = FloatVector.fromArray(S, in, p + 3 * n);
            FloatVector m4 = FloatVector.fromArray(S, in, p + 4 * n);
            FloatVector s = m1.add(m2);
            FloatVector u = m1.sub(m2).mul(HALF_ROOT);
            FloatVector t = m3.add(m4);
            FloatVector v = m3.sub(m4).mul(ROOT);
            FloatVector y0 = FloatVector.fromArray(S, in, p).add(s).add(t);
            FloatVector y1 = u.add(v).rearrange(TURN3);
            FloatVector y2 = t.fma(two, s.mul(half)).rearrange(TURN2);
            FloatVector y3 = u.fma(half, v.fma(two, FloatVector.fromArray(S, in, p + 5 * n))).rearrange(TURN1);
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
            weight(in, k * n, 3 * n, middle, k * n, 3 * n, n);
        }
        for (int i = 0; i < POINTS; i++) {
            weight(middle, i * 3 * n, n, u, to + i * POINTS * step, step, n);
        }
    }

    private static void weight(float[] g, int at, int stride, float[] out, int to, int outStride, int n) {
        for (int l = 0; l < n; l += L) {
            FloatVector g0 = FloatVector.fromArray(S, g, at + l);
            FloatVector g1 = FloatVector.fromArray(S, g, at + stride + l);
            FloatVector g2 = FloatVector.fromArray(S, g, at + 2 * stride + l);
            FloatVector even = g0.add(g2.mul(0.5f)).mul(-2 / 3f);
            FloatVector odd = g1.mul(-2 / 3f * HALF_ROOT);
            FloatVector even2 = g0.add(g2.mul(2f)).mul(1 / 6f);
            FloatVector odd2 = g1.mul(1 / 6f * ROOT);
            int q = to + l;
            g0.intoArray(out, q);
            even.add(odd).intoArray(out, q + outStride);
            even.sub(odd).intoArray(out, q + 2 * outStride);
            even2.add(odd2).intoArray(out, q + 3 * outStride);
            even2.sub(odd2).intoArray(out, q + 4 * outStride);
            g2.intoArray(out, q + 5 * outStride);
        }
    }
}
