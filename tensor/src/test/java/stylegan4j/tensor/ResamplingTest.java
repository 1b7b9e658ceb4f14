package stylegan4j.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stylegan4j.kernels.LinearMap;

class ResamplingTest {
    /** One rounding to float of weights below two. */
    private static final double ROUNDING = 0x1p-24;

    private static double[][] dense(LinearMap map) {
        double[][] matrix = new double[map.outputs()][map.inputs()];
        for (int i = 0; i < map.outputs(); i++) {
            for (int t = map.starts()[i]; t < map.starts()[i + 1]; t++) {
                matrix[i][map.columns()[t]] += map.weights()[t];
            }
        }
        return matrix;
    }

    private static void assertSame(double[][] expected, LinearMap map) {
        double[][] actual = dense(map);
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertArrayEquals(expected[i], actual[i], ROUNDING, "output " + i);
        }
    }

    private static double position(int i, int inputs, int outputs, boolean alignCorners) {
        if (alignCorners) {
            return outputs == 1 ? 0 : i * (inputs - 1.0) / (outputs - 1);
        }
        return (i + 0.5) * inputs / outputs - 0.5;
    }

    @Test
    void nearestRoundsDown() {
        assertArrayEquals(new int[] {0, 1, 3}, Resampling.nearest(5, 3).columns());
        assertArrayEquals(new int[] {0, 0, 0, 1, 1, 2, 2}, Resampling.nearest(3, 7).columns());
        assertArrayEquals(new int[] {0, 0, 1, 1}, Resampling.nearest(2, 4).columns());
    }

    @Test
    void nearestExactTakesTheCellOfTheCentre() {
        assertArrayEquals(new int[] {0, 2, 4}, Resampling.nearestExact(5, 3).columns());
        assertArrayEquals(new int[] {0, 0, 1, 1, 1, 2, 2}, Resampling.nearestExact(3, 7).columns());
        assertArrayEquals(new int[] {1, 3}, Resampling.nearestExact(4, 2).columns());
        assertThrows(IllegalArgumentException.class, () -> Resampling.nearestExact(0, 2));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 5", "5, 1", "5, 3", "13, 207", "207, 13", "16, 15", "7, 7"})
    void linearIsTheHatAroundEachPosition(int inputs, int outputs) {
        for (boolean alignCorners : new boolean[] {false, true}) {
            double[][] expected = new double[outputs][inputs];
            for (int i = 0; i < outputs; i++) {
                double position = Math.clamp(position(i, inputs, outputs, alignCorners), 0.0, inputs - 1.0);
                for (int j = 0; j < inputs; j++) {
                    expected[i][j] = Math.max(0, 1 - Math.abs(position - j));
                }
            }
            assertSame(expected, Resampling.linear(inputs, outputs, alignCorners));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 5", "5, 1", "5, 3", "13, 207", "207, 13", "16, 15", "7, 7"})
    void cubicIsCubicConvolution(int inputs, int outputs) {
        double a = -0.75;
        for (boolean alignCorners : new boolean[] {false, true}) {
            double[][] expected = new double[outputs][inputs];
            for (int i = 0; i < outputs; i++) {
                double position = position(i, inputs, outputs, alignCorners);
                int left = (int) Math.floor(position);
                double t = position - left;
                double u = 1 - t;
                // The weights of the four neighbours as cubic polynomials in t.
                double[] weights = {
                    a * (t * t * t - 2 * t * t + t),
                    (a + 2) * t * t * t - (a + 3) * t * t + 1,
                    (a + 2) * u * u * u - (a + 3) * u * u + 1,
                    a * (u * u * u - 2 * u * u + u)
                };
                for (int k = 0; k < 4; k++) {
                    expected[i][Math.max(0, Math.min(inputs - 1, left - 1 + k))] += weights[k];
                }
            }
            assertSame(expected, Resampling.cubic(inputs, outputs, alignCorners));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 5", "5, 1", "5, 3", "13, 40", "207, 13", "16, 15", "7, 7"})
    void antialiasedIsTheStretchedFilterNormalised(int inputs, int outputs) {
        for (boolean cubic : new boolean[] {false, true}) {
            double[][] expected = new double[outputs][inputs];
            double stretch = Math.max(1, (double) inputs / outputs);
            for (int i = 0; i < outputs; i++) {
                double total = 0;
                for (int j = 0; j < inputs; j++) {
                    double x = Math.abs((j + 0.5 - (i + 0.5) * inputs / outputs) / stretch);
                    expected[i][j] = cubic ? keys(x) : Math.max(0, 1 - x);
                    total += expected[i][j];
                }
                for (int j = 0; j < inputs; j++) {
                    expected[i][j] /= total;
                }
            }
            assertSame(expected, cubic ? Resampling.cubicAntialiased(inputs, outputs, false)
                    : Resampling.linearAntialiased(inputs, outputs, false));
        }
    }

    /** Keys' filter for A = −1/2. */
    private static double keys(double x) {
        if (x < 1) {
            return 1.5 * x * x * x - 2.5 * x * x + 1;
        }
        return x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2 : 0;
    }

    @Test
    void antialiasedWithAlignedCornersStillMeasuresFromTheEdge() {
        // Scale (5 − 1)/(3 − 1) = 2: triangles of radius 2 around 1, 3 and 5, at inputs 0.5 … 4.5.
        assertSame(new double[][] {
            {0.75 / 1.75, 0.75 / 1.75, 0.25 / 1.75, 0, 0},
            {0, 0.25 / 2, 0.75 / 2, 0.75 / 2, 0.25 / 2},
            {0, 0, 0, 0.25, 0.75},
        }, Resampling.linearAntialiased(5, 3, true));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 5", "5, 1", "5, 3", "3, 5", "207, 13", "16, 4"})
    void areaAveragesTheInputsItTouches(int inputs, int outputs) {
        double[][] expected = new double[outputs][inputs];
        for (int i = 0; i < outputs; i++) {
            int count = 0;
            for (int j = 0; j < inputs; j++) {
                // Input j spans j … j+1, output i the i-th of equal parts; compared in units of 1/outputs.
                boolean touches = j * outputs < (i + 1) * inputs && (j + 1) * outputs > i * inputs;
                expected[i][j] = touches ? 1 : 0;
                count += touches ? 1 : 0;
            }
            for (int j = 0; j < inputs; j++) {
                expected[i][j] /= count;
            }
        }
        assertSame(expected, Resampling.area(inputs, outputs));
    }

    @ParameterizedTest
    @CsvSource({"13, 3, 2, 1", "16, 4, 4, 0", "9, 5, 1, 2", "7, 2, 3, 1", "1, 1, 1, 0"})
    void averagePoolDividesByTheWindow(int inputs, int kernel, int stride, int pad) {
        for (boolean countIncludePad : new boolean[] {false, true}) {
            int outputs = (inputs + 2 * pad - kernel) / stride + 1;
            double[][] expected = new double[outputs][inputs];
            for (int i = 0; i < outputs; i++) {
                int inside = 0;
                for (int k = 0; k < kernel; k++) {
                    int j = i * stride + k - pad;
                    inside += j >= 0 && j < inputs ? 1 : 0;
                }
                for (int k = 0; k < kernel; k++) {
                    int j = i * stride + k - pad;
                    if (j >= 0 && j < inputs) {
                        expected[i][j] = 1.0 / (countIncludePad ? kernel : inside);
                    }
                }
            }
            assertSame(expected, Resampling.averagePool(inputs, kernel, stride, pad, countIncludePad));
        }
    }

    @Test
    void pads() {
        LinearMap zero = Resampling.zeroPad(3, 2, 1);
        assertArrayEquals(new int[] {0, 0, 0, 1, 2, 3, 3}, zero.starts());
        assertArrayEquals(new int[] {0, 1, 2}, zero.columns());
        assertArrayEquals(new int[] {0, 0, 0, 1, 2, 2}, Resampling.replicationPad(3, 2, 1).columns());
        assertArrayEquals(new int[] {2, 1, 0, 1, 2, 1}, Resampling.reflectionPad(3, 2, 1).columns());
        assertArrayEquals(new int[] {1, 2, 3, 2, 1}, Resampling.reflectionPad(4, -1, 2).columns());
        assertArrayEquals(new int[] {1, 2, 3}, Resampling.replicationPad(5, -1, -1).columns());
        assertArrayEquals(new int[] {1, 2}, Resampling.zeroPad(5, -1, -2).columns());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 13, 64})
    void sameSizeIsTheIdentity(int n) {
        for (LinearMap map : new LinearMap[] {
            Resampling.nearest(n, n), Resampling.nearestExact(n, n), Resampling.linear(n, n, false),
            Resampling.linear(n, n, true),
            Resampling.cubic(n, n, false), Resampling.area(n, n), Resampling.linearAntialiased(n, n, false),
            Resampling.cubicAntialiased(n, n, false), Resampling.zeroPad(n, 0, 0),
        }) {
            assertEquals(n, map.columns().length);
            for (int i = 0; i < n; i++) {
                assertEquals(i, map.columns()[i]);
                assertEquals(1, map.weights()[i]);
            }
        }
    }

    @Test
    void badSizesAreNamed() {
        assertMessage("linear: sizes of at least 1 expected, got 0 inputs, 3 outputs",
                () -> Resampling.linear(0, 3, false));
        assertMessage("reflectionPad: padding below the 3 inputs expected, got 3 and 0",
                () -> Resampling.reflectionPad(3, 3, 0));
        assertMessage("zeroPad: at least one of the 3 inputs must remain, got padding -3 and 5",
                () -> Resampling.zeroPad(3, -3, 5));
        assertThrows(IllegalArgumentException.class, () -> Resampling.zeroPad(3, -2, -2));
        assertThrows(IllegalArgumentException.class, () -> Resampling.averagePool(3, 2, 1, 2, true));
        assertThrows(IllegalArgumentException.class, () -> Resampling.averagePool(3, 4, 1, 0, true));
    }

    private static void assertMessage(String message, Runnable body) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, body::run);
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }
}
