package stylegan4j.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stylegan4j.kernels.cuda.BothBackends.distance;
import static stylegan4j.kernels.cuda.BothBackends.read;
import static stylegan4j.kernels.cuda.BothBackends.rounding;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stylegan4j.kernels.ChannelScales;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.cuda.BothBackends.Pair;

/** Gradients of convolutions' weights against the CPU. */
@Execution(ExecutionMode.CONCURRENT)
class WeightGradientOnCudaTest {
    private BothBackends both;

    @BeforeEach
    void open() {
        both = new BothBackends();
    }

    @AfterEach
    void close() {
        if (both != null) {
            both.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        // N, C, O, H, W, kh, kw, stride, pad, dilation, scaled
        "1, 1, 1, 1, 1, 3, 3, 1, 1, 1, true", "3, 13, 5, 13, 7, 3, 3, 1, 1, 1, true",
        "2, 70, 100, 13, 7, 3, 3, 1, 1, 1, true", "1, 207, 64, 5, 6, 1, 1, 1, 0, 1, false",
        "3, 40, 33, 9, 12, 3, 3, 2, 0, 1, true", "2, 5, 20, 13, 11, 3, 3, 2, 1, 1, true",
        "40, 4, 3, 4, 4, 3, 3, 1, 1, 1, true", "1, 3, 4, 99, 97, 3, 3, 1, 1, 1, false",
        "2, 6, 7, 12, 9, 5, 5, 1, 2, 1, true", "2, 6, 7, 12, 9, 2, 3, 2, 1, 2, false",
        "0, 3, 4, 5, 5, 3, 3, 1, 1, 1, true"})
    void agreesWithTheCpu(int n, int c, int o, int h, int w, int kh, int kw, int stride, int pad, int dilation,
                          boolean scaled) {
        var g = new ConvGeometry(stride, stride, pad, pad, dilation, dilation, 1);
        Operands operands = new Operands(n, c, o, h, w, kh, kw, g, scaled);
        operands.onCpu();
        operands.onGpu();
        both.assertSums(operands.dw, "conv2dWeightGradient");
        float[] first = read(both.cuda, operands.dw.cuda());
        operands.onGpu();
        assertArrayEquals(first, read(both.cuda, operands.dw.cuda()), "the same work twice");
    }

    /** Naive is to round what is read, what the scales make of it, and nothing else: sums are exact enough. */
    @ParameterizedTest
    @CsvSource({
        "TF32, 1, 33, 70, 13, 7, 3, 1, 1", "TF32, 2, 13, 20, 9, 11, 3, 2, 0", "F16, 3, 67, 20, 13, 7, 3, 1, 1",
        "F16, 2, 40, 64, 17, 9, 3, 2, 0", "BF16, 1, 13, 7, 33, 40, 1, 1, 0"})
    void lowPrecisionErrsAtMostTwiceAsMuchAsANaiveOne(Precision precision, int n, int c, int o, int h, int w, int k,
                                                      int stride, int pad) {
        Operands operands = new Operands(n, c, o, h, w, k, k, ConvGeometry.of(stride, pad), true);
        ((CudaBackend) both.cuda).precision(precision);
        operands.onCpu();
        operands.onGpu();
        float[] exact = read(both.cpu, operands.dw.cpu());
        double error = distance(read(both.cuda, operands.dw.cuda()), exact);
        double allowed = 2 * distance(operands.naive(rounding(precision)), exact);
        assertTrue(error <= allowed, () -> "error " + error + ", twice a naive one's " + allowed);
    }

    /** Random numbers. */
    private final class Operands {
        final ConvGeometry g;
        final boolean scaled;
        final Pair x;
        final Pair dy;
        final Pair in;
        final Pair out;
        final Pair dw;

        Operands(int n, int c, int o, int h, int w, int kh, int kw, ConvGeometry g, boolean scaled) {
            this.g = g;
            this.scaled = scaled;
            x = both.normal(n, c, h, w);
            dy = both.normal(n, o, g.outHeight(h, kh), g.outWidth(w, kw));
            in = both.normal(n, c);
            out = both.normal(n, o);
            dw = both.empty(o, c, kh, kw);
        }

        void onCpu() {
            both.cpu.conv2dWeightGradient(x.cpu(), dy.cpu(), g,
                    scaled ? new ChannelScales(in.cpu(), out.cpu()) : ChannelScales.NONE, dw.cpu());
        }

        void onGpu() {
            both.cuda.conv2dWeightGradient(x.cuda(), dy.cuda(), g,
                    scaled ? new ChannelScales(in.cuda(), out.cuda()) : ChannelScales.NONE, dw.cuda());
        }

        float[] naive(UnaryOperator<Float> rounding) {
            Pair sums = both.empty(dw.cpu().shape());
            both.cpu.conv2dWeightGradient(rounded(x, in, rounding), rounded(dy, out, rounding), g, ChannelScales.NONE,
                    sums.cpu());
            return read(both.cpu, sums.cpu());
        }

        private NdArray rounded(Pair picture, Pair scales, UnaryOperator<Float> rounding) {
            float[] values = read(both.cpu, picture.cpu());
            float[] factors = read(both.cpu, scales.cpu());
            int plane = picture.cpu().size(2) * picture.cpu().size(3);
            for (int i = 0; i < values.length; i++) {
                values[i] = rounding.apply(rounding.apply(values[i]) * rounding.apply(factors[i / plane]));
            }
            return both.of(values, picture.cpu().shape()).cpu();
        }
    }
}
