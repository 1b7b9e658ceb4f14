package stylegan4j.kernels.cpu.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Distribution;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBackend;

@Tag("widths")
class RandomNumbersTest {
    private static float[] draw(int threads, Distribution distribution, long seed, long first, int n) {
        try (CpuBackend backend = new CpuBackend(threads)) {
            NdArray y = Host.empty(backend, DType.F32, n);
            backend.random(distribution, seed, first, y);
            return Host.floats(y);
        }
    }

    /** Random123, tests/kat_vectors, the rows of "philox4x32 10". */
    @ParameterizedTest
    @CsvSource({
        "00000000 00000000 00000000 00000000, 00000000 00000000, 6627e8d5 e169c58d bc57ac4c 9b00dbd8",
        "ffffffff ffffffff ffffffff ffffffff, ffffffff ffffffff, 408f276d 41c83b0e a20bc7c6 6d5451fd",
        "243f6a88 85a308d3 13198a2e 03707344, a4093822 299f31d0, d16cfe09 94fdcceb 5001e420 24126ea1"
    })
    void philoxKnownAnswers(String counter, String key, String answer) {
        int[] c = words(counter);
        int[] k = words(key);
        int[] result = new int[4];
        Philox.block(k[0], k[1], c[0], c[1], c[2], c[3], result, 0);
        assertArrayEquals(words(answer), result);
    }

    private static int[] words(String hex) {
        return Arrays.stream(hex.split(" ")).mapToInt(w -> Integer.parseUnsignedInt(w, 16)).toArray();
    }

    @Test
    void uniformIsTheUpperBitsOfEachLane() {
        long seed = 0x0123456789abcdefL;
        long first = (5L << 34) + 4 * 3; // block 5·2^32 + 3: the counter's second word is used
        int[] words = new int[4];
        Philox.block(0x89abcdef, 0x01234567, 3, 5, 0, 0, words, 0);
        float[] values = draw(1, Distribution.UNIFORM, seed, first, 4);
        for (int i = 0; i < 4; i++) {
            assertEquals((words[i] >>> 8) / 16777216f, values[i]);
        }
    }

    @ParameterizedTest
    @EnumSource(Distribution.class)
    void anyPieceOfTheStreamIsTheSame(Distribution distribution) {
        float[] all = draw(1, distribution, 42, 0, 20_000);
        assertArrayEquals(all, draw(2, distribution, 42, 0, 20_000));
        for (int first : new int[] {1, 2, 3, 4, 2047, 2048, 13_001}) {
            for (int n : new int[] {0, 1, 2, 5, 4099}) {
                assertArrayEquals(Arrays.copyOfRange(all, first, first + n), draw(2, distribution, 42, first, n));
            }
        }
    }

    @Test
    void normalIsBoxMuller() {
        int[] words = new int[40_000];
        Philox.words(7, 0, 10_000, words);
        words[0] = -1; // u = 1: radius 0
        words[2] = 0; // the largest radius
        words[4] = 1;
        words[6] = -3;
        for (int i = 0; i < 9; i++) {
            words[11 + 2 * i] = i << 29; // eighths of a turn
        }
        words[31] = -1;
        float[] values = new float[words.length];
        BoxMuller.best().transform(words, words.length / 2, values);
        float[] twin = new float[words.length];
        new ScalarBoxMuller().transform(words, words.length / 2, twin);
        assertArrayEquals(twin, values, "plain loops give the same bits");
        for (int i = 0; i < words.length; i += 2) {
            double u = Math.fma((float) (words[i] >>> 1), 0x1p-31f, 0x1p-32f);
            double radius = Math.sqrt(-2 * Math.log(u));
            double angle = 2 * Math.PI * (words[i + 1] >>> 8) * 0x1p-24;
            // Polynomials and their Horner steps: some 4 units of 2^-24, relative to the radius.
            double tolerance = 4 * 0x1p-24 * radius;
            assertEquals(radius * Math.cos(angle), values[i], tolerance, "element " + i);
            assertEquals(radius * Math.sin(angle), values[i + 1], tolerance, "element " + (i + 1));
        }
    }

    @Test
    void normalHasItsMomentsAndTails() {
        int n = 4_000_000;
        float[] values = draw(2, Distribution.NORMAL, 1, 0, n);
        double[] moments = new double[5];
        int[] beyond = new int[6];
        double neighbours = 0;
        for (int i = 0; i < n; i++) {
            double v = values[i];
            double power = 1;
            for (int k = 0; k < 5; k++) {
                moments[k] += power / n;
                power *= v;
            }
            for (int k = 0; k < 6; k++) {
                beyond[k] += Math.abs(v) > k ? 1 : 0;
            }
            neighbours += i == 0 ? 0 : v * values[i - 1] / n;
        }
        // Five standard errors: √(1, 2, 15, 96 / n) for the moments of order 1 to 4.
        double error = 5 / Math.sqrt(n);
        assertEquals(0, moments[1], error);
        assertEquals(1, moments[2], error * Math.sqrt(2));
        assertEquals(0, moments[3], error * Math.sqrt(15));
        assertEquals(3, moments[4], error * Math.sqrt(96));
        assertEquals(0, neighbours, error);
        // P(|v| > k), each count within five of its standard errors.
        double[] tails = {1, 0.3173105, 0.0455003, 0.0026998, 6.33425e-5, 5.733e-7};
        for (int k = 1; k < 6; k++) {
            assertEquals(tails[k] * n, beyond[k], 5 * Math.sqrt(tails[k] * n) + 1, "beyond " + k);
        }
    }

    @Test
    void uniformStaysBelowOne() {
        float[] values = draw(2, Distribution.UNIFORM, 3, 0, 1_000_000);
        double sum = 0;
        for (float v : values) {
            assertTrue(v >= 0 && v < 1);
            sum += v;
        }
        // Five standard errors of the mean, √(1/12 / n).
        assertEquals(0.5, sum / values.length, 5 * Math.sqrt(1.0 / 12 / values.length));
    }
}
