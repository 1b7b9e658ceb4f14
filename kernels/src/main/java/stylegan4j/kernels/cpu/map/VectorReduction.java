package stylegan4j.kernels.cpu.map;

import static stylegan4j.kernels.cpu.map.VectorMapKernel.LANES;
import static stylegan4j.kernels.cpu.map.VectorMapKernel.ORDER;
import static stylegan4j.kernels.cpu.map.VectorMapKernel.S;
import static stylegan4j.kernels.cpu.map.VectorMapKernel.load;
import static stylegan4j.kernels.cpu.map.VectorMapKernel.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import stylegan4j.kernels.cpu.VectorLanes;

/**
 * Loops that reduce a run of {@code 4·LANES·k} floats to one, with four accumulators: a single one would wait for each
 * addition.
 */
final class VectorReduction {
    private static final int STEP = 4 * LANES;
    private static final long BYTES = 4L * LANES;

    private VectorReduction() {
    }

    private static FloatVector at(MemorySegment x, long at) {
        return FloatVector.fromMemorySegment(S, x, at, ORDER);
    }

    static float sum(MemorySegment x, long at, int bound) {
        FloatVector s0 = FloatVector.zero(S);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int i = 0; i < bound; i += STEP) {
            long p = at + 4L * i;
            s0 = s0.add(at(x, p));
            s1 = s1.add(at(x, p + BYTES));
            s2 = s2.add(at(x, p + 2 * BYTES));
            s3 = s3.add(at(x, p + 3 * BYTES));
        }
        return VectorLanes.sum(s0.add(s1).add(s2.add(s3)));
    }

    static float sumOfSquares(MemorySegment x, long at, int bound) {
        FloatVector s0 = FloatVector.zero(S);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int i = 0; i < bound; i += STEP) {
            long p = at + 4L * i;
            FloatVector v0 = at(x, p);
            FloatVector v1 = at(x, p + BYTES);
            FloatVector v2 = at(x, p + 2 * BYTES);
            FloatVector v3 = at(x, p + 3 * BYTES);
            s0 = v0.fma(v0, s0);
            s1 = v1.fma(v1, s1);
            s2 = v2.fma(v2, s2);
            s3 = v3.fma(v3, s3);
        }
        return VectorLanes.sum(s0.add(s1).add(s2.add(s3)));
    }

    static float maximum(MemorySegment x, long at, int bound) {
        FloatVector m0 = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
        FloatVector m1 = m0;
        FloatVector m2 = m0;
        FloatVector m3 = m0;
        for (int i = 0; i < bound; i += STEP) {
            long p = at + 4L * i;
            m0 = m0.max(at(x, p));
            m1 = m1.max(at(x, p + BYTES));
            m2 = m2.max(at(x, p + 2 * BYTES));
            m3 = m3.max(at(x, p + 3 * BYTES));
        }
        return m0.max(m1).max(m2.max(m3)).reduceLanes(VectorOperators.MAX);
    }

    static float minimum(MemorySegment x, long at, int bound) {
        FloatVector m0 = FloatVector.broadcast(S, Float.POSITIVE_INFINITY);
        FloatVector m1 = m0;
        FloatVector m2 = m0;
        FloatVector m3 = m0;
        for (int i = 0; i < bound; i += STEP) {
            long p = at + 4L * i;
            m0 = m0.min(at(x, p));
            m1 = m1.min(at(x, p + BYTES));
            m2 = m2.min(at(x, p + 2 * BYTES));
            m3 = m3.min(at(x, p + 3 * BYTES));
        }
        return m0.min(m1).min(m2.min(m3)).reduceLanes(VectorOperators.MIN);
    }

    /** {@code y += x²} */
    static void addSquares(MemorySegment x, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(v.fma(v, load(y, i)), y, i);
        }
    }
}
