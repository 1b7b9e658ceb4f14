package stylegan4j.kernels.cpu.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBackend;

class GridSampleTest {
    private static final int HEIGHT = 13;
    private static final int WIDTH = 7;
    private static final int ROWS = 5;
    private static final int COLUMNS = 11;

    /** Points inside, across the border and far outside. */
    private static float[] grid() {
        float[] grid = Host.values(3, 2 * ROWS * COLUMNS * 2);
        for (int i = 0; i < grid.length; i++) {
            grid[i] *= 1.4f;
        }
        grid[0] = 1e30f;
        grid[3] = -1e30f;
        grid[4] = -1;
        grid[5] = 1;
        return grid;
    }

    private static double pixel(double coordinate, int size, boolean alignCorners) {
        return alignCorners ? (coordinate + 1) / 2 * (size - 1) : ((coordinate + 1) * size - 1) / 2;
    }

    /** The weight of pixel (row, column) at a point: the product of two hats. */
    private static double weight(float[] grid, int point, int row, int column, boolean alignCorners) {
        double px = pixel(grid[2 * point], WIDTH, alignCorners);
        double py = pixel(grid[2 * point + 1], HEIGHT, alignCorners);
        return Math.max(0, 1 - Math.abs(px - column)) * Math.max(0, 1 - Math.abs(py - row));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void agreesWithDefinition(boolean alignCorners) {
        float[] x = Host.values(1, 2 * 3 * HEIGHT * WIDTH);
        float[] grid = grid();
        try (CpuBackend backend = new CpuBackend(2)) {
            NdArray places = Host.array(backend, grid, 2, ROWS, COLUMNS, 2);
            NdArray y = Host.empty(backend, DType.F32, 2, 3, ROWS, COLUMNS);
            backend.gridSample(Host.array(backend, x, 2, 3, HEIGHT, WIDTH), places, alignCorners, y);
            float[] result = Host.floats(y);
            for (int i = 0; i < result.length; i++) {
                int plane = i / (ROWS * COLUMNS);
                int point = plane / 3 * ROWS * COLUMNS + i % (ROWS * COLUMNS);
                double sum = 0;
                for (int p = 0; p < HEIGHT * WIDTH; p++) {
                    sum += weight(grid, point, p / WIDTH, p % WIDTH, alignCorners) * x[plane * HEIGHT * WIDTH + p];
                }
                // A pixel coordinate up to 13 rounds thrice at 2^-21, moving between neighbours that differ by 2.
                assertEquals(sum, result[i], 6 * 2 * 0x1p-21, "element " + i);
            }
            backend.gridSample(Host.transposedStorage(backend, x, 2, 3, HEIGHT, WIDTH), places, alignCorners, y);
            assertArrayEquals(result, Host.floats(y), "strides do not matter");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void inputGradientIsAdjoint(boolean alignCorners) {
        float[] dy = Host.values(2, 2 * 3 * ROWS * COLUMNS);
        float[] grid = grid();
        try (CpuBackend backend = new CpuBackend(2)) {
            NdArray places = Host.array(backend, grid, 2, ROWS, COLUMNS, 2);
            NdArray dx = Host.empty(backend, DType.F32, 2, 3, HEIGHT, WIDTH);
            backend.gridSampleInputGradient(Host.array(backend, dy, 2, 3, ROWS, COLUMNS), places, alignCorners, dx);
            float[] result = Host.floats(dx);
            for (int i = 0; i < result.length; i++) {
                int plane = i / (HEIGHT * WIDTH);
                int p = i % (HEIGHT * WIDTH);
                double sum = 0;
                for (int point = 0; point < ROWS * COLUMNS; point++) {
                    sum += weight(grid, plane / 3 * ROWS * COLUMNS + point, p / WIDTH, p % WIDTH, alignCorners)
                            * dy[plane * ROWS * COLUMNS + point];
                }
                // As above, for each of the 55 points that may reach the pixel.
                assertEquals(sum, result[i], 55 * 6 * 0x1p-21, "element " + i);
            }
            backend.gridSampleInputGradient(Host.transposedStorage(backend, dy, 2, 3, ROWS, COLUMNS), places,
                    alignCorners, dx);
            assertArrayEquals(result, Host.floats(dx), "strides do not matter");
        }
    }

    @Test
    void pixelsOutsideDoNotSpreadInfinity() {
        float[] x = {Float.POSITIVE_INFINITY, 1, 2, 3};
        float[] right = {1, 1};
        try (CpuBackend backend = new CpuBackend(1)) {
            NdArray y = Host.empty(backend, DType.F32, 1, 1, 1, 1);
            backend.gridSample(Host.array(backend, x, 1, 1, 2, 2), Host.array(backend, right, 1, 1, 1, 2), true, y);
            assertEquals(3, Host.floats(y)[0]);
        }
    }
}
