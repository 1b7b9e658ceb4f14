package stylegan4j.kernels.cpu.conv;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import stylegan4j.kernels.cpu.VectorWidth;

/** Interleaves four rows element by element: two rounds in which halves of the rows are zipped together. */
final class VectorInterleave4 {
    private static final VectorSpecies<Float> S = VectorWidth.FLOATS;
    private static final int L = S.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    /** Zipping takes every element of a vector's lower or upper half twice, one of each pair from the other vector. */
    private static final VectorShuffle<Float> LOW = VectorShuffle.fromOp(S, i -> i / 2);
    private static final VectorShuffle<Float> HIGH = VectorShuffle.fromOp(S, i -> (i + L) / 2);
    private static final VectorMask<Float> ODD = VectorMask.fromLong(S, 0xAAAAAAAAAAAAAAAAL >>> (64 - L));

    private VectorInterleave4() {
    }

    static void run(MemorySegment x, long from, long rowBytes, int k, float[] dst, int at) {
        int p = 0;
        for (; p <= k - L; p += L) {
            long q = from + 4L * p;
            FloatVector r0 = FloatVector.fromMemorySegment(S, x, q, ORDER);
            FloatVector r1 = FloatVector.fromMemorySegment(S, x, q + rowBytes, ORDER);
            FloatVector r2 = FloatVector.fromMemorySegment(S, x, q + 2 * rowBytes, ORDER);
            FloatVector r3 = FloatVector.fromMemorySegment(S, x, q + 3 * rowBytes, ORDER);
            FloatVector s0 = r0.rearrange(LOW).blend(r2.rearrange(LOW), ODD);
            FloatVector s1 = r0.rearrange(HIGH).blend(r2.rearrange(HIGH), ODD);
            FloatVector s2 = r1.rearrange(LOW).blend(r3.rearrange(LOW), ODD);
            FloatVector s3 = r1.rearrange(HIGH).blend(r3.rearrange(HIGH), ODD);
            FloatVector t0 = s0.rearrange(LOW).blend(s2.rearrange(LOW), ODD);
            FloatVector t1 = s0.rearrange(HIGH).blend(s2.rearrange(HIGH), ODD);
            FloatVector t2 = s1.rearrange(LOW).blend(s3.rearrange(LOW), ODD);
            FloatVector t3 = s1.rearrange(HIGH).blend(s3.rearrange(HIGH), ODD);
            int to = at + 4 * p;
            t0.intoArray(dst, to);
            t1.intoArray(dst, to + L);
            t2.intoArray(dst, to + 2 * L);
            t3.intoArray(dst, to + 3 * L);
        }
        for (; p < k; p++) {
            for (int i = 0; i < 4; i++) {
                dst[at + 4 * p + i] = x.get(JAVA_FLOAT, from + i * rowBytes + 4L * p);
            }
        }
    }
}
