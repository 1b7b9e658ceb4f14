package stylegan4j.kernels.cpu.map;

import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import stylegan4j.kernels.cpu.VectorWidth;

/**
 * {@link ScalarMath} on vectors, step by step the same. Methods are small and a loop uses one or two of them: in larger
 * bodies the compiler leaves vectors boxed, which makes them several times slower.
 */
final class VectorMath {
    private static final VectorSpecies<Float> S = VectorWidth.FLOATS;
    private static final FloatVector ROUNDER = FloatVector.broadcast(S, ScalarMath.ROUNDER);

    private VectorMath() {
    }

    static FloatVector exp(FloatVector x) {
        FloatVector rounded = x.fma(constant(ScalarMath.LOG2_E), ROUNDER);
        IntVector k = rounded.reinterpretAsInts().sub(ScalarMath.ROUNDER_BITS);
        IntVector half = k.lanewise(ASHR, 1);
        return reducedExpm1(x, rounded.sub(ROUNDER)).add(1)
                .mul(powerOfTwo(half)).mul(powerOfTwo(k.sub(half)))
                .blend(Float.POSITIVE_INFINITY, x.compare(GT, ScalarMath.EXP_MOST))
                .blend(0, x.compare(LT, ScalarMath.EXP_LEAST));
    }

    /** {@code e^x − 1} for x ≤ 88. */
    static FloatVector expm1(FloatVector x) {
        FloatVector bounded = x.blend(ScalarMath.EXPM1_LEAST, x.compare(LT, ScalarMath.EXPM1_LEAST));
        FloatVector rounded = bounded.fma(constant(ScalarMath.LOG2_E), ROUNDER);
        FloatVector scale = powerOfTwo(rounded.reinterpretAsInts().sub(ScalarMath.ROUNDER_BITS));
        return scale.fma(reducedExpm1(bounded, rounded.sub(ROUNDER)), scale.sub(1));
    }

    private static FloatVector reducedExpm1(FloatVector x, FloatVector k) {
        FloatVector r = k.fma(constant(-ScalarMath.LN2_LOW), k.fma(constant(-ScalarMath.LN2_HIGH), x));
        FloatVector q = r.fma(constant(ScalarMath.E6), constant(ScalarMath.E5))
                .fma(r, constant(ScalarMath.E4))
                .fma(r, constant(ScalarMath.E3))
                .fma(r, constant(ScalarMath.E2));
        return r.mul(r).fma(q, r);
    }

    private static FloatVector powerOfTwo(IntVector exponent) {
        return exponent.add(127).lanewise(LSHL, 23).reinterpretAsFloats();
    }

    /** Only for normal positive numbers. */
    static FloatVector log(FloatVector x) {
        IntVector bits = x.reinterpretAsInts().add(ScalarMath.ONE_BITS - ScalarMath.SQRT_HALF_BITS);
        FloatVector k = bits.lanewise(ASHR, 23).add(ScalarMath.ROUNDER_BITS - 127).reinterpretAsFloats().sub(ROUNDER);
        FloatVector f = bits.and(ScalarMath.FRACTION_MASK).add(ScalarMath.SQRT_HALF_BITS).reinterpretAsFloats().sub(1);
        FloatVector s = f.div(f.add(2));
        FloatVector z = s.mul(s);
        FloatVector r = z.fma(constant(ScalarMath.L4), constant(ScalarMath.L3))
                .fma(z, constant(ScalarMath.L2))
                .fma(z, constant(ScalarMath.L1))
                .mul(z);
        FloatVector halfSquare = f.mul(f).mul(0.5f);
        FloatVector low = s.fma(halfSquare.add(r), k.fma(constant(ScalarMath.LN2_LOW), halfSquare.neg()));
        return k.fma(constant(ScalarMath.LN2_HIGH), f.add(low));
    }

    /** {@code sin(x + quarters·π/2)} for |x| up to {@link ScalarMath#TRIGONOMETRIC_MOST}. */
    static FloatVector sine(FloatVector x, int quarters) {
        FloatVector rounded = x.fma(constant(ScalarMath.TWO_OVER_PI), ROUNDER);
        IntVector quadrant = rounded.reinterpretAsInts().add(quarters);
        FloatVector k = rounded.sub(ROUNDER);
        FloatVector r = k.fma(constant(-ScalarMath.HALF_PI_3),
                k.fma(constant(-ScalarMath.HALF_PI_2), k.fma(constant(-ScalarMath.HALF_PI_1), x)));
        FloatVector z = r.mul(r);
        FloatVector even = z.fma(constant(ScalarMath.S3), constant(ScalarMath.S2)).fma(z, constant(ScalarMath.S1));
        FloatVector odd = z.fma(constant(ScalarMath.C3), constant(ScalarMath.C2)).fma(z, constant(ScalarMath.C1));
        FloatVector value = r.mul(z).fma(even, r).blend(
                z.mul(z).fma(odd, z.fma(constant(-0.5f), constant(1))),
                quadrant.lanewise(LSHL, 31).compare(LT, 0).cast(S));
        IntVector sign = quadrant.and(2).lanewise(LSHL, 30);
        return value.reinterpretAsInts().lanewise(XOR, sign).reinterpretAsFloats();
    }

    static FloatVector tanh(FloatVector x) {
        FloatVector twice = x.lanewise(ABS).mul(2);
        FloatVector t = expm1(twice.blend(ScalarMath.TANH_MOST, twice.compare(GT, ScalarMath.TANH_MOST)));
        return withSignOf(x, t.div(t.add(2)));
    }

    static FloatVector sigmoid(FloatVector x) {
        FloatVector e = exp(x.lanewise(ABS).neg());
        return constant(1).blend(e, x.compare(LT, 0)).div(e.add(1));
    }

    /** {@code log(1 + e)} for e from 0 to 1, without losing a small e. */
    static FloatVector logOfOnePlus(FloatVector e) {
        FloatVector u = e.add(1);
        FloatVector lost = e.sub(u.sub(1)).div(u);
        return log(u).add(lost);
    }

    /** To the nearest whole number, halves to even: adding 2^23 leaves no room for a fraction. */
    static FloatVector round(FloatVector x) {
        FloatVector magnitude = x.lanewise(ABS);
        FloatVector whole = magnitude.add(0x1p23f).sub(0x1p23f);
        return withSignOf(x, magnitude.blend(whole, magnitude.compare(LT, 0x1p23f)));
    }

    static FloatVector floor(FloatVector x) {
        FloatVector near = round(x);
        return near.blend(near.sub(1), near.compare(GT, x));
    }

    private static FloatVector withSignOf(FloatVector x, FloatVector magnitude) {
        return magnitude.reinterpretAsInts().or(x.reinterpretAsInts().and(Integer.MIN_VALUE)).reinterpretAsFloats();
    }

    private static FloatVector constant(float value) {
        return FloatVector.broadcast(S, value);
    }
}
