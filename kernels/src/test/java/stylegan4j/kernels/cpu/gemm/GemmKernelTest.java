package stylegan4j.kernels.cpu.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("widths")
class GemmKernelTest {
    @ParameterizedTest
    @CsvSource({"1, false, true", "1, true, false", "2, true, true", "13, false, true", "13, true, false",
        "207, true, true", "207, false, false"})
    void tileAgreesWithDoubleLoops(int k, boolean accumulate, boolean scattered) {
        for (GemmKernel kernel : new GemmKernel[] {GemmKernel.BEST, new ScalarGemmKernel()}) {
            int nr = kernel.nr();
            int[] offsets = new int[k];
            Arrays.setAll(offsets, p -> (scattered ? k - 1 - p : p) * nr);
            check(kernel, nr, k, accumulate, offsets, (a, b, c, ldc) ->
                    kernel.tile(k, a, 3, b, 7, scattered ? offsets : null, c, 2, ldc, accumulate));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, false", "1, true", "2, true", "13, false", "13, true", "256, true", "257, false"})
    void tileOfPanelsAgreesWithDoubleLoops(int k, boolean accumulate) {
        int[] offsets = new int[k];
        Arrays.setAll(offsets, p -> p * GemmKernel.BEST.nr());
        check(PanelKernel.BEST, GemmKernel.BEST.nr(), k, accumulate, offsets, (a, b, c, ldc) ->
                PanelKernel.BEST.tile(k, a, 3, b, 7, c, 2, ldc, accumulate));
    }

    private interface Tile {
        void run(float[] a, float[] b, float[] c, int ldc);
    }

    /** Float sums of k products of values below 4 differ from double ones by at most k·ε·Σ|a·b|. */
    private static void check(PanelKernel kernel, int nr, int k, boolean accumulate, int[] offsets, Tile tile) {
        int mr = kernel.mr();
        int ldc = nr + 5;
        Random random = new Random(k);
        float[] a = random(random, 3 + k * mr);
        float[] b = random(random, 7 + k * nr);
        float[] c = random(random, 2 + mr * ldc);
        float[] before = c.clone();
        tile.run(a, b, c, ldc);
        for (int at = 0; at < c.length; at++) {
            int i = Math.floorDiv(at - 2, ldc);
            int j = Math.floorMod(at - 2, ldc);
            if (i < 0 || j >= nr) {
                assertEquals(before[at], c[at], "outside of the tile");
                continue;
            }
            double sum = accumulate ? before[at] : 0;
            double size = Math.abs(sum);
            for (int p = 0; p < k; p++) {
                double product = (double) a[3 + p * mr + i] * b[7 + offsets[p] + j];
                sum += product;
                size += Math.abs(product);
            }
            assertEquals(sum, c[at], (k + 1) * Math.ulp(1f) * size, "row " + i + ", column " + j);
        }
    }

    /** One multiplication each, rounded alike: equal bits. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 13, 16, 32, 207})
    void splitSeparatesEvenFromOdd(int n) {
        float[] x = random(new Random(n), 1 + n);
        for (GemmKernel kernel : new GemmKernel[] {GemmKernel.BEST, new ScalarGemmKernel()}) {
            float[] expected = new float[n + 4];
            float[] actual = new float[n + 4];
            int even = 1 + n / 2 + 1;
            for (int i = 0; i < n; i++) {
                expected[(i % 2 == 0 ? even : 1) + i / 2] = x[1 + i] * 0.7f;
            }
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_FLOAT, x);
                kernel.scaledSplit(memory, 4, 0.7f, actual, even, 1, n);
            }
            assertArrayEquals(expected, actual);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 13", "9, 16", "9, 207", "4, 3", "25, 6", "8, 0"})
    void interleaveMovesEveryElementAndNoOther(int rows, int n) {
        int pitch = n + 3;
        int step = rows + 2;
        float[] x = random(new Random(n), 5 + rows * pitch);
        for (GemmKernel kernel : new GemmKernel[] {GemmKernel.BEST, new ScalarGemmKernel()}) {
            float[] expected = new float[n * step + 7];
            float[] actual = expected.clone();
            for (int r = 0; r < rows; r++) {
                for (int i = 0; i < n; i++) {
                    expected[1 + i * step + r] = x[5 + r * pitch + i];
                }
            }
            kernel.interleave(x, 5, pitch, rows, n, actual, 1, step);
            assertArrayEquals(expected, actual);
        }
    }

    /** Panels of as many lanes as the tiles of any machine have rows, or vectors columns. */
    @ParameterizedTest
    @CsvSource({"4, 1, 3", "6, 3, 5", "8, 2, 1", "0, 3, 7"})
    void packRowsLaysNeighboursSideBySide(int rows, int panels, int k) {
        for (GemmKernel kernel : new GemmKernel[] {GemmKernel.BEST, new ScalarGemmKernel()}) {
            int lanes = rows == 0 ? kernel.nr() : rows;
            int pitch = panels * lanes + 1;
            float[] x = random(new Random(lanes), 2 + k * pitch);
            float[] expected = new float[4 + panels * k * lanes];
            float[] actual = expected.clone();
            for (int i = 0; i < panels * k * lanes; i++) {
                expected[3 + i] = x[2 + i / lanes % k * pitch + i / lanes / k * lanes + i % lanes];
            }
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_FLOAT, x);
                kernel.packRows(memory, 8, 4L * pitch, k, panels, lanes, actual, 3);
            }
            assertArrayEquals(expected, actual);
        }
    }

    /** One multiplication each: equal bits. */
    @ParameterizedTest
    @CsvSource({"4, 4, 64", "6, 5, 96", "6, 6, 31", "8, 1, 200", "16, 9, 0", "16, 16, 17"})
    void multiplyTakesEachLaneTimesItsChannelsFactor(int lanes, int live, int n) {
        float[] scales = random(new Random(lanes), 2 + live);
        float[] x = random(new Random(n), 1 + n + 1);
        for (GemmKernel kernel : new GemmKernel[] {GemmKernel.BEST, new ScalarGemmKernel()}) {
            float[] expected = x.clone();
            for (int i = 0; i < n; i++) {
                expected[1 + i] *= i % lanes < live ? scales[2 + i % lanes] : 0;
            }
            float[] actual = x.clone();
            kernel.multiply(actual, 1, n, kernel.factors(scales, 2, live, lanes));
            assertArrayEquals(expected, actual);
        }
    }

    private static float[] random(Random random, int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }
}
