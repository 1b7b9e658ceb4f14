package stylegan4j.kernels.cpu.map;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.ReduceOp;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.kernels.cpu.map.Arrange.Layout;

@Tag("widths")
class ReductionTest {
    private static final int[][] SHAPES = {{1}, {13}, {5003}, {3, 5}, {207, 3}, {3, 207}, {7, 1, 130}, {2, 19, 13, 21},
        {90, 100}, {1, 3, 32, 32}, {9, 5000}};

    @ParameterizedTest
    @EnumSource(ReduceOp.class)
    void everySetOfDimensionsOfEveryLayout(ReduceOp op) {
        try (Arrange arrange = new Arrange(2)) {
            for (int[] shape : SHAPES) {
                for (Layout layout : Layout.values()) {
                    NdArray x = arrange.normal(layout, shape);
                    for (int reduced = 0; reduced < 1 << shape.length; reduced++) {
                        check(arrange, op, x, reduced);
                    }
                }
            }
        }
    }

    private static void check(Arrange arrange, ReduceOp op, NdArray x, int reduced) {
        int[] shape = x.shape().clone();
        for (int d = 0; d < shape.length; d++) {
            shape[d] = (reduced >> d & 1) == 1 ? 1 : shape[d];
        }
        NdArray y = arrange.empty(shape);
        arrange.backend.reduce(op, x, y);
        double[] expected = new double[(int) y.numel()];
        double[] magnitude = new double[expected.length];
        Arrays.fill(expected, ScalarMapKernel.identity(op));
        float[] values = Arrange.floats(x);
        for (int i = 0; i < values.length; i++) {
            int target = 0;
            int rest = i;
            int step = 1;
            for (int d = shape.length - 1; d >= 0; d--) {
                target += shape[d] == 1 ? 0 : rest % x.size(d) * step;
                rest /= x.size(d);
                step *= shape[d];
            }
            double v = values[i];
            expected[target] = switch (op) {
                case SUM -> expected[target] + v;
                case SUM_OF_SQUARES -> expected[target] + v * v;
                case MAXIMUM -> Math.max(expected[target], v);
                case MINIMUM -> Math.min(expected[target], v);
            };
            magnitude[target] += op == ReduceOp.SUM_OF_SQUARES ? v * v : Math.abs(v);
        }
        float[] actual = Arrange.floats(y);
        for (int i = 0; i < actual.length; i++) {
            // At most 64 additions in a row in float, each off by half an ulp (2^-24) of a partial sum.
            double tolerance = op == ReduceOp.MAXIMUM || op == ReduceOp.MINIMUM ? 0 : 66 * 0x1p-24 * magnitude[i];
            assertEquals(expected[i], actual[i], tolerance, () -> op + " of " + x);
        }
    }

    @Test
    void productsOfEverySetOfDimensionsAndLayout() {
        try (Arrange arrange = new Arrange(2)) {
            for (int[] shape : SHAPES) {
                for (Layout layout : Layout.values()) {
                    NdArray a = arrange.normal(layout, shape);
                    NdArray b = arrange.normal(Layout.values()[Layout.values().length - 1 - layout.ordinal()], shape);
                    for (int reduced = 0; reduced < 1 << shape.length; reduced++) {
                        checkProducts(arrange, a, b, reduced);
                        checkProducts(arrange, a, repeated(b), reduced);
                    }
                }
            }
        }
    }

    /** x's first element along the second dimension from the end, everywhere along it. */
    private static NdArray repeated(NdArray x) {
        long[] strides = x.strides().clone();
        strides[Math.max(0, strides.length - 2)] = 0;
        return new NdArray(x.buffer(), x.type(), x.offset(), x.shape(), strides);
    }

    private static void checkProducts(Arrange arrange, NdArray a, NdArray b, int reduced) {
        NdArray products = arrange.empty(a.shape());
        arrange.backend.binary(BinaryOp.MULTIPLY, a, b, products);
        int[] shape = a.shape().clone();
        for (int d = 0; d < shape.length; d++) {
            shape[d] = (reduced >> d & 1) == 1 ? 1 : shape[d];
        }
        NdArray expected = arrange.empty(shape);
        NdArray magnitude = arrange.empty(shape);
        arrange.backend.reduce(ReduceOp.SUM, products, expected);
        arrange.backend.unary(UnaryOp.ABS, products, 0, 0, products);
        arrange.backend.reduce(ReduceOp.SUM, products, magnitude);
        NdArray actual = arrange.empty(shape);
        arrange.backend.sumOfProducts(a, b, actual);
        float[] sums = Arrange.floats(expected);
        float[] bounds = Arrange.floats(magnitude);
        float[] values = Arrange.floats(actual);
        for (int i = 0; i < sums.length; i++) {
            // The same rounded products: both sums err as in the test of sums, and may take another order.
            assertEquals(sums[i], values[i], 2 * 66 * 0x1p-24 * bounds[i], () -> a + " times " + b);
        }
    }

    @ParameterizedTest
    @EnumSource(ReduceOp.class)
    void longSumsStayAccurate(ReduceOp op) {
        if (op == ReduceOp.MAXIMUM || op == ReduceOp.MINIMUM) {
            return;
        }
        try (Arrange arrange = new Arrange(2)) {
            int n = 10_000_019;
            NdArray x = arrange.empty(n, 1);
            arrange.backend.fill(x, 0.1f);
            double exact = op == ReduceOp.SUM ? n * (double) 0.1f : n * ((double) 0.1f * 0.1f);
            NdArray y = arrange.empty(1, 1);
            arrange.backend.reduce(op, x, y);
            // Equal addends are the worst case: each partial sum errs the same way in every block.
            assertEquals(exact, Arrange.floats(y)[0], 1e-6 * exact);
        }
    }

    @Test
    void longColumnsStayAccurate() {
        try (Arrange arrange = new Arrange(2)) {
            int rows = 300_007;
            NdArray x = arrange.empty(rows, 5);
            arrange.backend.fill(x, 0.1f);
            NdArray y = arrange.empty(1, 5);
            arrange.backend.reduce(ReduceOp.SUM, x, y);
            for (float sum : Arrange.floats(y)) {
                assertEquals(rows * (double) 0.1f, sum, 1e-6 * rows * 0.1);
            }
        }
    }

    @Test
    void nothingReducesToTheNeutralElement() {
        try (Arrange arrange = new Arrange(1)) {
            NdArray x = arrange.empty(3, 0);
            NdArray y = arrange.normal(Layout.DENSE, 3, 1);
            arrange.backend.reduce(ReduceOp.SUM, x, y);
            assertArrayEquals(new float[] {0, 0, 0}, Arrange.floats(y));
            arrange.backend.reduce(ReduceOp.MAXIMUM, x, y);
            assertEquals(Float.NEGATIVE_INFINITY, Arrange.floats(y)[2]);
            arrange.backend.reduce(ReduceOp.SUM, arrange.empty(0, 3), arrange.empty(0, 1));
        }
    }

    @Test
    void extremesKeepNan() {
        try (Arrange arrange = new Arrange(1)) {
            float[] values = new float[100];
            values[37] = Float.NaN;
            NdArray y = arrange.empty(1);
            arrange.backend.reduce(ReduceOp.MAXIMUM, arrange.of(values, 100), y);
            assertEquals(Float.NaN, Arrange.floats(y)[0]);
            arrange.backend.reduce(ReduceOp.MINIMUM, arrange.of(values, 100), y);
            assertEquals(Float.NaN, Arrange.floats(y)[0]);
        }
    }

    @ParameterizedTest
    @EnumSource(ReduceOp.class)
    void threadsDoNotChangeTheResult(ReduceOp op) {
        int[][] shapes = {{100_001}, {500, 131}, {131, 500}, {3, 50, 301}};
        for (int[] shape : shapes) {
            for (int reduced = 1; reduced < 1 << shape.length; reduced++) {
                assertArrayEquals(reduced(1, op, shape, reduced), reduced(3, op, shape, reduced));
            }
        }
    }

    private static float[] reduced(int threads, ReduceOp op, int[] shape, int reduced) {
        try (Arrange arrange = new Arrange(threads)) {
            int[] result = shape.clone();
            for (int d = 0; d < shape.length; d++) {
                result[d] = (reduced >> d & 1) == 1 ? 1 : shape[d];
            }
            NdArray y = arrange.empty(result);
            arrange.backend.reduce(op, arrange.normal(Layout.DENSE, shape), y);
            return Arrange.floats(y);
        }
    }
}
