package stylegan4j.kernels.cpu.map;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static stylegan4j.kernels.cpu.map.VectorMapKernel.LANES;
import static stylegan4j.kernels.cpu.map.VectorMapKernel.S;
import static stylegan4j.kernels.cpu.map.VectorMapKernel.load;
import static stylegan4j.kernels.cpu.map.VectorMapKernel.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** One loop for each function of two arrays. */
final class VectorBinary {
    private static final FloatVector ZERO = FloatVector.zero(S);

    private VectorBinary() {
    }

    static void add(MemorySegment a, MemorySegment b, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            store(load(a, i).add(load(b, i)), y, i);
        }
    }

    static void subtract(MemorySegment a, MemorySegment b, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            store(load(a, i).sub(load(b, i)), y, i);
        }
    }

    static void multiply(MemorySegment a, MemorySegment b, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            store(load(a, i).mul(load(b, i)), y, i);
        }
    }

    static void divide(MemorySegment a, MemorySegment b, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            store(load(a, i).div(load(b, i)), y, i);
        }
    }

    static void maximum(MemorySegment a, MemorySegment b, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            store(load(a, i).max(load(b, i)), y, i);
        }
    }

    static void minimum(MemorySegment a, MemorySegment b, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            store(load(a, i).min(load(b, i)), y, i);
        }
    }

    static void greater(MemorySegment a, MemorySegment b, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            store(ZERO.blend(1, load(a, i).compare(GT, load(b, i))), y, i);
        }
    }

    static void greaterEqual(MemorySegment a, MemorySegment b, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            store(ZERO.blend(1, load(a, i).compare(GE, load(b, i))), y, i);
        }
    }

    static void equal(MemorySegment a, MemorySegment b, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            store(ZERO.blend(1, load(a, i).compare(EQ, load(b, i))), y, i);
        }
    }
}
