package stylegan4j.kernels.cpu.map;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stylegan4j.kernels.AdamStep;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBackend;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Simd;

@Tag("widths")
class AdamTest {
    private static final AdamStep STEP = AdamStep.of(0.9, 0.999, 2e-3, 1.7, 1e-3, 0.25, 0.875);

    @Test
    void vectorsAndPlainLoopsGiveTheSameBits() {
        assumeTrue(Simd.enabled());
        int n = 207;
        float[][] values = values(n);
        MemorySegment[] plain = segments(values);
        MemorySegment[] vectors = segments(values);
        Adam.plain(STEP, plain[0], plain[1], plain[2], plain[3], 0, n);
        VectorAdam.step(STEP, vectors[0], vectors[1], vectors[2], vectors[3], 0, n);
        for (int i = 0; i < plain.length; i++) {
            assertArrayEquals(plain[i].toArray(JAVA_FLOAT), vectors[i].toArray(JAVA_FLOAT), 0);
        }
    }

    /** The last size is cut into several tasks. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 13, 207, 3 * Blocks.TASK + 5})
    void followsTheFormulaFromAnyOffset(int n) {
        float[][] values = values(n);
        try (CpuBackend backend = new CpuBackend(2)) {
            NdArray[] arrays = new NdArray[4];
            for (int i = 0; i < 4; i++) {
                arrays[i] = new NdArray(backend.allocate(4L * (n + i)), DType.F32, i, new int[] {n}, new long[] {1});
                MemorySegment.copy(values[i], 0, CpuBuffer.segmentOf(arrays[i]), JAVA_FLOAT, 4L * i, n);
            }
            backend.adam(arrays[0], arrays[1], arrays[2], arrays[3], STEP);
            for (int i = 0; i < n; i++) {
                double p = values[0][i];
                double g = values[1][i] + 0.25 * p;
                double m = 0.9 * values[2][i] + 0.1 * g;
                double v = 0.999 * values[3][i] + 0.001 * g * g;
                double y = 0.875 * p - 2e-3 * m / (1.7 * Math.sqrt(v) + 1e-3);
                // Constants and each of a handful of operations round to 2⁻²⁴ of terms below 8 in size: 8 of them.
                double tolerance = 8 * 8 * 0x1p-24;
                assertEquals(y, at(arrays[0], i), tolerance);
                assertEquals(m, at(arrays[2], i), tolerance);
                assertEquals(v, at(arrays[3], i), tolerance);
                assertEquals(values[1][i], at(arrays[1], i));
            }
        }
    }

    @Test
    void keepsNothingOfTheMeanWithBetaZero() {
        MemorySegment[] s = segments(new float[][] {{1}, {3e-7f}, {1000}, {0}});
        Adam.plain(AdamStep.of(0, 0.99, 1, 1, 1e-8, 0, 1), s[0], s[1], s[2], s[3], 0, 1);
        assertEquals(3e-7f, s[2].get(JAVA_FLOAT, 0));
    }

    private static float at(NdArray array, int i) {
        return CpuBuffer.segmentOf(array).getAtIndex(JAVA_FLOAT, array.offset() + i);
    }

    /** Parameter, gradient, mean, and a square that is not negative. */
    private static float[][] values(int n) {
        Random random = new Random(5);
        float[][] values = new float[4][n];
        for (int i = 0; i < n; i++) {
            for (int a = 0; a < 4; a++) {
                values[a][i] = (float) Math.clamp(random.nextGaussian(), -4, 4);
            }
            values[3][i] *= values[3][i];
        }
        return values;
    }

    private static MemorySegment[] segments(float[][] values) {
        MemorySegment[] segments = new MemorySegment[values.length];
        for (int i = 0; i < values.length; i++) {
            segments[i] = Arena.ofAuto().allocate(4L * values[i].length, 64);
            MemorySegment.copy(values[i], 0, segments[i], JAVA_FLOAT, 0, values[i].length);
        }
        return segments;
    }
}
