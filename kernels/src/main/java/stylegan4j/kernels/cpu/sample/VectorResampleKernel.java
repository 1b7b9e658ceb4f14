package stylegan4j.kernels.cpu.sample;

import static stylegan4j.kernels.cpu.VectorWidth.FLOATS;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import stylegan4j.kernels.LinearMap;

/**
 * Vectors of {@link stylegan4j.kernels.cpu.VectorWidth#FLOATS}, with loops of their own for StyleGAN's four taps. The
 * private methods make a whole number of vectors and return how many outputs those were; the scalar twin does the
 * rest. Sums of rows need no rest where there is one whole vector: the last one overlaps the one before, as pictures
 * are often a pixel wider than a power of two.
 */
final class VectorResampleKernel implements ResampleKernel {
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int LANES = FLOATS.length();
    /** Lanes 0 0 1 1 2 2 …: both outputs of a pair start at one input. */
    private static final VectorShuffle<Float> TWICE = VectorShuffle.fromOp(FLOATS, lane -> lane >> 1);
    /** Lanes 0 1 1 2 2 3 …: the odd output starts one input later. */
    private static final VectorShuffle<Float> STAGGERED = VectorShuffle.fromOp(FLOATS, lane -> lane + 1 >> 1);
    /** The even lanes, in the lower half and again in the upper half. */
    private static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(FLOATS, lane -> 2 * lane % LANES);
    private static final VectorMask<Float> UPPER = VectorMask.fromLong(FLOATS, -1L << LANES / 2);
    private static final VectorMask<Float> ODD = VectorMask.fromLong(FLOATS, 0xAAAA);

    @Override
    public void combine(MemorySegment x, long[] rows, float[] weights, int first, int terms, long step,
                        MemorySegment y, long to, int n) {
        int done = 0;
        if (step == 1) {
            done = switch (terms) {
                case 1 -> combine1(x, rows[0], weights[first], y, to, n);
                case 2 -> combine2(x, rows[0], rows[1], weights, first, y, to, n);
                case 4 -> combine4(x, rows[0], rows[1], rows[2], rows[3], weights, first, y, to, n);
                default -> combineBlocks(x, rows, weights, first, terms, y, to, n);
            };
        }
        ScalarResampleKernel.combine(x, rows, weights, first, terms, step, y, to, done, n);
    }

    private static int combine1(MemorySegment x, long row, float weight, MemorySegment y, long to, int n) {
        FloatVector w = FloatVector.broadcast(FLOATS, weight);
        FloatVector zero = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector.fromMemorySegment(FLOATS, x, 4 * (row + i), ORDER).fma(w, zero)
                    .intoMemorySegment(y, 4 * (to + i), ORDER);
        }
        return i;
    }

    private static int combine2(MemorySegment x, long row0, long row1, float[] weights, int first, MemorySegment y,
                                long to, int n) {
        FloatVector w0 = FloatVector.broadcast(FLOATS, weights[first]);
        FloatVector w1 = FloatVector.broadcast(FLOATS, weights[first + 1]);
        FloatVector zero = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector sum = FloatVector.fromMemorySegment(FLOATS, x, 4 * (row0 + i), ORDER).fma(w0, zero);
            FloatVector.fromMemorySegment(FLOATS, x, 4 * (row1 + i), ORDER).fma(w1, sum)
                    .intoMemorySegment(y, 4 * (to + i), ORDER);
        }
        return i;
    }

    private static int combine4(MemorySegment x, long row0, long row1, long row2, long row3, float[] weights, int first,
                                MemorySegment y, long to, int n) {
        FloatVector w0 = FloatVector.broadcast(FLOATS, weights[first]);
        FloatVector w1 = FloatVector.broadcast(FLOATS, weights[first + 1]);
        FloatVector w2 = FloatVector.broadcast(FLOATS, weights[first + 2]);
        FloatVector w3 = FloatVector.broadcast(FLOATS, weights[first + 3]);
        FloatVector zero = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            sum4(x, row0 + i, row1 + i, row2 + i, row3 + i, w0, w1, w2, w3, zero, y, to + i);
        }
        if (i < n && i > 0) {
            int last = n - LANES;
            sum4(x, row0 + last, row1 + last, row2 + last, row3 + last, w0, w1, w2, w3, zero, y, to + last);
            return n;
        }
        return i;
    }

    private static void sum4(MemorySegment x, long at0, long at1, long at2, long at3, FloatVector w0, FloatVector w1,
                             FloatVector w2, FloatVector w3, FloatVector zero, MemorySegment y, long to) {
        FloatVector sum = FloatVector.fromMemorySegment(FLOATS, x, 4 * at0, ORDER).fma(w0, zero);
        sum = FloatVector.fromMemorySegment(FLOATS, x, 4 * at1, ORDER).fma(w1, sum);
        sum = FloatVector.fromMemorySegment(FLOATS, x, 4 * at2, ORDER).fma(w2, sum);
        FloatVector.fromMemorySegment(FLOATS, x, 4 * at3, ORDER).fma(w3, sum).intoMemorySegment(y, 4 * to, ORDER);
    }

    /** Any number of rows, for four vectors at a time while there are as many. */
    private static int combineBlocks(MemorySegment x, long[] rows, float[] weights, int first, int terms,
                                     MemorySegment y, long to, int n) {
        int i = 0;
        for (; i <= n - 4 * LANES; i += 4 * LANES) {
            FloatVector sum0 = FloatVector.zero(FLOATS);
            FloatVector sum1 = FloatVector.zero(FLOATS);
            FloatVector sum2 = FloatVector.zero(FLOATS);
            FloatVector sum3 = FloatVector.zero(FLOATS);
            for (int k = 0; k < terms; k++) {
                FloatVector w = FloatVector.broadcast(FLOATS, weights[first + k]);
                long from = 4 * (rows[k] + i);
                sum0 = FloatVector.fromMemorySegment(FLOATS, x, from, ORDER).fma(w, sum0);
                sum1 = FloatVector.fromMemorySegment(FLOATS, x, from + 4 * LANES, ORDER).fma(w, sum1);
                sum2 = FloatVector.fromMemorySegment(FLOATS, x, from + 8 * LANES, ORDER).fma(w, sum2);
                sum3 = FloatVector.fromMemorySegment(FLOATS, x, from + 12 * LANES, ORDER).fma(w, sum3);
            }
            long target = 4 * (to + i);
            sum0.intoMemorySegment(y, target, ORDER);
            sum1.intoMemorySegment(y, target + 4 * LANES, ORDER);
            sum2.intoMemorySegment(y, target + 8 * LANES, ORDER);
            sum3.intoMemorySegment(y, target + 12 * LANES, ORDER);
        }
        for (; i <= n - LANES; i += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int k = 0; k < terms; k++) {
                sum = FloatVector.fromMemorySegment(FLOATS, x, 4 * (rows[k] + i), ORDER)
                        .fma(FloatVector.broadcast(FLOATS, weights[first + k]), sum);
            }
            sum.intoMemorySegment(y, 4 * (to + i), ORDER);
        }
        return i;
    }

    @Override
    public void filter(MemorySegment x, long at, FirAxis axis, MemorySegment y, long to) {
        float[] taps = axis.taps(0);
        int n = axis.outputs();
        long source = at + axis.source(0);
        int done = 0;
        if (axis.period() == 1 && axis.advance() == 1 && taps.length == 4 && n >= LANES) {
            combine4(x, source, source + 1, source + 2, source + 3, taps, 0, y, to, n);
            return;
        }
        if (axis.period() == 1 && axis.advance() == 1) {
            long[] shifted = new long[taps.length];
            for (int t = 0; t < taps.length; t++) {
                shifted[t] = source + t;
            }
            combine(x, shifted, taps, 0, taps.length, 1, y, to, n);
            return;
        }
        if (axis.period() == 1 && axis.advance() == 2) {
            done = taps.length == 4 ? half4(x, source, taps, y, to, n) : half(x, source, taps, y, to, n);
        } else if (axis.period() == 2 && axis.advance() == 1 && axis.taps(1).length == taps.length) {
            float[] odd = axis.taps(1);
            VectorShuffle<Float> sources = axis.source(1) == axis.source(0) ? TWICE : STAGGERED;
            done = taps.length == 2 ? twice2(x, source, taps, odd, sources, y, to, n)
                    : twice(x, source, taps, odd, sources, y, to, n);
        }
        ScalarResampleKernel.filter(x, at, axis, y, to, done);
    }

    /** Filters at every input and keeps the even results: cheaper than parting the inputs first. */
    private static int half4(MemorySegment x, long source, float[] taps, MemorySegment y, long to, int n) {
        FloatVector w0 = FloatVector.broadcast(FLOATS, taps[0]);
        FloatVector w1 = FloatVector.broadcast(FLOATS, taps[1]);
        FloatVector w2 = FloatVector.broadcast(FLOATS, taps[2]);
        FloatVector w3 = FloatVector.broadcast(FLOATS, taps[3]);
        FloatVector zero = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            long from = 4 * (source + 2L * i);
            long behind = from + 4 * LANES;
            FloatVector low = FloatVector.fromMemorySegment(FLOATS, x, from, ORDER).fma(w0, zero);
            FloatVector high = FloatVector.fromMemorySegment(FLOATS, x, behind, ORDER).fma(w0, zero);
            low = FloatVector.fromMemorySegment(FLOATS, x, from + 4, ORDER).fma(w1, low);
            high = FloatVector.fromMemorySegment(FLOATS, x, behind + 4, ORDER).fma(w1, high);
            low = FloatVector.fromMemorySegment(FLOATS, x, from + 8, ORDER).fma(w2, low);
            high = FloatVector.fromMemorySegment(FLOATS, x, behind + 8, ORDER).fma(w2, high);
            low = FloatVector.fromMemorySegment(FLOATS, x, from + 12, ORDER).fma(w3, low);
            high = FloatVector.fromMemorySegment(FLOATS, x, behind + 12, ORDER).fma(w3, high);
            low.rearrange(EVEN).blend(high.rearrange(EVEN), UPPER).intoMemorySegment(y, 4 * (to + i), ORDER);
        }
        return i;
    }

    private static int half(MemorySegment x, long source, float[] taps, MemorySegment y, long to, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector low = FloatVector.zero(FLOATS);
            FloatVector high = FloatVector.zero(FLOATS);
            for (int t = 0; t < taps.length; t++) {
                FloatVector w = FloatVector.broadcast(FLOATS, taps[t]);
                long from = 4 * (source + 2L * i + t);
                low = FloatVector.fromMemorySegment(FLOATS, x, from, ORDER).fma(w, low);
                high = FloatVector.fromMemorySegment(FLOATS, x, from + 4 * LANES, ORDER).fma(w, high);
            }
            low.rearrange(EVEN).blend(high.rearrange(EVEN), UPPER).intoMemorySegment(y, 4 * (to + i), ORDER);
        }
        return i;
    }

    private static int twice2(MemorySegment x, long source, float[] even, float[] odd, VectorShuffle<Float> sources,
                              MemorySegment y, long to, int n) {
        FloatVector w0 = FloatVector.broadcast(FLOATS, even[0]).blend(odd[0], ODD);
        FloatVector w1 = FloatVector.broadcast(FLOATS, even[1]).blend(odd[1], ODD);
        FloatVector zero = FloatVector.zero(FLOATS);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            long from = 4 * (source + (i >> 1));
            FloatVector sum = FloatVector.fromMemorySegment(FLOATS, x, from, ORDER).rearrange(sources).fma(w0, zero);
            FloatVector.fromMemorySegment(FLOATS, x, from + 4, ORDER).rearrange(sources).fma(w1, sum)
                    .intoMemorySegment(y, 4 * (to + i), ORDER);
        }
        return i;
    }

    private static int twice(MemorySegment x, long source, float[] even, float[] odd, VectorShuffle<Float> sources,
                             MemorySegment y, long to, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int t = 0; t < even.length; t++) {
                sum = FloatVector.fromMemorySegment(FLOATS, x, 4 * (source + (i >> 1) + t), ORDER).rearrange(sources)
                        .fma(FloatVector.broadcast(FLOATS, even[t]).blend(odd[t], ODD), sum);
            }
            sum.intoMemorySegment(y, 4 * (to + i), ORDER);
        }
        return i;
    }

    @Override
    public RowMap prepare(LinearMap map) {
        return new VectorRowMap(map);
    }
}
