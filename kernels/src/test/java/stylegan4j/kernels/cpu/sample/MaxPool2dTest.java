package stylegan4j.kernels.cpu.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBackend;

@Tag("widths")
class MaxPool2dTest {
    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 1, 1, 0, 1",
        "13, 17, 2, 2, 2, 0, 1",
        "13, 18, 3, 3, 2, 1, 1",
        "9, 41, 3, 2, 1, 1, 1",
        "16, 15, 3, 3, 2, 1, 2",
        "5, 70, 3, 3, 3, 1, 1",
        "5, 2, 2, 3, 1, 1, 1"
    })
    void agreesWithDefinition(int height, int width, int kernelY, int kernelX, int stride, int pad, int dilation) {
        ConvGeometry g = new ConvGeometry(stride, stride, pad, pad, dilation, dilation, 1);
        int outHeight = g.outHeight(height, kernelY);
        int outWidth = g.outWidth(width, kernelX);
        float[] x = Host.values(height, 6 * height * width);
        for (int i = 0; i < x.length; i++) {
            x[i] = Math.round(4 * x[i]) - 5; // many equal values, all negative: padding must not win
        }
        try (CpuBackend backend = new CpuBackend(2)) {
            NdArray y = Host.empty(backend, DType.F32, 2, 3, outHeight, outWidth);
            NdArray indices = Host.empty(backend, DType.I32, 2, 3, outHeight, outWidth);
            backend.maxPool2d(Host.array(backend, x, 2, 3, height, width), g, kernelY, kernelX, y, indices);
            float[] values = Host.floats(y);
            int[] places = Host.ints(indices);
            for (int i = 0; i < values.length; i++) {
                int plane = i / (outHeight * outWidth) * height * width;
                float best = Float.NEGATIVE_INFINITY;
                int place = -1;
                for (int k = 0; k < kernelY * kernelX; k++) {
                    int row = i / outWidth % outHeight * stride - pad + k / kernelX * dilation;
                    int column = i % outWidth * stride - pad + k % kernelX * dilation;
                    if (row >= 0 && row < height && column >= 0 && column < width
                            && x[plane + row * width + column] > best) {
                        place = row * width + column;
                        best = x[plane + place];
                    }
                }
                assertEquals(best, values[i], "value " + i);
                assertEquals(place, places[i], "index " + i);
            }
            backend.maxPool2d(Host.transposedStorage(backend, x, 2, 3, height, width), g, kernelY, kernelX, y, indices);
            assertArrayEquals(values, Host.floats(y));
            assertArrayEquals(places, Host.ints(indices));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 40})
    void notANumberWins(int width) {
        float[] x = Host.values(1, 2 * width);
        x[width] = Float.NaN;
        try (CpuBackend backend = new CpuBackend(1)) {
            NdArray y = Host.empty(backend, DType.F32, 1, 1, 1, width - 1);
            NdArray indices = Host.empty(backend, DType.I32, 1, 1, 1, width - 1);
            backend.maxPool2d(Host.array(backend, x, 1, 1, 2, width), ConvGeometry.of(1, 0), 2, 2, y, indices);
            assertTrue(Float.isNaN(Host.floats(y)[0]));
            assertEquals(width, Host.ints(indices)[0]);
        }
    }
}
