package stylegan4j.kernels.cpu.map;

/**
 * Elementary functions of floats, to about two units in the last place, by the usual argument reductions and
 * polynomials fitted (minimax) for single precision. {@link VectorMath} takes the same steps on vectors, so that both
 * give the same bits; hence every multiply-add is an explicit {@code fma}.
 */
final class ScalarMath {
    static final float LOG2_E = 1.4426950216293335f;
    /** log 2 in two parts; the first has nine zero bits at the end, so products with small integers are exact. */
    static final float LN2_HIGH = 0.693145751953125f;
    static final float LN2_LOW = 1.428606765330187e-06f;
    /** Adding this rounds to a whole number, found in the sum's lowest bits. */
    static final float ROUNDER = 0x1.8p23f;
    static final int ROUNDER_BITS = 0x4b400000;

    /** (e^r − 1 − r) / r² for |r| ≤ log(2)/2, relative error of e^r − 1: 1.6e-8. */
    static final float E2 = 0.5f;
    static final float E3 = 0.1666654348373413f;
    static final float E4 = 0.04166628047823906f;
    static final float E5 = 0.00836661085486412f;
    static final float E6 = 0.001394649618305266f;
    /** Beyond these e^x is infinite or zero. */
    static final float EXP_MOST = 88.72284f;
    static final float EXP_LEAST = -104;
    /** Below this e^x − 1 is −1. */
    static final float EXPM1_LEAST = -30;

    /** (2·atanh(s) − 2s) / s³ in s², for 1+f = (1+s)/(1−s) between √½ and √2; relative error 1e-9. */
    static final float L1 = 0.6666666269302368f;
    static final float L2 = 0.4000033736228943f;
    static final float L3 = 0.28537237644195557f;
    static final float L4 = 0.23583568632602692f;
    static final int SQRT_HALF_BITS = 0x3f3504f3;
    static final int ONE_BITS = 0x3f800000;
    static final int FRACTION_MASK = 0x007fffff;

    static final float TWO_OVER_PI = 0.6366197466850281f;
    /** π/2 in three parts. */
    static final float HALF_PI_1 = 1.5707963705062866f;
    static final float HALF_PI_2 = -4.371138828673793e-08f;
    static final float HALF_PI_3 = -1.7151245100058819e-15f;
    /** Largest |x| for which the three parts suffice. */
    static final float TRIGONOMETRIC_MOST = 32768;
    /** (sin r − r) / r³ in r², |r| ≤ π/4; relative error 6e-9. */
    static final float S1 = -0.16666655242443085f;
    static final float S2 = 0.008332176133990288f;
    static final float S3 = -0.00019516977772582322f;
    /** (cos r − 1 + r²/2) / r⁴ in r²; absolute error 5e-10. */
    static final float C1 = 0.04166664555668831f;
    static final float C2 = -0.0013887364184483886f;
    static final float C3 = 2.443809171381872e-05f;

    /** Where tanh is 1 to float accuracy, doubled. */
    static final float TANH_MOST = 20;

    private ScalarMath() {
    }

    static float exp(float x) {
        if (x > EXP_MOST) {
            return Float.POSITIVE_INFINITY;
        }
        if (x < EXP_LEAST) {
            return 0;
        }
        float rounded = Math.fma(x, LOG2_E, ROUNDER);
        int k = Float.floatToRawIntBits(rounded) - ROUNDER_BITS;
        // Two factors: their product alone may lie outside the range of floats.
        return (reducedExpm1(x, rounded - ROUNDER) + 1) * powerOfTwo(k >> 1) * powerOfTwo(k - (k >> 1));
    }

    /** {@code e^x − 1} for x ≤ 88. */
    static float expm1(float x) {
        float bounded = x < EXPM1_LEAST ? EXPM1_LEAST : x;
        float rounded = Math.fma(bounded, LOG2_E, ROUNDER);
        float scale = powerOfTwo(Float.floatToRawIntBits(rounded) - ROUNDER_BITS);
        return Math.fma(scale, reducedExpm1(bounded, rounded - ROUNDER), scale - 1);
    }

    /** {@code e^(x − k·log 2) − 1}. */
    private static float reducedExpm1(float x, float k) {
        float r = Math.fma(k, -LN2_LOW, Math.fma(k, -LN2_HIGH, x));
        float q = Math.fma(r, Math.fma(r, Math.fma(r, Math.fma(r, E6, E5), E4), E3), E2);
        return Math.fma(r * r, q, r);
    }

    private static float powerOfTwo(int exponent) {
        return Float.intBitsToFloat(exponent + 127 << 23);
    }

    static float log(float x) {
        if (!(x > 0) || x == Float.POSITIVE_INFINITY) {
            return x == 0 ? Float.NEGATIVE_INFINITY : x > 0 ? x : Float.NaN;
        }
        boolean subnormal = x < Float.MIN_NORMAL;
        int bits = Float.floatToRawIntBits(subnormal ? x * 0x1p24f : x) + (ONE_BITS - SQRT_HALF_BITS);
        float k = (bits >> 23) - (subnormal ? 127 + 24 : 127);
        float f = Float.intBitsToFloat((bits & FRACTION_MASK) + SQRT_HALF_BITS) - 1;
        float s = f / (f + 2);
        float z = s * s;
        float r = z * Math.fma(z, Math.fma(z, Math.fma(z, L4, L3), L2), L1);
        float halfSquare = f * f * 0.5f;
        float low = Math.fma(s, halfSquare + r, Math.fma(k, LN2_LOW, -halfSquare));
        return Math.fma(k, LN2_HIGH, f + low);
    }

    static float sin(float x) {
        return Math.abs(x) <= TRIGONOMETRIC_MOST ? sine(x, 0) : (float) Math.sin(x);
    }

    static float cos(float x) {
        return Math.abs(x) <= TRIGONOMETRIC_MOST ? sine(x, 1) : (float) Math.cos(x);
    }

    /** {@code sin(x + quarters·π/2)}. */
    private static float sine(float x, int quarters) {
        float rounded = Math.fma(x, TWO_OVER_PI, ROUNDER);
        int quadrant = Float.floatToRawIntBits(rounded) + quarters;
        float k = rounded - ROUNDER;
        float r = Math.fma(k, -HALF_PI_3, Math.fma(k, -HALF_PI_2, Math.fma(k, -HALF_PI_1, x)));
        float z = r * r;
        float value = (quadrant & 1) == 0
                ? Math.fma(r * z, Math.fma(z, Math.fma(z, S3, S2), S1), r)
                : Math.fma(z * z, Math.fma(z, Math.fma(z, C3, C2), C1), Math.fma(z, -0.5f, 1));
        return (quadrant & 2) == 0 ? value : -value;
    }

    static float tanh(float x) {
        float twice = Math.abs(x) * 2;
        float t = expm1(twice > TANH_MOST ? TANH_MOST : twice);
        return Math.copySign(t / (t + 2), x);
    }

    /** {@code 1 / (1 + e^−x)} */
    static float sigmoid(float x) {
        float e = exp(-Math.abs(x));
        return (x < 0 ? e : 1) / (e + 1);
    }

    /** {@code log(1 + e^x)} */
    static float softplus(float x) {
        return (x > 0 ? x : 0) + logOfOnePlus(exp(-Math.abs(x)));
    }

    /** {@code log(1 + e)} for e from 0 to 1, without losing a small e. */
    private static float logOfOnePlus(float e) {
        float u = e + 1;
        float lost = (e - (u - 1)) / u;
        return log(u) + lost;
    }
}
