package stylegan4j.kernels.cpu.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Upfirdn;
import stylegan4j.kernels.cpu.CpuBackend;
import stylegan4j.kernels.cpu.Threads;

/** upfirdn2d against its definition: zeros inserted, padded, convolved and subsampled in double precision. */
@Tag("widths")
class Upfirdn2dTest {
    private static final Fir SMOOTH = Fir.separable(1, 3, 3, 1).scaled(4);
    private static final Fir UNEVEN = Fir.separable(0.5f, -1, 2, 5, 3, 1.5f, -0.25f);
    private static final Fir RANK_TWO = new Fir(2, 3, new float[] {1, 2, 0.5f, 3, -1, 4});
    private static final Fir LONG = Fir.separable(1, 3, 3, 1, 2, -1, 0.5f, 4);

    record Case(int height, int width, Fir fir, Upfirdn geometry) {
        @Override
        public String toString() {
            return height + "x" + width + ", " + fir.height() + "x" + fir.width() + " taps, " + geometry;
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (int size : new int[] {1, 13, 70}) {
            cases.add(new Case(size, size + 4, SMOOTH, new Upfirdn(1, 1, 1, 1, 2, 1, 2, 1, false)));
            cases.add(new Case(size, size + 1, SMOOTH, new Upfirdn(2, 2, 1, 1, 2, 1, 2, 1, false)));
            cases.add(new Case(size, size, SMOOTH, new Upfirdn(2, 2, 1, 1, 1, 1, 3, 2, true)));
            cases.add(new Case(size + 3, size + 3, SMOOTH, new Upfirdn(1, 1, 2, 2, 1, 1, 1, 1, false)));
            cases.add(new Case(size + 3, size + 6, SMOOTH, new Upfirdn(2, 2, 2, 2, 3, 1, 0, 4, false)));
            cases.add(new Case(size, size + 1, UNEVEN, new Upfirdn(2, 2, 1, 1, 4, 3, 4, 3, true)));
            cases.add(new Case(size, size + 2, UNEVEN, new Upfirdn(1, 1, 2, 2, 3, 3, 3, 3, false)));
            cases.add(new Case(size, size + 9, UNEVEN, new Upfirdn(1, 3, 2, 2, 5, 2, 7, 6, false)));
            cases.add(new Case(size, size + 1, RANK_TWO, new Upfirdn(2, 2, 2, 1, 2, 1, 2, 2, false)));
            cases.add(new Case(size, size + 2, RANK_TWO, new Upfirdn(1, 1, 1, 1, 2, 0, 0, 1, true)));
            cases.add(new Case(size, size + 2, LONG, new Upfirdn(2, 2, 1, 1, 5, 3, 4, 3, false)));
            cases.add(new Case(size, size + 2, LONG, new Upfirdn(2, 2, 3, 3, 5, 3, 4, 4, false)));
            cases.add(new Case(size, size, Fir.identity(), new Upfirdn(2, 3, 1, 1, 0, 0, 0, 0, false)));
        }
        cases.add(new Case(17, 19, SMOOTH, new Upfirdn(1, 2, 2, 1, 3, -2, -1, 2, false)));
        cases.add(new Case(17, 19, SMOOTH, new Upfirdn(1, 1, 1, 1, -3, -2, -9, -4, false)));
        cases.add(new Case(9, 40, SMOOTH, new Upfirdn(1, 1, 1, 1, 40, 3, 70, 90, false)));
        cases.add(new Case(9, 40, RANK_TWO, new Upfirdn(1, 1, 1, 1, 40, 3, -50, 90, false)));
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void agreesWithDefinition(Case c) {
        int height = c.geometry.outHeight(c.height, c.fir.height());
        int width = c.geometry.outWidth(c.width, c.fir.width());
        float[] x = Host.values(c.height, 6 * c.height * c.width);
        try (CpuBackend backend = new CpuBackend(1); Threads two = new Threads(2)) {
            NdArray dense = Host.array(backend, x, 2, 3, c.height, c.width);
            NdArray strided = Host.transposedStorage(backend, x, 2, 3, c.height, c.width);
            NdArray y = Host.empty(backend, DType.F32, 2, 3, height, width);
            backend.upfirdn2d(dense, c.fir, c.geometry, y);
            float[] result = Host.floats(y);
            for (int plane = 0; plane < 6; plane++) {
                compare(c, x, plane, result, height, width);
            }
            Upfirdn2d.run(new ScalarResampleKernel(), two, dense, c.fir, c.geometry, y);
            assertArrayEquals(result, Host.floats(y), "plain loops and two threads give the same bits");
            backend.upfirdn2d(strided, c.fir, c.geometry, y);
            assertArrayEquals(result, Host.floats(y), "strides do not matter");
        }
    }

    /**
     * Tolerance: n products and sums in float err by at most (n + 2)·2^-24 of the sum of magnitudes; the two factors of
     * a separable filter stand for each tap to 4e-7 of the largest.
     */
    private static void compare(Case c, float[] x, int plane, float[] result, int height, int width) {
        int rows = c.height * c.geometry.upY() + c.geometry.padY0() + c.geometry.padY1();
        int columns = c.width * c.geometry.upX() + c.geometry.padX0() + c.geometry.padX1();
        double[][] padded = new double[rows][columns];
        for (int i = 0; i < c.height; i++) {
            for (int j = 0; j < c.width; j++) {
                int row = i * c.geometry.upY() + c.geometry.padY0();
                int column = j * c.geometry.upX() + c.geometry.padX0();
                if (row >= 0 && row < rows && column >= 0 && column < columns) {
                    padded[row][column] = x[(plane * c.height + i) * c.width + j];
                }
            }
        }
        float[] taps = c.geometry.correlate() ? c.fir.taps() : c.fir.flipped().taps();
        double peak = 0;
        for (float t : taps) {
            peak = Math.max(peak, Math.abs(t));
        }
        for (int i = 0; i < height; i++) {
            for (int j = 0; j < width; j++) {
                double sum = 0;
                double magnitude = 0;
                double inputs = 0;
                for (int t = 0; t < taps.length; t++) {
                    double v = padded[i * c.geometry.downY() + t / c.fir.width()]
                            [j * c.geometry.downX() + t % c.fir.width()];
                    sum += taps[t] * v;
                    magnitude += Math.abs(taps[t] * v);
                    inputs += Math.abs(v);
                }
                double tolerance = (taps.length + 2) * 0x1p-24 * magnitude + 4e-7 * peak * inputs;
                assertEquals(sum, result[(plane * height + i) * width + j], tolerance,
                        () -> c + " plane " + plane);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isAdjointOfUpAndDownSwapped(Case c) {
        Upfirdn g = c.geometry;
        int height = g.outHeight(c.height, c.fir.height());
        int width = g.outWidth(c.width, c.fir.width());
        Upfirdn adjoint = new Upfirdn(g.downY(), g.downX(), g.upY(), g.upX(),
                c.fir.height() - g.padY0() - 1, c.height * g.upY() - height * g.downY() + g.padY0() - g.upY() + 1,
                c.fir.width() - g.padX0() - 1, c.width * g.upX() - width * g.downX() + g.padX0() - g.upX() + 1,
                !g.correlate());
        float[] x = Host.values(1, c.height * c.width);
        float[] dy = Host.values(2, height * width);
        try (CpuBackend backend = new CpuBackend(2)) {
            NdArray y = Host.empty(backend, DType.F32, 1, 1, height, width);
            NdArray dx = Host.empty(backend, DType.F32, 1, 1, c.height, c.width);
            backend.upfirdn2d(Host.array(backend, x, 1, 1, c.height, c.width), c.fir, g, y);
            backend.upfirdn2d(Host.array(backend, dy, 1, 1, height, width), c.fir, adjoint, dx);
            double forward = 0;
            double backward = 0;
            double magnitude = 0;
            float[] ys = Host.floats(y);
            float[] dxs = Host.floats(dx);
            for (int i = 0; i < ys.length; i++) {
                forward += (double) ys[i] * dy[i];
                magnitude += Math.abs((double) ys[i] * dy[i]);
            }
            for (int i = 0; i < dxs.length; i++) {
                backward += (double) dxs[i] * x[i];
                magnitude += Math.abs((double) dxs[i] * x[i]);
            }
            // Each y and dx errs by at most some 64 roundings of sums that may exceed it tenfold by cancellation.
            double tolerance = 640 * 0x1p-24 * magnitude + 1e-12;
            assertTrue(Math.abs(forward - backward) <= tolerance, forward + " vs " + backward);
        }
    }
}
