package stylegan4j.kernels.cpu.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import stylegan4j.kernels.ChannelScales;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBackend;

@Tag("widths")
class ConvolutionsTest {
    private final CpuBackend cpu = new CpuBackend(2);

    @AfterEach
    void close() {
        cpu.close();
    }

    /** x [n, c, h, w] with a weight of o outputs and kh×kw taps. */
    record Case(int n, int c, int h, int w, int o, int kh, int kw, ConvGeometry g) {
        int outHeight() {
            return g.outHeight(h, kh);
        }

        int outWidth() {
            return g.outWidth(w, kw);
        }

        int[] x() {
            return new int[] {n, c, h, w};
        }

        int[] weight() {
            return new int[] {o, c / g.groups(), kh, kw};
        }

        int[] y() {
            return new int[] {n, o, outHeight(), outWidth()};
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(1, 1, 1, 1, 1, 1, 1, ConvGeometry.of(1, 0)),
                new Case(1, 3, 13, 207, 5, 3, 3, ConvGeometry.of(1, 1)),
                new Case(2, 37, 9, 16, 13, 3, 3, ConvGeometry.of(1, 1)),
                new Case(3, 40, 4, 4, 33, 3, 3, ConvGeometry.of(1, 1)),
                new Case(5, 65, 7, 5, 12, 1, 1, ConvGeometry.of(1, 0)),
                new Case(2, 330, 5, 4, 270, 1, 1, ConvGeometry.of(1, 0)),
                new Case(2, 7, 17, 19, 9, 3, 3, ConvGeometry.of(2, 0)),
                new Case(1, 7, 16, 18, 9, 3, 3, ConvGeometry.of(2, 1)),
                new Case(1, 2, 21, 170, 3, 3, 3, ConvGeometry.of(2, 1)),
                new Case(1, 4, 14, 11, 6, 1, 1, ConvGeometry.of(2, 0)),
                new Case(1, 3, 23, 20, 2, 7, 5, ConvGeometry.of(3, 2)),
                new Case(2, 6, 12, 13, 8, 3, 2, new ConvGeometry(2, 1, 3, 0, 2, 3, 2)),
                new Case(1, 8, 9, 33, 8, 3, 3, ConvGeometry.of(1, 1).withGroups(8)),
                new Case(1, 4, 10, 9, 8, 4, 4, new ConvGeometry(1, 1, 2, 1, 1, 1, 4)),
                new Case(1, 3, 5, 4, 2, 2, 2, new ConvGeometry(1, 1, 5, 4, 1, 1, 1)),
                new Case(1, 2, 2, 2, 3, 20, 19, ConvGeometry.of(1, 10)),
                new Case(0, 3, 5, 5, 2, 3, 3, ConvGeometry.of(1, 1)),
                new Case(2, 3, 0, 5, 2, 1, 1, ConvGeometry.of(1, 0)),
                new Case(2, 3, 5, 6, 0, 3, 3, ConvGeometry.of(1, 1)),
                new Case(2, 0, 5, 6, 4, 3, 3, ConvGeometry.of(1, 1)),
                new Case(1, 2, 2, 2, 4, 3, 3, ConvGeometry.of(1, 0)),
                // Sizes that Winograd's algorithm takes.
                new Case(2, 17, 13, 21, 18, 3, 3, ConvGeometry.of(1, 1)),
                new Case(1, 16, 35, 18, 133, 3, 3, ConvGeometry.of(1, 0)),
                new Case(3, 131, 9, 11, 16, 3, 3, ConvGeometry.of(1, 2)),
                new Case(1, 19, 6, 271, 17, 3, 3, ConvGeometry.of(1, 1)),
                new Case(40, 18, 3, 2, 16, 3, 3, ConvGeometry.of(1, 1)),
                new Case(1, 130, 13, 14, 70, 3, 3, ConvGeometry.of(1, 1)),
                new Case(1, 17, 97, 90, 18, 3, 3, ConvGeometry.of(1, 1)),
                new Case(2, 17, 27, 43, 18, 3, 3, ConvGeometry.of(2, 0)),
                new Case(3, 35, 19, 69, 16, 3, 3, ConvGeometry.of(2, 0)),
                new Case(2, 16, 28, 43, 17, 3, 3, ConvGeometry.of(2, 0)),
                new Case(3, 35, 32, 31, 33, 3, 3, ConvGeometry.of(2, 1)),
                new Case(1, 32, 29, 253, 70, 3, 3, ConvGeometry.of(2, 2)),
                new Case(40, 34, 9, 8, 33, 3, 3, ConvGeometry.of(2, 0)),
                new Case(0, 32, 9, 9, 32, 3, 3, ConvGeometry.of(2, 0)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void forwardAgreesWithDoubleLoops(Case k) {
        for (ChannelScales scales : scales(k)) {
            NdArray x = TestArrays.random(cpu, 1, k.x());
            NdArray weight = TestArrays.random(cpu, 2, k.weight());
            NdArray y = TestArrays.random(cpu, 3, k.y());
            cpu.conv2d(x, weight, k.g, scales, y);
            TestArrays.assertClose(reference(k, scales, x, weight, null), y, roundings(k.c * k.kh * k.kw));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void inputGradientAgreesWithDoubleLoops(Case k) {
        for (ChannelScales scales : scales(k)) {
            NdArray weight = TestArrays.random(cpu, 2, k.weight());
            NdArray dy = TestArrays.random(cpu, 3, k.y());
            NdArray dx = TestArrays.random(cpu, 1, k.x());
            cpu.conv2dInputGradient(dy, weight, k.g, scales, dx);
            TestArrays.assertClose(reference(k, scales, null, weight, dy), dx, roundings(k.o * k.kh * k.kw));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void weightGradientAgreesWithDoubleLoops(Case k) {
        for (ChannelScales scales : scales(k)) {
            NdArray x = TestArrays.random(cpu, 1, k.x());
            NdArray dy = TestArrays.random(cpu, 3, k.y());
            NdArray dw = TestArrays.random(cpu, 2, k.weight());
            cpu.conv2dWeightGradient(x, dy, k.g, scales, dw);
            TestArrays.assertClose(reference(k, scales, x, null, dy), dw,
                    roundings(k.n * k.outHeight() * k.outWidth()));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void weightsMayBeExchangedInMemory(Case k) {
        NdArray x = TestArrays.random(cpu, 1, k.x());
        NdArray weight = TestArrays.random(cpu, 2, k.weight());
        NdArray dy = TestArrays.random(cpu, 3, k.y());
        NdArray y = TestArrays.random(cpu, 4, k.y());
        NdArray exchanged = exchanged(TestArrays.random(cpu, 5, k.o, k.c / k.g.groups(), k.kh, k.kw));
        cpu.copy(weight, exchanged);
        cpu.conv2d(x, exchanged, k.g, ChannelScales.NONE, y);
        TestArrays.assertClose(reference(k, ChannelScales.NONE, x, weight, null), y, roundings(k.c * k.kh * k.kw));
        cpu.conv2dWeightGradient(x, dy, k.g, ChannelScales.NONE, exchanged);
        cpu.copy(exchanged, weight);
        TestArrays.assertClose(reference(k, ChannelScales.NONE, x, null, dy), weight,
                roundings(k.n * k.outHeight() * k.outWidth()));
    }

    /** The same memory, with the first two dimensions the other way round. */
    private static NdArray exchanged(NdArray w) {
        int kernel = w.size(2) * w.size(3);
        return new NdArray(w.buffer(), w.type(), w.offset(), w.shape(),
                new long[] {kernel, (long) w.size(0) * kernel, w.size(3), 1});
    }

    @Test
    void sameBytesWhateverTheThreadCount() {
        Case k = new Case(2, 33, 40, 40, 65, 3, 3, ConvGeometry.of(1, 1));
        Case few = new Case(2, 3, 90, 170, 2, 3, 3, ConvGeometry.of(2, 1));
        Case strided = new Case(3, 33, 40, 66, 65, 3, 3, ConvGeometry.of(2, 1));
        for (Case one : new Case[] {k, few, strided}) {
            float[][] results = new float[3][];
            for (int threads = 1; threads <= 3; threads++) {
                try (CpuBackend other = new CpuBackend(threads)) {
                    NdArray x = TestArrays.random(other, 1, one.x());
                    NdArray weight = TestArrays.random(other, 2, one.weight());
                    NdArray y = TestArrays.random(other, 3, one.y());
                    other.conv2d(x, weight, one.g, ChannelScales.NONE, y);
                    other.conv2dInputGradient(y, weight, one.g, ChannelScales.NONE, x);
                    other.conv2dWeightGradient(x, y, one.g, ChannelScales.NONE, weight);
                    results[threads - 1] = TestArrays.read(weight);
                }
            }
            assertArrayEquals(results[0], results[1]);
            assertArrayEquals(results[0], results[2]);
        }
    }

    /** At first weights are prepared piece by piece where they are read, later taken as kept. */
    @Test
    void sameBytesWithKeptWeights() {
        Case one = new Case(2, 131, 13, 14, 70, 3, 3, ConvGeometry.of(1, 1));
        Case strided = new Case(2, 70, 27, 43, 71, 3, 3, ConvGeometry.of(2, 0));
        Case small = new Case(1, 33, 5, 5, 70, 3, 3, ConvGeometry.of(2, 0));
        for (Case k : new Case[] {one, strided, small}) {
            NdArray x = TestArrays.random(cpu, 1, k.x());
            NdArray weight = TestArrays.random(cpu, 2, k.weight());
            NdArray dy = TestArrays.random(cpu, 3, k.y());
            float[][] results = new float[3][];
            float[][] gradients = new float[3][];
            for (int i = 0; i < 3; i++) {
                NdArray y = TestArrays.random(cpu, 4 + i, k.y());
                NdArray dx = TestArrays.random(cpu, 7 + i, k.x());
                cpu.conv2d(x, weight, k.g, ChannelScales.NONE, y);
                cpu.conv2dInputGradient(dy, weight, k.g, ChannelScales.NONE, dx);
                results[i] = TestArrays.read(y);
                gradients[i] = TestArrays.read(dx);
            }
            for (int i = 1; i < 3; i++) {
                assertArrayEquals(results[0], results[i]);
                assertArrayEquals(gradients[0], gradients[i]);
            }
        }
    }

    /** Of a picture that is convolved by one weight after another, more is kept than of another each time. */
    @Test
    void sameBytesWithKeptPictures() {
        Case wide = new Case(1, 20, 98, 101, 24, 3, 3, ConvGeometry.of(1, 1));
        Case narrow = new Case(1, 20, 98, 101, 24, 3, 3, ConvGeometry.of(1, 0));
        Case strided = new Case(2, 66, 60, 67, 70, 3, 3, ConvGeometry.of(2, 0));
        Case small = new Case(1, 33, 9, 9, 70, 3, 3, ConvGeometry.of(1, 1));
        for (Case[] cases : new Case[][] {{wide, narrow}, {strided}, {small}}) {
            NdArray x = TestArrays.random(cpu, 1, cases[0].x());
            for (int i = 0; i < 8; i++) {
                if (i == 5) {
                    cpu.copy(TestArrays.random(cpu, 2, cases[0].x()), x);
                }
                NdArray fresh = TestArrays.random(cpu, i < 5 ? 1 : 2, cases[0].x());
                for (Case k : cases) {
                    NdArray weight = TestArrays.random(cpu, 10 + i, k.weight());
                    NdArray expected = TestArrays.random(cpu, 3, k.y());
                    NdArray y = TestArrays.random(cpu, 4, k.y());
                    cpu.conv2d(fresh, weight, k.g, ChannelScales.NONE, expected);
                    cpu.conv2d(x, weight, k.g, ChannelScales.NONE, y);
                    assertArrayEquals(TestArrays.read(expected), TestArrays.read(y));
                }
            }
        }
    }

    /** None, and both, of which one is broadcast over the samples. */
    private ChannelScales[] scales(Case k) {
        NdArray input = TestArrays.random(cpu, 4, k.n, k.c);
        NdArray row = TestArrays.random(cpu, 5, 1, k.o);
        NdArray output = new NdArray(row.buffer(), DType.F32, row.offset(), new int[] {k.n, k.o}, new long[] {0, 1});
        return new ChannelScales[] {ChannelScales.NONE, new ChannelScales(input, output)};
    }

    /** A sum in any order rounds once a term, and each term is scaled twice. */
    private static int roundings(int terms) {
        return terms + 4;
    }

    /**
     * Whichever of x, weight and dy is null, computed from the other two (y when dy is null); and the sums of
     * magnitudes.
     */
    private static double[][] reference(Case k, ChannelScales scales, NdArray x, NdArray weight, NdArray dy) {
        float[] xs = x == null ? null : TestArrays.read(x);
        float[] ws = weight == null ? null : TestArrays.read(weight);
        float[] ys = dy == null ? null : TestArrays.read(dy);
        float[] in = scales.input() == null ? null : TestArrays.read(scales.input());
        float[] out = scales.output() == null ? null : TestArrays.read(scales.output());
        int size = Math.toIntExact(NdArray.numel(xs == null ? k.x() : ws == null ? k.weight() : k.y()));
        double[][] result = new double[2][size];
        int perGroup = k.c / k.g.groups();
        int oh = k.outHeight();
        int ow = k.outWidth();
        for (int n = 0; n < k.n; n++) {
            for (int o = 0; o < k.o; o++) {
                for (int q = 0; q < oh * ow; q++) {
                    for (int p = 0; p < perGroup * k.kh * k.kw; p++) {
                        int iy = q / ow * k.g.strideY() - k.g.padY() + p / k.kw % k.kh * k.g.dilationY();
                        int ix = q % ow * k.g.strideX() - k.g.padX() + p % k.kw * k.g.dilationX();
                        if (iy < 0 || iy >= k.h || ix < 0 || ix >= k.w) {
                            continue;
                        }
                        int c = o / (k.o / k.g.groups()) * perGroup + p / k.kw / k.kh;
                        int xAt = ((n * k.c + c) * k.h + iy) * k.w + ix;
                        int wAt = o * perGroup * k.kh * k.kw + p;
                        int yAt = (n * k.o + o) * oh * ow + q;
                        double term = (xs == null ? 1 : xs[xAt]) * (double) (ws == null ? 1 : ws[wAt])
                                * (ys == null ? 1 : ys[yAt]) * (in == null ? 1 : in[n * k.c + c])
                                * (out == null ? 1 : out[n * k.o + o]);
                        int at = xs == null ? xAt : ws == null ? wAt : yAt;
                        result[0][at] += term;
                        result[1][at] += Math.abs(term);
                    }
                }
            }
        }
        return result;
    }
}
