package stylegan4j.kernels.cpu.map;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.kernels.cpu.map.Arrange.Layout;

@Tag("widths")
class ElementwiseTest {
    private static final int[][] SHAPES = {{}, {1}, {0}, {13}, {207, 5}, {2, 3, 1, 7}, {3, 17, 2, 43}};

    /** All functions are within 3 units in the last place (measured worst: tanh 2.3); sums of two: 1. */
    private static final double ULPS = 3;

    @ParameterizedTest
    @EnumSource(UnaryOp.class)
    void unaryOfEveryLayout(UnaryOp op) {
        try (Arrange arrange = new Arrange(2)) {
            for (int[] shape : SHAPES) {
                for (Layout layout : Layout.values()) {
                    NdArray x = arrange.normal(layout, shape);
                    NdArray y = arrange.empty(shape);
                    arrange.backend.unary(op, x, -0.4f, 0.7f, y);
                    float[] in = Arrange.floats(x);
                    float[] out = Arrange.floats(y);
                    for (int i = 0; i < in.length; i++) {
                        assertClose(expected(op, in[i], -0.4f, 0.7f), out[i], op, in[i], -0.4f);
                    }
                }
            }
        }
    }

    private static double expected(UnaryOp op, double x, double p, double q) {
        return switch (op) {
            case AFFINE -> p * x + q;
            case ABS -> Math.abs(x);
            case SIGN -> Math.signum(x);
            case SQUARE -> x * x;
            case SQRT -> Math.sqrt(x);
            case RSQRT -> 1 / Math.sqrt(x);
            case RECIPROCAL -> 1 / x;
            case EXP -> Math.exp(x);
            case LOG -> Math.log(x);
            case SIN -> Math.sin(x);
            case COS -> Math.cos(x);
            case TANH -> Math.tanh(x);
            case SIGMOID -> 1 / (1 + Math.exp(-x));
            case SOFTPLUS -> Math.log1p(Math.exp(x));
            case POWER -> Math.pow(x, p);
            case CLAMP -> Math.min(Math.max(x, p), q);
            case LEAKY_RELU -> x > 0 ? x : p * x;
            case FLOOR -> Math.floor(x);
            case ROUND -> Math.rint(x);
            case GREATER -> x > p ? 1 : 0;
            case BETWEEN -> p <= x && x <= q ? 1 : 0;
        };
    }

    @ParameterizedTest
    @EnumSource(BinaryOp.class)
    void binaryOfEveryPairOfLayouts(BinaryOp op) {
        try (Arrange arrange = new Arrange(2)) {
            for (int[] shape : SHAPES) {
                for (Layout first : Layout.values()) {
                    for (Layout second : Layout.values()) {
                        checkBinary(arrange, op, arrange.normal(first, shape), arrange.normal(second, shape));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(BinaryOp.class)
    void binaryBroadcasts(BinaryOp op) {
        try (Arrange arrange = new Arrange(2)) {
            int[] shape = {3, 37, 4, 29};
            NdArray x = arrange.normal(Layout.DENSE, shape);
            NdArray values = arrange.normal(Layout.DENSE, 3 * 37);
            long[][] broadcasts = {{0, 0, 0, 0}, {37, 1, 0, 0}, {0, 0, 0, 1}, {0, 0, 1, 0}, {1, 0, 0, 0}};
            for (long[] strides : broadcasts) {
                NdArray b = new NdArray(values.buffer(), values.type(), 0, shape, strides);
                checkBinary(arrange, op, x, b);
                checkBinary(arrange, op, b, x);
            }
        }
    }

    private static void checkBinary(Arrange arrange, BinaryOp op, NdArray a, NdArray b) {
        NdArray y = arrange.empty(a.shape());
        arrange.backend.binary(op, a, b, y);
        float[] first = Arrange.floats(a);
        float[] second = Arrange.floats(b);
        float[] out = Arrange.floats(y);
        for (int i = 0; i < out.length; i++) {
            assertClose(expected(op, first[i], second[i]), out[i], op, first[i], second[i]);
        }
    }

    private static double expected(BinaryOp op, double a, double b) {
        return switch (op) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case POWER -> Math.pow(a, b);
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
            case GREATER -> a > b ? 1 : 0;
            case GREATER_EQUAL -> a >= b ? 1 : 0;
            case EQUAL -> a == b ? 1 : 0;
        };
    }

    @Test
    void binaryInPlace() {
        try (Arrange arrange = new Arrange(2)) {
            NdArray x = arrange.normal(Layout.DENSE, 50_001);
            float[] before = Arrange.floats(x);
            arrange.backend.binary(BinaryOp.ADD, x, x, x);
            for (int i = 0; i < before.length; i++) {
                before[i] *= 2;
            }
            assertArrayEquals(before, Arrange.floats(x));
        }
    }

    @Test
    void specialValuesOfComparisonsAndExtremes() {
        float nan = Float.NaN;
        float[] a = {nan, 1, nan, 0, -0f, 1, 2, 3, 4, nan};
        float[] b = {1, nan, nan, -0f, 0, 1, 1, 3, 5, 0};
        assertArrayEquals(new float[] {nan, nan, nan, 0, 0, 1, 2, 3, 5, nan}, binary(BinaryOp.MAXIMUM, a, b));
        assertArrayEquals(new float[] {nan, nan, nan, -0f, -0f, 1, 1, 3, 4, nan}, binary(BinaryOp.MINIMUM, a, b));
        assertArrayEquals(new float[] {0, 0, 0, 1, 1, 1, 0, 1, 0, 0}, binary(BinaryOp.EQUAL, a, b));
        assertArrayEquals(new float[] {0, 0, 0, 1, 1, 1, 1, 1, 0, 0}, binary(BinaryOp.GREATER_EQUAL, a, b));
        assertArrayEquals(new float[] {0, 0, 0, 0, 0, 0, 1, 0, 0, 0}, binary(BinaryOp.GREATER, a, b));
    }

    private static float[] binary(BinaryOp op, float[] a, float[] b) {
        try (Arrange arrange = new Arrange(1)) {
            NdArray y = arrange.empty(a.length);
            arrange.backend.binary(op, arrange.of(a, a.length), arrange.of(b, b.length), y);
            return Arrange.floats(y);
        }
    }

    @Test
    void powersWithAShortcutAgreeWithPow() {
        try (Arrange arrange = new Arrange(1)) {
            float[] values = {0, 0.25f, 1, 2, 3, 1e10f, 1e-10f, 7, 9, 11, 13};
            NdArray x = arrange.of(values, values.length);
            NdArray y = arrange.empty(values.length);
            for (float p : new float[] {2, 0.5f, 1, -1, -0.5f, 0, 3, 1.7f}) {
                arrange.backend.unary(UnaryOp.POWER, x, p, 0, y);
                float[] out = Arrange.floats(y);
                for (int i = 0; i < values.length; i++) {
                    assertClose(Math.pow(values[i], p), out[i], UnaryOp.POWER, values[i], p);
                }
            }
        }
    }

    @Test
    void whereChoosesAndCountsNanAsTrue() {
        try (Arrange arrange = new Arrange(2)) {
            int[] shape = {3, 65, 2, 131};
            NdArray condition = arrange.normal(Layout.SPACED, shape);
            NdArray mask = arrange.empty(shape);
            arrange.backend.unary(UnaryOp.GREATER, condition, 0.3f, 0, mask);
            NdArray a = arrange.normal(Layout.REVERSED_DIMENSIONS, shape);
            NdArray b = arrange.normal(Layout.BROADCAST_FIRST, shape);
            NdArray y = arrange.empty(shape);
            arrange.backend.where(mask, a, b, y);
            float[] chosen = Arrange.floats(condition);
            float[] expected = Arrange.floats(b);
            float[] first = Arrange.floats(a);
            for (int i = 0; i < expected.length; i++) {
                expected[i] = chosen[i] > 0.3f ? first[i] : expected[i];
            }
            assertArrayEquals(expected, Arrange.floats(y));

            NdArray special = arrange.of(new float[] {Float.NaN, -0f, 0, 1}, 4);
            NdArray small = arrange.empty(4);
            arrange.backend.where(special, arrange.of(new float[] {1, 2, 3, 4}, 4), arrange.empty(4), small);
            assertArrayEquals(new float[] {1, 0, 0, 4}, Arrange.floats(small));
        }
    }

    private static void assertClose(double expected, float actual, Enum<?> op, float a, float b) {
        float rounded = (float) expected;
        boolean close = Float.isNaN(rounded) || Float.isInfinite(rounded) ? Float.compare(rounded, actual) == 0
                : Math.abs(actual - expected) <= ULPS * Math.ulp(rounded);
        if (!close) {
            fail(op + " of " + a + ", " + b + ": expected " + expected + ", got " + actual);
        }
    }
}
