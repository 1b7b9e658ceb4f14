package stylegan4j.kernels.cpu.conv;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBackend;
import stylegan4j.kernels.cpu.Threads;

/** Winograd's algorithm by stride 2 at sizes where {@link WinogradChoice} would not take it, too. */
@Tag("widths")
class StridedWinogradTest {
    private final CpuBackend cpu = new CpuBackend(2);
    private final Threads threads = new Threads(2);

    @AfterEach
    void close() {
        threads.close();
        cpu.close();
    }

    @ParameterizedTest
    @CsvSource({
        // N, C, H, W, O, pad
        "1, 1, 1, 1, 1, 1", "1, 1, 3, 3, 1, 0", "1, 3, 4, 1, 2, 1", "2, 13, 5, 7, 3, 0", "1, 2, 1, 1, 5, 2",
        "5, 7, 9, 12, 66, 2", "1, 5, 13, 207, 4, 1", "3, 17, 33, 18, 19, 1", "1, 131, 10, 11, 70, 0",
        "2, 3, 70, 131, 5, 2", "9, 2, 2, 6, 1, 1"})
    void agreesWithDoubleLoops(int n, int c, int h, int w, int o, int pad) {
        NdArray x = TestArrays.random(cpu, 1, n, c, h, w);
        NdArray weight = TestArrays.random(cpu, 2, o, c, 3, 3);
        NdArray exchanged = exchanged(TestArrays.random(cpu, 3, c, o, 3, 3));
        NdArray styles = TestArrays.random(cpu, 4, n, c);
        NdArray y = TestArrays.random(cpu, 5, n, o, (h + 2 * pad - 3) / 2 + 1, (w + 2 * pad - 3) / 2 + 1);
        cpu.copy(weight, exchanged);
        double[][] expected = reference(x, weight, styles, pad, y.shape());
        for (WinogradKernel kernel : new WinogradKernel[] {WinogradKernel.STRIDED, new ScalarStridedKernel()}) {
            for (NdArray one : new NdArray[] {weight, exchanged}) {
                var weights = WinogradWeights.of(threads, kernel, one, false);
                Winograd.convolve(threads, x, styles, pad, weights, y.size(2), y.size(3),
                        Convolutions.scaledStore(y, null));
                // One rounding for each term and for its style; those of the transforms are as many as of four terms
                // and larger by up to four, which a direct sum of one channel does not leave room for.
                TestArrays.assertClose(expected, y, 9 * c + 16);
            }
        }
    }

    private static NdArray exchanged(NdArray w) {
        return new NdArray(w.buffer(), w.type(), w.offset(), new int[] {w.size(1), w.size(0), 3, 3},
                new long[] {9, 9L * w.size(1), 3, 1});
    }

    /** The sums, and the sums of magnitudes. */
    private static double[][] reference(NdArray x, NdArray weight, NdArray styles, int pad, int[] shape) {
        float[] xs = TestArrays.read(x);
        float[] ws = TestArrays.read(weight);
        float[] ss = TestArrays.read(styles);
        int channels = x.size(1);
        int plane = shape[2] * shape[3];
        double[][] result = new double[2][shape[0] * shape[1] * plane];
        for (int at = 0; at < result[0].length; at++) {
            int sample = at / plane / shape[1];
            for (int p = 0; p < 9 * channels; p++) {
                int row = 2 * (at % plane / shape[3]) - pad + p % 9 / 3;
                int column = 2 * (at % shape[3]) - pad + p % 3;
                if (row >= 0 && row < x.size(2) && column >= 0 && column < x.size(3)) {
                    int channel = sample * channels + p / 9;
                    double term = xs[(channel * x.size(2) + row) * x.size(3) + column] * (double) ss[channel]
                            * ws[at / plane % shape[1] * 9 * channels + p];
                    result[0][at] += term;
                    result[1][at] += Math.abs(term);
                }
            }
        }
        return result;
    }
}
