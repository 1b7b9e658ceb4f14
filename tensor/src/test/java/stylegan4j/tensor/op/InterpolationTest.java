package stylegan4j.tensor.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Interpolation.Border;
import stylegan4j.tensor.op.Interpolation.Mode;

/** Pictures resampled by both axes at once; the tables of one axis have a test of their own. */
class InterpolationTest {
    private static final int CHANNELS = 3;

    /** Pixels are below 4 and weights sum to 1 (absolutely, cubic ones to at most 2.3): few terms, two roundings. */
    private static final double TOLERANCE = 4 * 2.3 * 2.3 * 8 * 0x1p-24;

    private Device device;
    private Scope scope;

    @BeforeEach
    void open() {
        device = Device.cpu();
        scope = device.open();
    }

    @AfterEach
    void close() {
        scope.close();
        device.close();
    }

    private static Tensor picture(int height, int width) {
        return new RandomNumbers(4).uniform(2, CHANNELS, height, width).mul(4);
    }

    /** The value of an output pixel from those of an input plane. */
    private interface Pixel {
        double at(double[][] plane, int y, int x);
    }

    private static void check(Tensor x, Tensor y, int height, int width, Pixel expected) {
        assertArrayEquals(new int[] {2, CHANNELS, height, width}, y.shape());
        float[] in = x.toArray();
        float[] out = y.toArray();
        int rows = x.size(2);
        int columns = x.size(3);
        for (int p = 0; p < 2 * CHANNELS; p++) {
            double[][] plane = new double[rows][columns];
            for (int i = 0; i < rows * columns; i++) {
                plane[i / columns][i % columns] = in[p * rows * columns + i];
            }
            for (int i = 0; i < height * width; i++) {
                assertEquals(expected.at(plane, i / width, i % width), out[p * height * width + i], TOLERANCE,
                        "plane " + p + ", pixel " + i);
            }
        }
    }

    private static double clamped(double[][] plane, int y, int x) {
        return plane[Math.clamp(y, 0, plane.length - 1)][Math.clamp(x, 0, plane[0].length - 1)];
    }

    private static double source(int i, int inputs, int outputs, boolean alignCorners) {
        return alignCorners ? i * (inputs - 1.0) / Math.max(1, outputs - 1)
                : (i + 0.5) * inputs / outputs - 0.5;
    }

    @Test
    void nearest() {
        Tensor x = picture(5, 8);
        check(x, Interpolation.interpolate(x, 10, 4, Mode.NEAREST), 10, 4, (p, i, j) -> p[i / 2][j * 2]);
        check(x, Interpolation.interpolate(x, 10, 4, Mode.NEAREST_EXACT), 10, 4, (p, i, j) -> p[i / 2][j * 2 + 1]);
    }

    @Test
    void bilinear() {
        for (boolean align : new boolean[] {false, true}) {
            for (int[] size : new int[][] {{7, 13}, {3, 4}, {1, 1}, {5, 17}}) {
                Tensor x = picture(5, 8);
                check(x, Interpolation.interpolate(x, size[0], size[1], Mode.BILINEAR, align, false), size[0],
                        size[1], (p, i, j) -> {
                            double v = Math.max(0, source(i, 5, size[0], align));
                            double u = Math.max(0, source(j, 8, size[1], align));
                            int r = (int) v;
                            int c = (int) u;
                            return (1 - v + r) * ((1 - u + c) * clamped(p, r, c) + (u - c) * clamped(p, r, c + 1))
                                    + (v - r) * ((1 - u + c) * clamped(p, r + 1, c)
                                    + (u - c) * clamped(p, r + 1, c + 1));
                        });
            }
        }
    }

    private static double cubic(double distance) {
        double d = Math.abs(distance);
        return d <= 1 ? 1.25 * d * d * d - 2.25 * d * d + 1
                : d < 2 ? -0.75 * d * d * d + 3.75 * d * d - 6 * d + 3 : 0;
    }

    @Test
    void bicubic() {
        for (boolean align : new boolean[] {false, true}) {
            Tensor x = picture(5, 8);
            check(x, Interpolation.interpolate(x, 9, 3, Mode.BICUBIC, align, false), 9, 3, (p, i, j) -> {
                double v = source(i, 5, 9, align);
                double u = source(j, 8, 3, align);
                double sum = 0;
                for (int r = (int) Math.floor(v) - 1; r <= Math.floor(v) + 2; r++) {
                    for (int c = (int) Math.floor(u) - 1; c <= Math.floor(u) + 2; c++) {
                        sum += cubic(v - r) * cubic(u - c) * clamped(p, r, c);
                    }
                }
                return sum;
            });
        }
    }

    /** Halving with the triangle filter: weights 1, 3, 3, 1 over 8, without those outside and scaled to sum 1. */
    @Test
    void bilinearAntialiased() {
        Tensor x = picture(8, 6);
        check(x, Interpolation.interpolate(x, 4, 3, Mode.BILINEAR, false, true), 4, 3, (p, i, j) -> {
            double sum = 0;
            double total = 0;
            for (int r = Math.max(0, 2 * i - 1); r < Math.min(8, 2 * i + 3); r++) {
                for (int c = Math.max(0, 2 * j - 1); c < Math.min(6, 2 * j + 3); c++) {
                    double weight = (2 - Math.abs(r - 2 * i - 0.5)) * (2 - Math.abs(c - 2 * j - 0.5));
                    sum += weight * p[r][c];
                    total += weight;
                }
            }
            return sum / total;
        });
    }

    private static double mean(double[][] p, int top, int bottom, int left, int right, int count) {
        double sum = 0;
        for (int r = Math.max(0, top); r < Math.min(p.length, bottom); r++) {
            for (int c = Math.max(0, left); c < Math.min(p[0].length, right); c++) {
                sum += p[r][c];
            }
        }
        return sum / count;
    }

    @Test
    void areaAndAdaptivePooling() {
        Tensor x = picture(7, 13);
        Pixel expected = (p, i, j) -> {
            int top = i * 7 / 3;
            int bottom = Math.ceilDiv((i + 1) * 7, 3);
            int left = j * 13 / 5;
            int right = Math.ceilDiv((j + 1) * 13, 5);
            return mean(p, top, bottom, left, right, (bottom - top) * (right - left));
        };
        check(x, Interpolation.interpolate(x, 3, 5, Mode.AREA), 3, 5, expected);
        check(x, Interpolation.adaptiveAvgPool2d(x, 3, 5), 3, 5, expected);
        check(x, Interpolation.adaptiveAvgPool2d(x, 1, 1), 1, 1, (p, i, j) -> mean(p, 0, 7, 0, 13, 91));
    }

    @Test
    void averagePooling() {
        Tensor x = picture(7, 8);
        check(x, Interpolation.avgPool2d(x, 2, 2, 0), 3, 4,
                (p, i, j) -> mean(p, 2 * i, 2 * i + 2, 2 * j, 2 * j + 2, 4));
        check(x, Interpolation.avgPool2d(x, 3, 2, 1), 4, 4,
                (p, i, j) -> mean(p, 2 * i - 1, 2 * i + 2, 2 * j - 1, 2 * j + 2, 9));
        check(x, Interpolation.avgPool2d(x, 3, 2, 1, false), 4, 4, (p, i, j) -> {
            int rows = Math.min(7, 2 * i + 2) - Math.max(0, 2 * i - 1);
            int columns = Math.min(8, 2 * j + 2) - Math.max(0, 2 * j - 1);
            return mean(p, 2 * i - 1, 2 * i + 2, 2 * j - 1, 2 * j + 2, rows * columns);
        });
    }

    @Test
    void padding() {
        Tensor x = picture(4, 5);
        check(x, Interpolation.pad(x, 2, -1, 0, 3, -7), 7, 6,
                (p, i, j) -> i < 4 && j >= 2 ? p[i][j - 2] : -7);
        check(x, Interpolation.pad(x, 1, 1, 1, 1, 0), 6, 7,
                (p, i, j) -> i > 0 && i < 5 && j > 0 && j < 6 ? p[i - 1][j - 1] : 0);
        check(x, Interpolation.pad(x, 9, 1, 2, 0, Border.REPLICATE), 6, 15, (p, i, j) -> clamped(p, i - 2, j - 9));
        check(x, Interpolation.pad(x, 4, 2, 3, 0, Border.REFLECT), 7, 11, (p, i, j) -> {
            int c = Math.abs(j - 4);
            return p[Math.abs(i - 3)][c < 5 ? c : 8 - c];
        });
        assertThrows(IllegalArgumentException.class, () -> Interpolation.pad(x, 5, 0, 0, 0, Border.REFLECT));
    }

    @Test
    void whatChangesNothingCopiesNothing() {
        Tensor x = picture(4, 5);
        assertSame(x, Interpolation.interpolate(x, 4, 5, Mode.BICUBIC));
        assertSame(x, Interpolation.pad(x, 0, 0, 0, 0, Border.REPLICATE));
        assertSame(x, Interpolation.avgPool2d(x, 1, 1, 0));
    }

    @Test
    void optionsAndShapesThatDoNotFitAreRefused() {
        Tensor x = picture(4, 5);
        assertThrows(IllegalArgumentException.class,
                () -> Interpolation.interpolate(x, 2, 2, Mode.NEAREST, true, false));
        assertThrows(IllegalArgumentException.class,
                () -> Interpolation.interpolate(x, 2, 2, Mode.AREA, false, true));
        assertThrows(IllegalArgumentException.class, () -> Interpolation.interpolate(x, 0, 2, Mode.AREA));
        assertThrows(IllegalArgumentException.class,
                () -> Interpolation.interpolate(x.select(0, 0), 2, 2, Mode.AREA));
    }
}
