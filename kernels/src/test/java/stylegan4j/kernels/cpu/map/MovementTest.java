package stylegan4j.kernels.cpu.map;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;

@Tag("widths")
class MovementTest {
    private static final int[][] SHAPES = {
        {}, {1}, {13}, {0}, {3, 0, 2}, {207, 5}, {2, 3, 5, 7}, {1, 64, 33}, {70, 90}, {3, 65, 1, 130}, {5000}};

    @ParameterizedTest
    @EnumSource(Arrange.Layout.class)
    void copiesFromAnyLayoutToAnyOther(Arrange.Layout from) {
        try (Arrange arrange = new Arrange(2)) {
            for (int[] shape : SHAPES) {
                NdArray x = arrange.normal(from, shape);
                for (Arrange.Layout to : Arrange.Layout.values()) {
                    if (to != Arrange.Layout.BROADCAST_FIRST) {
                        NdArray y = arrange.normal(to, shape);
                        arrange.backend.copy(x, y);
                        assertArrayEquals(Arrange.floats(x), Arrange.floats(y), () -> x + " to " + y);
                    }
                }
            }
        }
    }

    @Test
    void copiesShortRunsAndRepeatedElements() {
        try (Arrange arrange = new Arrange(2)) {
            for (int n : new int[] {1, 2, 3, 9, 15, 16, 17}) {
                int rows = 13;
                int columns = 207;
                NdArray x = arrange.normal(Arrange.Layout.OFFSET, rows, columns, n);
                long[] swapped = {n, (long) columns * n, 1};
                long[] first = {n, (long) columns * n, 0};
                float[] values = Arrange.floats(x);
                float[] runs = new float[values.length];
                float[] repeated = new float[values.length];
                for (int i = 0; i < values.length; i++) {
                    int from = (i / n % rows * columns + i / n / rows) * n;
                    runs[i] = values[from + i % n];
                    repeated[i] = values[from];
                }
                assertArrayEquals(runs, copied(arrange, x, swapped, columns, rows, n));
                assertArrayEquals(repeated, copied(arrange, x, first, columns, rows, n));
            }
        }
    }

    private static float[] copied(Arrange arrange, NdArray x, long[] strides, int... shape) {
        NdArray y = arrange.empty(shape);
        arrange.backend.copy(new NdArray(x.buffer(), x.type(), x.offset(), shape, strides), y);
        return Arrange.floats(y);
    }

    @Test
    void copyLeavesTheGapsOfASpacedArrayAlone() {
        try (Arrange arrange = new Arrange(1)) {
            NdArray memory = arrange.of(new float[] {1, 2, 3, 4, 5, 6}, 6);
            NdArray everySecond = new NdArray(memory.buffer(), DType.F32, 1, new int[] {3}, new long[] {2});
            arrange.backend.copy(arrange.of(new float[] {7, 8, 9}, 3), everySecond);
            assertArrayEquals(new float[] {1, 7, 3, 8, 5, 9}, Arrange.floats(memory));
            arrange.backend.fill(everySecond, -1);
            assertArrayEquals(new float[] {1, -1, 3, -1, 5, -1}, Arrange.floats(memory));
            arrange.backend.fill(everySecond, 0);
            assertArrayEquals(new float[] {1, 0, 3, 0, 5, 0}, Arrange.floats(memory));
        }
    }

    @Test
    void fillsAPartWithZerosOfItsSign() {
        try (Arrange arrange = new Arrange(2)) {
            NdArray memory = arrange.of(new float[] {1, 2, 3, 4, 5}, 5);
            NdArray part = new NdArray(memory.buffer(), DType.F32, 1, new int[] {3}, new long[] {1});
            arrange.backend.fill(part, 0);
            assertArrayEquals(new float[] {1, 0, 0, 0, 5}, Arrange.floats(memory));
            arrange.backend.fill(part, -0f);
            assertArrayEquals(new float[] {1, -0f, -0f, -0f, 5}, Arrange.floats(memory));
        }
    }

    @Test
    void fillsEveryType() {
        try (Arrange arrange = new Arrange(2)) {
            NdArray large = arrange.empty(3, 41, 1001);
            arrange.backend.fill(large, 0.1f);
            for (float v : Arrange.floats(large)) {
                assertEquals(0.1f, v);
            }
            NdArray ints = arrange.empty(DType.I32, 5);
            arrange.backend.fill(ints, 3);
            assertArrayEquals(new int[] {3, 3, 3, 3, 3}, Arrange.ints(ints));
            assertEquals(0x3c00, filledBits(arrange, DType.F16));
            assertEquals(0x3f80, filledBits(arrange, DType.BF16));
        }
    }

    private static int filledBits(Arrange arrange, DType type) {
        NdArray y = arrange.empty(type, 3);
        arrange.backend.fill(y, 1);
        return CpuBuffer.segmentOf(y).getAtIndex(ValueLayout.JAVA_SHORT, 2);
    }

    @Test
    void halfPrecisionRoundsToNearestEven() {
        float step = 0x1p-10f;
        float[] values = {1, 1 + step / 2, 1 + step * 1.5f, 65504, 65520, 0x1p-24f, 0x1p-25f, -0f, Float.NaN,
            Float.NEGATIVE_INFINITY};
        float[] expected = {1, 1, 1 + step * 2, 65504, Float.POSITIVE_INFINITY, 0x1p-24f, 0, -0f, Float.NaN,
            Float.NEGATIVE_INFINITY};
        assertArrayEquals(expected, through(DType.F16, values));
    }

    @Test
    void bfloat16RoundsToNearestEven() {
        float step = 0x1p-7f;
        float[] values = {1, 1 + step / 2, 1 + step * 1.5f, Float.MAX_VALUE, -0f, Float.intBitsToFloat(0x7f800001),
            Float.POSITIVE_INFINITY, 1 + step / 2 + 0x1p-23f};
        float[] expected = {1, 1, 1 + step * 2, Float.POSITIVE_INFINITY, -0f, Float.NaN, Float.POSITIVE_INFINITY,
            1 + step};
        assertArrayEquals(expected, through(DType.BF16, values));
    }

    @Test
    void integersTruncateAndSaturate() {
        assertArrayEquals(new float[] {2, -2, 0, 0x1p31f, 0},
                through(DType.I32, new float[] {2.9f, -2.9f, 0.5f, 1e20f, Float.NaN}));
    }

    private static float[] through(DType type, float[] values) {
        try (Arrange arrange = new Arrange(1)) {
            NdArray x = arrange.of(values, values.length);
            NdArray stored = arrange.empty(type, values.length);
            NdArray back = arrange.empty(values.length);
            arrange.backend.copy(x, stored);
            arrange.backend.copy(stored, back);
            return Arrange.floats(back);
        }
    }

    @ParameterizedTest
    @EnumSource(Arrange.Layout.class)
    void convertsStridedArrays(Arrange.Layout layout) {
        try (Arrange arrange = new Arrange(2)) {
            NdArray x = arrange.normal(layout, 7, 13, 57);
            NdArray half = arrange.empty(DType.F16, 57, 13, 7);
            NdArray transposed = new NdArray(half.buffer(), DType.F16, 0, new int[] {7, 13, 57},
                    new long[] {1, 7, 91});
            NdArray y = arrange.empty(7, 13, 57);
            arrange.backend.copy(x, transposed);
            arrange.backend.copy(transposed, y);
            float[] expected = Arrange.floats(x);
            for (int i = 0; i < expected.length; i++) {
                expected[i] = Float.float16ToFloat(Float.floatToFloat16(expected[i]));
            }
            assertArrayEquals(expected, Arrange.floats(y));
        }
    }
}
