package stylegan4j.kernels.cpu.winograd;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import stylegan4j.kernels.ChannelScales;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBackend;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.PixelSink;
import stylegan4j.kernels.cpu.Threads;
import stylegan4j.kernels.cpu.conv.TestArrays;

/** Winograd's algorithm by stride 2 at sizes where {@link WinogradChoice} would not take it, too. */
@Tag("widths")
class StridedWinogradTest {
    /**
     * A sum in any order rounds once a term; the transforms round as often as four terms and by up to four times as
     * much, which the bound for one channel or one tile has no room for.
     */
    private static final int TRANSFORMS = 16;

    private final CpuBackend cpu = new CpuBackend(2);
    private final Threads threads = new Threads(2);

    @AfterEach
    void close() {
        threads.close();
        cpu.close();
    }

    static Stream<Arguments> sizes() {
        return Stream.of(
                // N, C, H, W, O, pad
                Arguments.of(1, 1, 1, 1, 1, 1), Arguments.of(1, 1, 3, 3, 1, 0), Arguments.of(1, 3, 4, 1, 2, 1),
                Arguments.of(2, 13, 5, 7, 3, 0), Arguments.of(1, 2, 1, 1, 5, 2), Arguments.of(5, 7, 9, 12, 66, 2),
                Arguments.of(1, 5, 13, 207, 4, 1), Arguments.of(3, 17, 33, 18, 19, 1),
                Arguments.of(1, 131, 10, 11, 133, 0), Arguments.of(2, 3, 70, 131, 5, 2),
                Arguments.of(9, 2, 2, 6, 1, 1), Arguments.of(1, 2, 150, 140, 3, 1));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void convolutionAgreesWithDoubleLoops(int n, int c, int h, int w, int o, int pad) {
        NdArray x = TestArrays.random(cpu, 1, n, c, h, w);
        NdArray weight = TestArrays.random(cpu, 2, o, c, 3, 3);
        NdArray exchanged = exchanged(TestArrays.random(cpu, 3, c, o, 3, 3));
        NdArray styles = TestArrays.random(cpu, 4, n, c);
        NdArray y = TestArrays.random(cpu, 5, n, o, (h + 2 * pad - 3) / 2 + 1, (w + 2 * pad - 3) / 2 + 1);
        cpu.copy(weight, exchanged);
        double[][] expected = new double[2][Math.toIntExact(y.numel())];
        forEachTerm(x, weight, styles, pad, y, (wAt, yAt, term) -> add(expected, yAt, term));
        for (WinogradKernel kernel : new WinogradKernel[] {WinogradKernel.STRIDED, new ScalarStridedKernel()}) {
            for (NdArray one : new NdArray[] {weight, exchanged}) {
                var weights = WinogradWeights.of(threads, kernel, one, false,
                        Winograd.hasFewBlocks(kernel, n, y.size(2), y.size(3)));
                Winograd.convolve(threads, x, styles, pad, weights, y.size(2), y.size(3), to(y));
                TestArrays.assertClose(expected, y, 9 * c + TRANSFORMS);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void weightGradientAgreesWithDoubleLoops(int n, int c, int h, int w, int o, int pad) {
        NdArray x = TestArrays.random(cpu, 1, n, c, h, w);
        NdArray dw = TestArrays.random(cpu, 2, o, c, 3, 3);
        NdArray exchanged = exchanged(TestArrays.random(cpu, 3, c, o, 3, 3));
        NdArray styles = TestArrays.random(cpu, 4, n, c);
        NdArray dy = TestArrays.random(cpu, 5, n, o, (h + 2 * pad - 3) / 2 + 1, (w + 2 * pad - 3) / 2 + 1);
        float[] ys = TestArrays.read(dy);
        cpu.fill(dw, 1);
        double[][] expected = new double[2][Math.toIntExact(dw.numel())];
        forEachTerm(x, dw, styles, pad, dy, (wAt, yAt, term) -> add(expected, wAt, term * ys[yAt]));
        for (WinogradGradientKernel kernel : new WinogradGradientKernel[] {WinogradGradientKernel.STRIDED,
            new ScalarStridedGradientKernel()}) {
            for (NdArray one : new NdArray[] {dw, exchanged}) {
                WinogradGradient.run(threads, kernel, x, dy, pad, new ChannelScales(styles, null), one);
                TestArrays.assertClose(expected, one, n * dy.size(2) * dy.size(3) + TRANSFORMS);
            }
        }
    }

    /** Writes results where they belong in a dense y. */
    private static PixelSink to(NdArray y) {
        long plane = (long) y.size(2) * y.size(3);
        return (sample, channel, pixel, count, values, at) -> {
            long first = y.offset() + ((long) sample * y.size(1) + channel) * plane + pixel;
            MemorySegment.copy(values, at, CpuBuffer.segmentOf(y), JAVA_FLOAT, first * Float.BYTES, count);
        };
    }

    private static NdArray exchanged(NdArray w) {
        return new NdArray(w.buffer(), w.type(), w.offset(), new int[] {w.size(1), w.size(0), 3, 3},
                new long[] {9, 9L * w.size(1), 3, 1});
    }

    private static void add(double[][] sums, int at, double term) {
        sums[0][at] += term;
        sums[1][at] += Math.abs(term);
    }

    private interface Term {
        void accept(int wAt, int yAt, double term);
    }

    /** Every product {@code style·x·weight} and where it comes from and belongs. */
    private static void forEachTerm(NdArray x, NdArray weight, NdArray styles, int pad, NdArray y, Term wanted) {
        float[] xs = TestArrays.read(x);
        float[] ws = TestArrays.read(weight);
        float[] ss = TestArrays.read(styles);
        int channels = x.size(1);
        int plane = y.size(2) * y.size(3);
        for (int at = 0; at < y.numel(); at++) {
            int sample = at / plane / y.size(1);
            for (int p = 0; p < 9 * channels; p++) {
                int row = 2 * (at % plane / y.size(3)) - pad + p % 9 / 3;
                int column = 2 * (at % y.size(3)) - pad + p % 3;
                if (row >= 0 && row < x.size(2) && column >= 0 && column < x.size(3)) {
                    int channel = sample * channels + p / 9;
                    int xAt = (channel * x.size(2) + row) * x.size(3) + column;
                    int wAt = at / plane % y.size(1) * 9 * channels + p;
                    wanted.accept(wAt, at, xs[xAt] * (double) ss[channel] * ws[wAt]);
                }
            }
        }
    }
}
