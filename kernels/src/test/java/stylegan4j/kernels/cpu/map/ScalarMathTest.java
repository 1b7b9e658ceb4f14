package stylegan4j.kernels.cpu.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Every function over all floats (one bit pattern in 65,537), against double precision. */
class ScalarMathTest {
    private interface FloatFunction {
        float of(float x);
    }

    @Test
    void exponential() {
        check(ScalarMath::exp, Math::exp, Float.POSITIVE_INFINITY, 1.1);
        check(ScalarMath::expm1, Math::expm1, 88, 2);
    }

    @Test
    void logarithm() {
        check(ScalarMath::log, Math::log, Float.POSITIVE_INFINITY, 1);
        assertEquals(Float.NEGATIVE_INFINITY, ScalarMath.log(0));
    }

    @Test
    void trigonometric() {
        check(ScalarMath::sin, Math::sin, Float.POSITIVE_INFINITY, 2);
        check(ScalarMath::cos, Math::cos, Float.POSITIVE_INFINITY, 2);
        // Next to a multiple of π the reduction must keep more digits than a float holds.
        assertEquals((float) Math.sin(355), ScalarMath.sin(355), Math.ulp(ScalarMath.sin(355)));
    }

    @Test
    void sigmoidal() {
        check(ScalarMath::tanh, Math::tanh, Float.POSITIVE_INFINITY, 3);
        check(ScalarMath::sigmoid, x -> 1 / (1 + Math.exp(-x)), Float.POSITIVE_INFINITY, 3);
        check(ScalarMath::softplus, x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
                Float.POSITIVE_INFINITY, 2);
    }

    private static void check(FloatFunction function, DoubleUnaryOperator exact, float most, double ulps) {
        for (long bits = 0; bits <= 0xffffffffL; bits += 65_537) {
            float x = Float.intBitsToFloat((int) bits);
            if (x > most) {
                continue;
            }
            double want = exact.applyAsDouble(x);
            float rounded = (float) want;
            float got = function.of(x);
            if (Float.isNaN(rounded) || Float.isInfinite(rounded)) {
                assertEquals(rounded, got, () -> "at " + x);
            } else {
                assertTrue(Math.abs(got - want) <= ulps * Math.ulp(rounded),
                        () -> "at " + x + ": expected " + want + ", got " + got);
            }
        }
    }
}
