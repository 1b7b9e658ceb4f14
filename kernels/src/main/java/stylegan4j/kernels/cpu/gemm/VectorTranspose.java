package stylegan4j.kernels.cpu.gemm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transposes four rows, four columns at a time: rows two apart are zipped together, then the results. The zips are
 * written out where they are used: as a method of its own one would sometimes stay a call, which passes vectors through
 * the heap, since the compiler judges calls by counts that may have only begun.
 */
final class VectorTranspose {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_128;
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    /** Zipping takes every element of a vector's lower or upper half twice, one of each pair from the other vector. */
    private static final VectorShuffle<Float> LOW = VectorShuffle.fromValues(S, 0, 0, 1, 1);
    private static final VectorShuffle<Float> HIGH = VectorShuffle.fromValues(S, 2, 2, 3, 3);
    private static final VectorMask<Float> ODD = VectorMask.fromValues(S, false, true, false, true);

    private VectorTranspose() {
    }

    static void run(MemorySegment x, long from, long rowBytes, int k, float[] dst, int at, int pitch, int step) {
        int p = 0;
        for (; p <= k - 4; p += 4) {
            four(x, from + 4L * p, rowBytes, dst, at + (p >> 2) * step, pitch);
        }
        if (p < k && p > 0 && step == 4 * pitch) {
            // Moves some columns twice, which is faster than the others one by one.
            four(x, from + 4L * (k - 4), rowBytes, dst, at + (k - 4) * pitch, pitch);
            return;
        }
        for (; p < k; p++) {
            for (int i = 0; i < 4; i++) {
                dst[at + (p >> 2) * step + (p & 3) * pitch + i] = x.get(JAVA_FLOAT, from + i * rowBytes + 4L * p);
            }
        }
    }

    private static void four(MemorySegment x, long q, long rowBytes, float[] dst, int to, int pitch) {
        FloatVector r0 = FloatVector.fromMemorySegment(S, x, q, ORDER);
        FloatVector r1 = FloatVector.fromMemorySegment(S, x, q + rowBytes, ORDER);
        FloatVector r2 = FloatVector.fromMemorySegment(S, x, q + 2 * rowBytes, ORDER);
        FloatVector r3 = FloatVector.fromMemorySegment(S, x, q + 3 * rowBytes, ORDER);
        FloatVector s0 = r0.rearrange(LOW).blend(r2.rearrange(LOW), ODD);
        FloatVector s1 = r0.rearrange(HIGH).blend(r2.rearrange(HIGH), ODD);
        FloatVector s2 = r1.rearrange(LOW).blend(r3.rearrange(LOW), ODD);
        FloatVector s3 = r1.rearrange(HIGH).blend(r3.rearrange(HIGH), ODD);
        s0.rearrange(LOW).blend(s2.rearrange(LOW), ODD).intoArray(dst, to);
        s0.rearrange(HIGH).blend(s2.rearrange(HIGH), ODD).intoArray(dst, to + pitch);
        s1.rearrange(LOW).blend(s3.rearrange(LOW), ODD).intoArray(dst, to + 2 * pitch);
        s1.rearrange(HIGH).blend(s3.rearrange(HIGH), ODD).intoArray(dst, to + 3 * pitch);
    }

    /** Four rows of an array: {@code dst[at + i·step + r] = src[from + r·pitch + i]} for i below n, a multiple of 4. */
    static void run(float[] src, int from, int pitch, int n, float[] dst, int at, int step) {
        for (int i = 0; i < n; i += 4) {
            FloatVector r0 = FloatVector.fromArray(S, src, from + i);
            FloatVector r1 = FloatVector.fromArray(S, src, from + i + pitch);
            FloatVector r2 = FloatVector.fromArray(S, src, from + i + 2 * pitch);
            FloatVector r3 = FloatVector.fromArray(S, src, from + i + 3 * pitch);
            FloatVector s0 = r0.rearrange(LOW).blend(r2.rearrange(LOW), ODD);
            FloatVector s1 = r0.rearrange(HIGH).blend(r2.rearrange(HIGH), ODD);
            FloatVector s2 = r1.rearrange(LOW).blend(r3.rearrange(LOW), ODD);
            FloatVector s3 = r1.rearrange(HIGH).blend(r3.rearrange(HIGH), ODD);
            int to = at + i * step;
            s0.rearrange(LOW).blend(s2.rearrange(LOW), ODD).intoArray(dst, to);
            s0.rearrange(HIGH).blend(s2.rearrange(HIGH), ODD).intoArray(dst, to + step);
            s1.rearrange(LOW).blend(s3.rearrange(LOW), ODD).intoArray(dst, to + 2 * step);
            s1.rearrange(HIGH).blend(s3.rearrange(HIGH), ODD).intoArray(dst, to + 3 * step);
        }
    }
}
