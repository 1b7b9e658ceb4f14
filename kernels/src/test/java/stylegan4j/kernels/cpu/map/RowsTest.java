package stylegan4j.kernels.cpu.map;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.kernels.cpu.map.Arrange.Layout;

@Tag("widths")
class RowsTest {
    private static final int[][] SHAPES = {{}, {1}, {13}, {0}, {3, 0}, {0, 3}, {207, 5}, {5, 207}, {3, 2, 5001}};

    @ParameterizedTest
    @EnumSource(Layout.class)
    void softmax(Layout layout) {
        try (Arrange arrange = new Arrange(2)) {
            for (int[] shape : SHAPES) {
                NdArray x = arrange.normal(layout, shape);
                NdArray y = arrange.empty(shape);
                arrange.backend.softmax(x, y);
                float[] in = Arrange.floats(x);
                float[] out = Arrange.floats(y);
                int length = shape.length == 0 ? 1 : shape[shape.length - 1];
                for (int row = 0; row < in.length; row += length) {
                    double sum = 0;
                    for (int i = row; i < row + length; i++) {
                        sum += Math.exp(in[i]);
                    }
                    for (int i = row; i < row + length; i++) {
                        // x − max is rounded (2^-24 · 8), exp, the sum and the product by a few ulps.
                        assertEquals(Math.exp(in[i]) / sum, out[i], 1e-6 * Math.exp(in[i]) / sum);
                    }
                }
            }
        }
    }

    @Test
    void softmaxOfHugeValues() {
        try (Arrange arrange = new Arrange(1)) {
            NdArray y = arrange.empty(3);
            arrange.backend.softmax(arrange.of(new float[] {1e30f, 1e30f, -1e30f}, 3), y);
            assertArrayEquals(new float[] {0.5f, 0.5f, 0}, Arrange.floats(y));
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void cumulativeSum(Layout layout) {
        try (Arrange arrange = new Arrange(2)) {
            for (int[] shape : SHAPES) {
                NdArray x = arrange.normal(layout, shape);
                NdArray y = arrange.empty(shape);
                arrange.backend.cumulativeSum(x, y);
                float[] expected = Arrange.floats(x);
                int length = shape.length == 0 ? 1 : shape[shape.length - 1];
                double sum = 0;
                for (int i = 0; i < expected.length; i++) {
                    sum = i % length == 0 ? expected[i] : sum + expected[i];
                    expected[i] = (float) sum;
                }
                assertArrayEquals(expected, Arrange.floats(y));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void sortingOrder(Layout layout) {
        try (Arrange arrange = new Arrange(2)) {
            for (int[] shape : SHAPES) {
                NdArray x = arrange.normal(layout, shape);
                // Few distinct values, so that stability shows.
                NdArray rounded = arrange.empty(shape);
                arrange.backend.unary(UnaryOp.ROUND, x, 0, 0, rounded);
                NdArray y = arrange.empty(DType.I32, shape);
                float[] values = Arrange.floats(rounded);
                int length = shape.length == 0 ? 1 : shape[shape.length - 1];
                for (boolean descending : new boolean[] {false, true}) {
                    arrange.backend.argSort(rounded, descending, y);
                    int[] actual = Arrange.ints(y);
                    for (int row = 0; row < values.length; row += length) {
                        int start = row;
                        Comparator<Integer> order = Comparator.comparingDouble(i -> values[start + i] + 0.0);
                        int[] expected = IntStream.range(0, length).boxed()
                                .sorted(descending ? order.reversed() : order).mapToInt(i -> i).toArray();
                        assertArrayEquals(expected, Arrays.copyOfRange(actual, row, row + length));
                    }
                }
            }
        }
    }

    @Test
    void sortingPutsNanLastAndKeepsEqualZerosInOrder() {
        try (Arrange arrange = new Arrange(1)) {
            float inf = Float.POSITIVE_INFINITY;
            NdArray x = arrange.of(new float[] {Float.NaN, inf, 0, -0f, -inf, Float.NaN, 1}, 7);
            NdArray y = arrange.empty(DType.I32, 7);
            arrange.backend.argSort(x, false, y);
            assertArrayEquals(new int[] {4, 2, 3, 6, 1, 0, 5}, Arrange.ints(y));
            arrange.backend.argSort(x, true, y);
            assertArrayEquals(new int[] {1, 6, 2, 3, 4, 0, 5}, Arrange.ints(y));
        }
    }

    @ParameterizedTest
    @EnumSource(Layout.class)
    void argMaxAlongEveryAxis(Layout layout) {
        int[][] shapes = {{1}, {13}, {5, 207}, {207, 5}, {3, 19, 77}, {2, 3, 5, 7}};
        try (Arrange arrange = new Arrange(2)) {
            for (int[] shape : shapes) {
                for (int axis = 0; axis < shape.length; axis++) {
                    NdArray x = arrange.normal(layout, shape);
                    NdArray rounded = arrange.empty(shape);
                    arrange.backend.unary(UnaryOp.ROUND, x, 0, 0, rounded);
                    int[] kept = shape.clone();
                    kept[axis] = 1;
                    NdArray y = arrange.empty(DType.I32, kept);
                    arrange.backend.argMax(rounded, axis, y);
                    assertArrayEquals(firstLargest(rounded, axis), Arrange.ints(y));
                }
            }
        }
    }

    private static int[] firstLargest(NdArray x, int axis) {
        float[] values = Arrange.floats(x);
        int stride = (int) x.strides()[axis];
        int size = x.size(axis);
        int[] largest = new int[values.length / size];
        for (int o = 0; o < largest.length; o++) {
            int start = o / stride * stride * size + o % stride;
            for (int i = 1; i < size; i++) {
                if (values[start + i * stride] > values[start + largest[o] * stride]) {
                    largest[o] = i;
                }
            }
        }
        return largest;
    }

    @Test
    void argMaxCountsNanAsLargest() {
        try (Arrange arrange = new Arrange(1)) {
            NdArray y = arrange.empty(DType.I32, 1);
            arrange.backend.argMax(arrange.of(new float[] {1, 5, Float.NaN, 7, Float.NaN}, 5), 0, y);
            assertArrayEquals(new int[] {2}, Arrange.ints(y));
            arrange.backend.argMax(arrange.of(new float[] {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY}, 2), 0,
                    y);
            assertArrayEquals(new int[] {0}, Arrange.ints(y));
        }
    }
}
