package stylegan4j.kernels.cpu.map;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static stylegan4j.kernels.cpu.map.VectorMapKernel.LANES;
import static stylegan4j.kernels.cpu.map.VectorMapKernel.S;
import static stylegan4j.kernels.cpu.map.VectorMapKernel.load;
import static stylegan4j.kernels.cpu.map.VectorMapKernel.store;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Loops for activations and their derivatives, which are functions of the activation's output (swish: its input). */
final class VectorActivation {
    private static final FloatVector ZERO = FloatVector.zero(S);
    private static final FloatVector ONE = FloatVector.broadcast(S, 1);
    private static final FloatVector TWO = FloatVector.broadcast(S, 2);
    private static final FloatVector MINUS_TWO = FloatVector.broadcast(S, -2);

    private VectorActivation() {
    }

    /** {@code clamp(gain · (x + bias > 0 ? x + bias : alpha · (x + bias)))} */
    static void leakyRelu(float alpha, float gain, float bound, MemorySegment x, MemorySegment bias, MemorySegment y,
                          int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = load(x, i).add(load(bias, i));
            FloatVector scaled = v.mul(alpha).blend(v, v.compare(GT, 0)).mul(gain);
            store(bounded(scaled, bound), y, i);
        }
    }

    /** {@code clamp(gain · max(x + bias, 0))} */
    static void relu(float gain, float bound, MemorySegment x, MemorySegment bias, MemorySegment y, int count) {
        for (int i = 0; i < count; i += LANES) {
            FloatVector v = load(x, i).add(load(bias, i));
            store(bounded(ZERO.blend(v, v.compare(GT, 0)).mul(gain), bound), y, i);
        }
    }

    /** {@code clamp(gain · x)} */
    static void scale(float gain, float bound, MemorySegment x, MemorySegment y, int count) {
        for (int i = 0; i < count; i += LANES) {
            store(bounded(load(x, i).mul(gain), bound), y, i);
        }
    }

    private static FloatVector bounded(FloatVector v, float bound) {
        return v.blend(bound, v.compare(GT, bound)).blend(-bound, v.compare(LT, -bound));
    }

    static void elu(MemorySegment x, float scale, float negativeScale, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(VectorMath.expm1(v).mul(negativeScale).blend(v.mul(scale), v.compare(GE, 0)), y, i);
        }
    }

    static void swish(MemorySegment x, MemorySegment y, int bound) {
        MemorySegment s = Blocks.scratch(Blocks.TEMPORARY);
        VectorUnary.sigmoid(x, s, bound);
        VectorBinary.multiply(x, s, y, bound);
    }

    /** {@code f > 0 ? positive : negative} */
    static void step(MemorySegment x, float positive, float negative, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(FloatVector.broadcast(S, negative).blend(positive, v.compare(GT, 0)), y, i);
        }
    }

    /** {@code f ≥ 0 ? positive : f + offset}: the exponential linear units. */
    static void tail(MemorySegment x, float positive, float offset, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(v.add(offset).blend(positive, v.compare(GE, 0)), y, i);
        }
    }

    static void tanhSlope(MemorySegment x, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(v.neg().fma(v, ONE), y, i);
        }
    }

    static void tanhCurvature(MemorySegment x, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(v.mul(-2).mul(v.neg().fma(v, ONE)), y, i);
        }
    }

    static void sigmoidSlope(MemorySegment x, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(v.mul(ONE.sub(v)), y, i);
        }
    }

    static void sigmoidCurvature(MemorySegment x, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(v.mul(ONE.sub(v)).mul(v.fma(MINUS_TWO, ONE)), y, i);
        }
    }

    static void softplusSlope(MemorySegment x, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(x, i);
            store(VectorMath.expm1(v.neg()).neg(), y, i);
        }
    }

    static void softplusCurvature(MemorySegment f, MemorySegment y, int bound) {
        softplusSlope(f, y, bound);
        sigmoidSlope(y, y, bound);
    }

    static void swishSlope(MemorySegment x, MemorySegment y, int bound) {
        MemorySegment s = Blocks.scratch(Blocks.TEMPORARY);
        VectorUnary.sigmoid(x, s, bound);
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(s, i);
            store(v.mul(load(x, i).fma(ONE.sub(v), ONE)), y, i);
        }
    }

    static void swishCurvature(MemorySegment x, MemorySegment y, int bound) {
        MemorySegment s = Blocks.scratch(Blocks.TEMPORARY);
        VectorUnary.sigmoid(x, s, bound);
        for (int i = 0; i < bound; i += LANES) {
            FloatVector v = load(s, i);
            store(v.mul(ONE.sub(v)).mul(load(x, i).fma(v.fma(MINUS_TWO, ONE), TWO)), y, i);
        }
    }

    /** {@code |outputGain · output| < clamp ? a · slope · gain : 0} */
    static void chain(float gain, float clamp, MemorySegment a, MemorySegment slope, MemorySegment output,
                      float outputGain, MemorySegment y, int bound) {
        for (int i = 0; i < bound; i += LANES) {
            FloatVector product = load(a, i).mul(load(slope, i)).mul(gain);
            FloatVector magnitude = load(output, i).mul(outputGain).lanewise(VectorOperators.ABS);
            store(product.blend(0, magnitude.compare(GE, clamp)), y, i);
        }
    }

    /** {@code |v| < clamp ? a · (gain·v > 0 ? gain : gain · alpha) : 0} */
    static void leakyGradient(float alpha, float gain, float clamp, MemorySegment a, MemorySegment v, MemorySegment y,
                              int bound) {
        FloatVector below = FloatVector.broadcast(S, gain * alpha);
        float sign = Math.signum(gain);
        for (int i = 0; i < bound; i += LANES) {
            FloatVector output = load(v, i);
            FloatVector slope = below.blend(gain, output.mul(sign).compare(GT, 0));
            FloatVector product = load(a, i).mul(slope);
            store(product.blend(0, output.lanewise(VectorOperators.ABS).compare(GE, clamp)), y, i);
        }
    }
}
