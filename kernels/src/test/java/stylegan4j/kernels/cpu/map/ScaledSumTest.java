package stylegan4j.kernels.cpu.map;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.map.Arrange.Layout;

@Tag("widths")
class ScaledSumTest {
    /** One rounding of x·scale + z: the multiply-add's. The largest sizes are cut into several tasks. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1, 1", "13, 2, 3, 3", "5, 7, 1, 1", "3, 1, 2, 2", "207, 31, 3, 3", "2, 3, 250, 311",
        "9, 2, 13, 29", "0, 4, 3, 3", "4, 4, 0, 3"})
    void everyRowWithItsFactor(int a, int b, int c, int d) {
        try (Arrange arrange = new Arrange(2)) {
            NdArray x = arrange.normal(Layout.DENSE, a, b, c, d);
            NdArray scale = arrange.normal(Layout.OFFSET, a, b, 1, 1);
            NdArray z = arrange.normal(Layout.OFFSET, a, b, c, d);
            NdArray y = arrange.empty(a, b, c, d);
            arrange.backend.addScaled(x, scale, z, y);
            float[] xs = Arrange.floats(x);
            float[] factors = Arrange.floats(scale);
            float[] zs = Arrange.floats(z);
            float[] expected = new float[xs.length];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = Math.fma(xs[i], factors[i / (c * d)], zs[i]);
            }
            assertArrayEquals(expected, Arrange.floats(y));
        }
    }

    @ParameterizedTest
    @CsvSource({"3, 9, 1", "2, 5, 2"})
    void nothingBeyondTheLastRowIsWritten(int rows, int length, int beyond) {
        try (Arrange arrange = new Arrange(1)) {
            NdArray x = arrange.normal(Layout.DENSE, rows, length);
            NdArray y = arrange.empty(rows * length + beyond);
            NdArray target = NdArray.contiguous(y.buffer(), y.type(), rows, length);
            arrange.backend.addScaled(x, arrange.normal(Layout.DENSE, rows, 1), x, target);
            for (int i = 0; i < beyond; i++) {
                assertEquals(0, CpuBuffer.segmentOf(y).getAtIndex(JAVA_FLOAT, (long) rows * length + i));
            }
        }
    }
}
