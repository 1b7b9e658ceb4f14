package stylegan4j.kernels.cpu.map;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;
import static stylegan4j.kernels.cpu.map.VectorMapKernel.LANES;
import static stylegan4j.kernels.cpu.map.VectorMapKernel.S;
import static stylegan4j.kernels.cpu.map.VectorMapKernel.load;
import static stylegan4j.kernels.cpu.map.VectorMapKernel.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import stylegan4j.kernels.UnaryOp;

/** One loop for each function of one array: separate methods compile apart, each for its own function alone. */
final class VectorUnary {
    private static final FloatVector ZERO = FloatVector.zero(S);

    private VectorUnary() {
    }

    static void affine(MemorySegment x, float p, float q, MemorySegment y, int bound) {
        FloatVector factor = FloatVector.broadcast(S, p);
        FloatVector term = FloatVector.broadcast(S, q);
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(v.fma(factor, term), y, i);
        }
    }

    static void abs(MemorySegment x, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(v.lanewise(VectorOperators.ABS), y, i);
        }
    }

    static void sign(MemorySegment x, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(v.blend(1, v.compare(GT, 0)).blend(-1, v.compare(LT, 0)), y, i);
        }
    }

    static void square(MemorySegment x, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(v.mul(v), y, i);
        }
    }

    static void squareRoot(MemorySegment x, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(v.sqrt(), y, i);
        }
    }

    static void inverseSquareRoot(MemorySegment x, MemorySegment y, int bound) {
        FloatVector one = FloatVector.broadcast(S, 1);
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(one.div(v.sqrt()), y, i);
        }
    }

    static void reciprocal(MemorySegment x, MemorySegment y, int bound) {
        FloatVector one = FloatVector.broadcast(S, 1);
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(one.div(v), y, i);
        }
    }

    static void exp(MemorySegment x, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(VectorMath.exp(v), y, i);
        }
    }

    static void tanh(MemorySegment x, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(VectorMath.tanh(v), y, i);
        }
    }

    static void sigmoid(MemorySegment x, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(VectorMath.sigmoid(v), y, i);
        }
    }

    /** In two steps, see {@link VectorMath}. */
    static void softplus(MemorySegment x, MemorySegment y, int bound) {
        MemorySegment e = Blocks.scratch(Blocks.TEMPORARY);
        expOfMinusAbs(x, e, bound);
        rampPlusLog(x, e, y, bound);
    }

    private static void expOfMinusAbs(MemorySegment x, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            store(VectorMath.exp(load(x, i).lanewise(VectorOperators.ABS).neg()), y, i);
        }
    }

    /** {@code max(x, 0) + log(1 + e)} */
    private static void rampPlusLog(MemorySegment x, MemorySegment e, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(ZERO.blend(v, v.compare(GT, 0)).add(VectorMath.logOfOnePlus(load(e, i))), y, i);
        }
    }

    static void clamp(MemorySegment x, float p, float q, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(v.blend(q, v.compare(GT, q)).blend(p, v.compare(LT, p)), y, i);
        }
    }

    static void leakyRelu(MemorySegment x, float p, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(v.mul(p).blend(v, v.compare(GT, 0)), y, i);
        }
    }

    static void round(MemorySegment x, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(VectorMath.round(v), y, i);
        }
    }

    static void floor(MemorySegment x, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(VectorMath.floor(v), y, i);
        }
    }

    static void greater(MemorySegment x, float p, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(ZERO.blend(1, v.compare(GT, p)), y, i);
        }
    }

    static void between(MemorySegment x, float p, float q, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(ZERO.blend(1, v.compare(GE, p).and(v.compare(LE, q))), y, i);
        }
    }

    /** The rare vectors with anything but normal positive numbers go to the plain loop. */
    static void log(MemorySegment x, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            if (v.compare(GE, Float.MIN_NORMAL).and(v.compare(LE, Float.MAX_VALUE)).allTrue()) {
                store(VectorMath.log(v), y, i);
            } else {
                plain(UnaryOp.LOG, x, y, i);
            }
        }
    }

    /** {@code sin(x + quarters·π/2)}; the rare vectors with large values go to the plain loop. */
    static void sine(MemorySegment x, int quarters, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            if (v.lanewise(VectorOperators.ABS).compare(LE, ScalarMath.TRIGONOMETRIC_MOST).allTrue()) {
                store(VectorMath.sine(v, quarters), y, i);
            } else {
                plain(quarters == 0 ? UnaryOp.SIN : UnaryOp.COS, x, y, i);
            }
        }
    }

    private static void plain(UnaryOp op, MemorySegment x, MemorySegment y, int from) {
        for (int i = from; i < from + LANES; i++) {
            y.setAtIndex(JAVA_FLOAT, i, ScalarMapKernel.unary(op, x.getAtIndex(JAVA_FLOAT, i), 0, 0));
        }
    }
}
