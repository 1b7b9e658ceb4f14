package stylegan4j.kernels.cpu.conv;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import stylegan4j.kernels.cpu.VectorWidth;

/** Interleaves eight rows element by element: three rounds in which halves of the rows are zipped together. */
final class VectorInterleave8 {
    private static final VectorSpecies<Float> S = VectorWidth.FLOATS;
    private static final int L = S.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    /** Zipping takes every element of a vector's lower or upper half twice, one of each pair from the other vector. */
    private static final VectorShuffle<Float> LOW = VectorShuffle.fromOp(S, i -> i / 2);
    private static final VectorShuffle<Float> HIGH = VectorShuffle.fromOp(S, i -> (i + L) / 2);
    private static final VectorMask<Float> ODD = VectorMask.fromLong(S, 0xAAAAAAAAAAAAAAAAL >>> (64 - L));

    private VectorInterleave8() {
    }

    static void run(MemorySegment x, long from, long rowBytes, int k, float[] dst, int at) {
        int p = 0;
        for (; p <= k - L; p += L) {
            long q = from + 4L * p;
            FloatVector r0 = FloatVector.fromMemorySegment(S, x, q, ORDER);
            FloatVector r1 = FloatVector.fromMemorySegment(S, x, q + rowBytes, ORDER);
            FloatVector r2 = FloatVector.fromMemorySegment(S, x, q + 2 * rowBytes, ORDER);
            FloatVector r3 = FloatVector.fromMemorySegment(S, x, q + 3 * rowBytes, ORDER);
            FloatVector r4 = FloatVector.fromMemorySegment(S, x, q + 4 * rowBytes, ORDER);
            FloatVector r5 = FloatVector.fromMemorySegment(S, x, q + 5 * rowBytes, ORDER);
            FloatVector r6 = FloatVector.fromMemorySegment(S, x, q + 6 * rowBytes, ORDER);
            FloatVector r7 = FloatVector.fromMemorySegment(S, x, q + 7 * rowBytes, ORDER);
            FloatVector s0 = r0.rearrange(LOW).blend(r4.rearrange(LOW), ODD);
            FloatVector s1 = r0.rearrange(HIGH).blend(r4.rearrange(HIGH), ODD);
            FloatVector s2 = r1.rearrange(LOW).blend(r5.rearrange(LOW), ODD);
            FloatVector s3 = r1.rearrange(HIGH).blend(r5.rearrange(HIGH), ODD);
            FloatVector s4 = r2.rearrange(LOW).blend(r6.rearrange(LOW), ODD);
            FloatVector s5 = r2.rearrange(HIGH).blend(r6.rearrange(HIGH), ODD);
            FloatVector s6 = r3.rearrange(LOW).blend(r7.rearrange(LOW), ODD);
            FloatVector s7 = r3.rearrange(HIGH).blend(r7.rearrange(HIGH), ODD);
            FloatVector t0 = s0.rearrange(LOW).blend(s4.rearrange(LOW), ODD);
            FloatVector t1 = s0.rearrange(HIGH).blend(s4.rearrange(HIGH), ODD);
            FloatVector t2 = s1.rearrange(LOW).blend(s5.rearrange(LOW), ODD);
            FloatVector t3 = s1.rearrange(HIGH).blend(s5.rearrange(HIGH), ODD);
            FloatVector t4 = s2.rearrange(LOW).blend(s6.rearrange(LOW), ODD);
            FloatVector t5 = s2.rearrange(HIGH).blend(s6.rearrange(HIGH), ODD);
            FloatVector t6 = s3.rearrange(LOW).blend(s7.rearrange(LOW), ODD);
            FloatVector t7 = s3.rearrange(HIGH).blend(s7.rearrange(HIGH), ODD);
            FloatVector u0 = t0.rearrange(LOW).blend(t4.rearrange(LOW), ODD);
            FloatVector u1 = t0.rearrange(HIGH).blend(t4.rearrange(HIGH), ODD);
            FloatVector u2 = t1.rearrange(LOW).blend(t5.rearrange(LOW), ODD);
            FloatVector u3 = t1.rearrange(HIGH).blend(t5.rearrange(HIGH), ODD);
            FloatVector u4 = t2.rearrange(LOW).blend(t6.rearrange(LOW), ODD);
            FloatVector u5 = t2.rearrange(HIGH).blend(t6.rearrange(HIGH), ODD);
            FloatVector u6 = t3.rearrange(LOW).blend(t7.rearrange(LOW), ODD);
            FloatVector u7 = t3.rearrange(HIGH).blend(t7.rearrange(HIGH), ODD);
            int to = at + 8 * p;
            u0.intoArray(dst, to);
            u1.intoArray(dst, to + L);
            u2.intoArray(dst, to + 2 * L);
            u3.intoArray(dst, to + 3 * L);
            u4.intoArray(dst, to + 4 * L);
            u5.intoArray(dst, to + 5 * L);
            u6.intoArray(dst, to + 6 * L);
            u7.intoArray(dst, to + 7 * L);
        }
        for (; p < k; p++) {
            for (int i = 0; i < 8; i++) {
                dst[at + 8 * p + i] = x.get(JAVA_FLOAT, from + i * rowBytes + 4L * p);
            }
        }
    }
}
