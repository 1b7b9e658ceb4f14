package stylegan4j.kernels.cuda;

import static stylegan4j.kernels.cuda.MapsOnCudaTest.tests;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Distribution;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.LinearMap;
import stylegan4j.kernels.Upfirdn;
import stylegan4j.kernels.cuda.OperationCase.Layout;

/** Resampling, pooling, grid sampling and random numbers against the CPU. */
class SamplingOnCudaTest {
    private final List<OperationCase> cases = new ArrayList<>();

    private OperationCase add(String name) {
        OperationCase added = new OperationCase(name);
        cases.add(added);
        return added;
    }

    @TestFactory
    Stream<DynamicTest> upfirdn2d() {
        Fir four = Fir.separable(1, 3, 3, 1);
        Fir lopsided = Fir.separable(0.1f, 0.5f, -0.2f, 0.7f);
        Fir twelve = Fir.separable(0.015f, 0.003f, -0.12f, -0.05f, 0.49f, 0.79f, 0.34f, -0.07f, -0.02f, 0.04f, 0.002f,
                -0.008f);
        Fir mixed = new Fir(3, 4, new float[] {1, 2, -1, 3, 0, 1, 2, 1, -2, 1, 1, 4});
        Fir square = new Fir(4, 4, new float[] {1, 2, -1, 3, 0, 1, 2, 1, -2, 1, 1, 4, 0, 0, 1, 2});
        int[][] sizes = {{1, 1, 1, 1}, {1, 2, 13, 65}, {2, 70, 4, 4}};
        for (Fir fir : List.of(four, lopsided, twelve, mixed, square, Fir.identity())) {
            for (int[] rates : new int[][] {{1, 1}, {2, 1}, {1, 2}, {2, 2}, {4, 3}}) {
                for (int[] pads : new int[][] {{2, 1, 2, 1}, {1, 2, 3, 5}, {-1, 7, 12, -2}, {0, 0, 0, 0}}) {
                    Upfirdn g = new Upfirdn(rates[0], rates[0], rates[1], rates[1], pads[0], pads[1], pads[2], pads[3],
                            pads[0] == 1);
                    for (int[] size : sizes) {
                        resample(Layout.DENSE, size, fir, g);
                    }
                }
            }
        }
        // More tiles than one in both directions, rows that vectors may and may not store.
        for (int[] rates : new int[][] {{1, 1}, {2, 1}, {1, 2}}) {
            resample(Layout.DENSE, new int[] {1, 1, 130, 132}, lopsided,
                    new Upfirdn(rates[0], rates[0], rates[1], rates[1], 2, 1, 2, 1, false));
            resample(Layout.DENSE, new int[] {1, 1, 35, 275}, twelve,
                    new Upfirdn(rates[0], rates[0], rates[1], rates[1], 5, 6, 5, 6, false));
        }
        for (Layout layout : Layout.values()) {
            resample(layout, new int[] {2, 3, 9, 21}, four, new Upfirdn(1, 1, 1, 1, 1, 2, 1, 2, false));
            resample(layout, new int[] {2, 3, 9, 21}, four, new Upfirdn(2, 2, 1, 1, 2, 1, 2, 1, false));
            resample(layout, new int[] {2, 3, 9, 21}, mixed, new Upfirdn(1, 2, 3, 1, 1, 2, 0, 2, true));
        }
        return tests(cases);
    }

    private void resample(Layout layout, int[] size, Fir fir, Upfirdn g) {
        int height = g.outHeight(size[2], fir.height());
        int width = g.outWidth(size[3], fir.width());
        if (height < 1 || width < 1) {
            return;
        }
        double sum = 0;
        for (float tap : fir.taps()) {
            sum += Math.abs(tap);
        }
        // Both sum the same products, of numbers below 5, in different orders: 2^-23 of the absolute sum for each.
        add(fir.height() + "x" + fir.width() + " " + g + " " + Arrays.toString(size) + " " + layout)
                .normal(layout, size).out(size[0], size[1], height, width).within(0, 5 * sum * 4 * 0x1p-23)
                .run((b, in, out) -> b.upfirdn2d(in.get(0), fir, g, out.get(0)));
    }

    @TestFactory
    Stream<DynamicTest> linearMap() {
        LinearMap map = new LinearMap(5, 4, new int[] {0, 2, 2, 5, 6}, new int[] {0, 4, 1, 2, 3, 3},
                new float[] {0.5f, 2, -1, 0.25f, 1, 3});
        for (int[] shape : new int[][] {{5}, {5, 4}, {3, 5}, {2, 5, 3}, {2, 3, 5, 12}, {0, 5}, {207, 5, 1}}) {
            for (Layout layout : new Layout[] {Layout.DENSE, Layout.OFFSET}) {
                for (boolean transposed : new boolean[] {false, true}) {
                    LinearMap used = transposed ? map.transposed() : map;
                    for (int axis = 0; axis < shape.length; axis++) {
                        if (shape[axis] == 5) {
                            int a = axis;
                            int[] in = shape.clone();
                            in[a] = used.inputs();
                            int[] out = shape.clone();
                            out[a] = used.outputs();
                            add("map " + Arrays.toString(in) + " axis " + a + " " + layout).normal(layout, in).out(out)
                                    .run((b, x, y) -> b.linearMap(x.get(0), a, used, y.get(0)));
                        }
                    }
                }
            }
        }
        return tests(cases);
    }

    @TestFactory
    Stream<DynamicTest> maxPool2d() {
        for (ConvGeometry g : List.of(ConvGeometry.of(2, 0), ConvGeometry.of(2, 1), ConvGeometry.of(1, 1),
                new ConvGeometry(3, 1, 1, 0, 2, 1, 1))) {
            for (int k : new int[] {2, 3}) {
                for (int[] size : new int[][] {{1, 1, 5, 5}, {2, 3, 13, 7}, {1, 2, 65, 33}}) {
                    for (Layout layout : Layout.values()) {
                        int h = g.outHeight(size[2], k);
                        int w = g.outWidth(size[3], k);
                        add("pool " + g + " " + k + " " + Arrays.toString(size) + " " + layout).normal(layout, size)
                                .out(size[0], size[1], h, w).out(DType.I32, 0, size[0], size[1], h, w)
                                .run((b, in, out) -> b.maxPool2d(in.get(0), g, k, k, out.get(0), out.get(1)));
                    }
                }
            }
        }
        add("nothing but NaN and infinity").values(new float[] {Float.NaN, 1, 2, Float.NEGATIVE_INFINITY,
            Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY, 3, Float.NaN}, 1, 1, 2, 4).out(1, 1, 1, 2)
                .out(DType.I32, 0, 1, 1, 1, 2)
                .run((b, in, out) -> b.maxPool2d(in.get(0), ConvGeometry.of(2, 0), 2, 2, out.get(0), out.get(1)));
        return tests(cases);
    }

    @TestFactory
    Stream<DynamicTest> gridSample() {
        SplittableRandom random = new SplittableRandom(9);
        for (boolean align : new boolean[] {false, true}) {
            for (int[] size : new int[][] {{1, 1, 1, 1}, {2, 3, 5, 7}, {1, 13, 9, 4}, {3, 4, 33, 17}, {1, 5, 2, 64}}) {
                for (int[] points : new int[][] {{1, 1}, {7, 13}, {40, 11}}) {
                    int n = size[0];
                    float[] grid = new float[n * points[0] * points[1] * 2];
                    for (int i = 0; i < grid.length; i++) {
                        grid[i] = (float) random.nextDouble(-1.3, 1.3);
                    }
                    grid[0] = Float.NaN;
                    int[] gridShape = {n, points[0], points[1], 2};
                    for (Layout layout : new Layout[] {Layout.DENSE, Layout.TRANSPOSED}) {
                        String name = Arrays.toString(size) + " at " + Arrays.toString(points) + " " + align + " "
                                + layout;
                        add("sample " + name).normal(layout, size).values(grid, gridShape)
                                .out(n, size[1], points[0], points[1])
                                .run((b, in, out) -> b.gridSample(in.get(0), in.get(1), align, out.get(0)));
                        // A pixel's points are added in another order: up to 1760 terms below 5, but few a pixel.
                        double terms = 1 + 4.0 * points[0] * points[1] / (size[2] * size[3]);
                        add("gradient " + name).normal(layout, n, size[1], points[0], points[1]).values(grid, gridShape)
                                .out(size).within(0, 5 * terms * 4 * 0x1p-24)
                                .run((b, in, out) -> b.gridSampleInputGradient(in.get(0), in.get(1), align,
                                        out.get(0)));
                    }
                }
            }
        }
        int many = 65537; // more than a launch has blocks along one axis
        add("gradient of many samples").normal(Layout.DENSE, many, 1, 1, 1).values(new float[2 * many], many, 1, 1, 2)
                .out(many, 1, 1, 1)
                .run((b, in, out) -> b.gridSampleInputGradient(in.get(0), in.get(1), true, out.get(0)));
        return tests(cases);
    }

    @TestFactory
    Stream<DynamicTest> random() {
        for (Distribution distribution : Distribution.values()) {
            for (long first : new long[] {0, 1, 2, 3, 7, 1L << 33}) {
                for (int n : new int[] {0, 1, 3, 4, 13, 5000}) {
                    for (int offset : new int[] {0, 1, 3}) {
                        add(distribution + " " + n + " from " + first + " to " + offset).out(DType.F32, offset, n)
                                .run((b, _, out) -> b.random(distribution, -42L + n, first, out.get(0)));
                    }
                }
            }
        }
        return tests(cases);
    }
}
