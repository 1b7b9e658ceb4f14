package stylegan4j.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static stylegan4j.kernels.cuda.BothBackends.distance;
import static stylegan4j.kernels.cuda.BothBackends.read;
import static stylegan4j.kernels.cuda.BothBackends.rounding;

import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.ChannelScales;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Epilogue;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.FusedConv;
import stylegan4j.kernels.FusedConv.Resample;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.kernels.cuda.BothBackends.Pair;

/** Convolutions and matrix products against the CPU. */
@Execution(ExecutionMode.CONCURRENT)
class ConvolutionsOnCudaTest {
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
        // N, C, O, H, W, k
        "1, 1, 1, 1, 1, 3", "1, 1, 1, 4, 4, 1", "2, 3, 13, 5, 3, 3", "3, 13, 3, 13, 7, 1", "1, 64, 64, 4, 4, 3",
        "2, 13, 64, 17, 21, 3", "1, 33, 207, 9, 16, 3", "1, 70, 13, 33, 18, 3", "1, 3, 3, 65, 65, 3",
        "40, 16, 70, 4, 3, 3", "2, 64, 3, 32, 33, 1", "2, 5, 70, 90, 91, 3", "2, 0, 13, 5, 4, 3"})
    void plain(int n, int c, int o, int h, int w, int k) {
        new Layer(Resample.NONE, n, c, o, h, w, k, Fir.separable(1)).agree();
    }

    @ParameterizedTest
    @CsvSource({
        // N, C, O, H, W, taps
        "1, 1, 1, 1, 1, 4", "2, 3, 13, 2, 3, 4", "3, 13, 64, 4, 4, 4", "2, 64, 13, 13, 21, 4", "1, 207, 3, 16, 16, 4",
        "1, 4, 3, 33, 7, 3", "1, 20, 130, 16, 17, 4", "2, 20, 19, 32, 43, 4"})
    void up(int n, int c, int o, int h, int w, int taps) {
        new Layer(Resample.UP, n, c, o, h, w, 3, fir(taps)).agree();
    }

    @ParameterizedTest
    @CsvSource({
        // N, C, O, H, W, k, taps
        "1, 1, 1, 2, 2, 3, 4", "2, 3, 13, 4, 6, 3, 4", "3, 13, 64, 26, 14, 3, 4", "1, 64, 3, 10, 34, 1, 4",
        "1, 5, 207, 34, 34, 3, 3"})
    void down(int n, int c, int o, int h, int w, int k, int taps) {
        new Layer(Resample.DOWN, n, c, o, h, w, k, fir(taps)).agree();
    }

    @ParameterizedTest
    @EnumSource(value = Activation.class, names = {"LINEAR", "SWISH", "SELU"})
    void activations(Activation activation) {
        Layer layer = new Layer(Resample.NONE, 1, 4, 6, 5, 3, 3, null);
        layer.act = BiasAct.of(activation).withGain(0.7f).withClamp(0.9f);
        layer.agree();
    }

    @ParameterizedTest
    @EnumSource(Resample.class)
    void filterOfRankTwo(Resample resample) {
        float[] taps = {1, 2, -1, 0.5f, 3, 1, 0, 2, 1, 4, 0.25f, 1};
        new Layer(resample, 1, 3, 4, 6, 6, 3, new Fir(3, 4, taps)).agree();
    }

    @ParameterizedTest
    @CsvSource({
        "TF32, NONE, 2, 67, 64, 17, 21, 3", "TF32, UP, 1, 64, 13, 8, 9, 3", "F16, NONE, 2, 67, 64, 17, 21, 3",
        "F16, NONE, 1, 33, 70, 128, 128, 3", "F16, DOWN, 1, 13, 64, 16, 18, 3", "F16, UP, 1, 33, 3, 33, 32, 3",
        "BF16, NONE, 1, 64, 207, 4, 4, 3"})
    void lowPrecisionErrsAtMostTwiceAsMuchAsANaiveOne(Precision precision, Resample resample, int n, int c, int o,
                                                      int h, int w, int k) {
        Layer layer = new Layer(resample, n, c, o, h, w, k, fir(4));
        ((CudaBackend) both.cuda).precision(precision);
        layer.run();
        float[] exact = read(both.cpu, layer.y.cpu());
        float[] ours = read(both.cuda, layer.y.cuda());
        float[] naive = layer.naive(rounding(precision));
        double error = distance(ours, exact);
        double allowed = 2 * distance(naive, exact);
        assertTrue(error <= allowed, () -> layer + ": error " + error + ", twice a naive one's " + allowed);
    }

    @ParameterizedTest
    @CsvSource({"F16, UP, 6, 5", "BF16, UP, 32, 33", "F16, NONE, 9, 13"})
    void halfPicturesErrAtMostTwiceAsMuchAsNaiveOnes(Precision precision, Resample resample, int h, int w) {
        DType type = DType.valueOf(precision.name());
        Layer layer = new Layer(resample, 2, 13, 20, h, w, 3, fir(4));
        Pair x = both.empty(type, layer.x.cpu().shape());
        Pair y = both.empty(type, layer.y.cpu().shape());
        layer.run();
        float[] exact = read(both.cpu, layer.y.cpu());
        both.cuda.copy(layer.x.cuda(), x.cuda());
        both.cuda.fusedConv2d(x.cuda(), layer.weight.cuda(), layer.spec(Pair::cuda), y.cuda());
        both.cuda.copy(y.cuda(), layer.y.cuda());
        double error = distance(read(both.cuda, layer.y.cuda()), exact);
        double allowed = 2 * distance(layer.naive(rounding(precision)), exact);
        assertTrue(error <= allowed, () -> layer + ": error " + error + ", twice a naive one's " + allowed);
    }

    @ParameterizedTest
    @CsvSource({
        // N, C, O, H, W, kh, kw, stride, pad, dilation, groups, scaled
        "2, 3, 5, 7, 9, 3, 3, 1, 1, 1, 1, true", "1, 13, 207, 8, 8, 3, 3, 2, 1, 1, 1, true",
        "1, 64, 13, 9, 9, 1, 1, 2, 0, 1, 1, false", "2, 6, 4, 11, 13, 3, 2, 3, 1, 2, 2, true",
        "1, 3, 8, 23, 23, 11, 11, 4, 2, 1, 1, false", "1, 64, 64, 13, 13, 5, 5, 2, 2, 1, 1, true"})
    void convolutionAndItsAdjoints(int n, int c, int o, int h, int w, int kh, int kw, int stride, int pad,
                                   int dilation, int groups, boolean scaled) {
        var g = new ConvGeometry(stride, stride, pad, pad, dilation, dilation, groups);
        ConvolutionCase.run(both, n, c, o, h, w, kh, kw, g, scaled).agrees(both);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 1", "2, 3, 5, 7", "1, 13, 207, 65", "3, 65, 64, 33", "1, 2, 3, 3000"})
    void products(int batch, int m, int n, int k) {
        ProductCase product = ProductCase.of(both, batch, m, n, k);
        product.dense();
        product.transposedAndRepeated();
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "2, 3, 13", "3, 13, 5", "1, 207, 64"})
    void demodulation(int n, int c, int o) {
        Pair energy = both.normal(o, c);
        Pair styles = both.normal(n, c);
        Pair y = both.empty(n, o);
        both.run((b, of) -> {
            b.unary(UnaryOp.SQUARE, of.apply(energy), 0, 0, of.apply(energy));
            b.demodulation(of.apply(energy), of.apply(styles), 1e-8f, of.apply(y));
        });
        // sums of c squares in another order, under a root
        both.assertClose(y, c * 0x1p-23, 0, "demodulation");
    }

    private static Fir fir(int taps) {
        return taps == 4 ? Fir.separable(1, 3, 3, 1).scaled(4) : Fir.separable(1, 1.3f, 1.6f).scaled(4);
    }

    /** A synthesis layer with everything, and other styles for each sample. */
    private final class Layer {
        final Resample resample;
        final Fir fir;
        final Pair x;
        final Pair weight;
        final Pair styles;
        final Pair demodulation;
        final Pair noise;
        final Pair strength = both.of(new float[] {0.3f}, 1);
        final Pair bias;
        final Pair y;
        BiasAct act = BiasAct.of(Activation.LRELU).withClamp(3);

        Layer(Resample resample, int n, int c, int o, int h, int w, int k, Fir fir) {
            this.resample = resample;
            this.fir = resample == Resample.NONE ? null : fir;
            x = both.normal(n, c, h, w);
            weight = both.normal(o, c, k, k);
            both.run((b, of) -> b.unary(UnaryOp.AFFINE, of.apply(weight), (float) (1 / Math.sqrt(c * k * k)), 0,
                    of.apply(weight)));
            styles = both.normal(n, c);
            demodulation = both.normal(n, o);
            int height = resample == Resample.UP ? 2 * h : resample == Resample.DOWN ? h / 2 : h;
            int width = resample == Resample.UP ? 2 * w : resample == Resample.DOWN ? w / 2 : w;
            noise = both.normal(c % 2 == 0 ? n : 1, 1, height, width);
            bias = both.normal(o);
            y = both.empty(n, o, height, width);
        }

        FusedConv spec(Function<Pair, NdArray> of) {
            return new FusedConv(resample, fir, new ChannelScales(of.apply(styles), of.apply(demodulation)),
                    new Epilogue(of.apply(noise), of.apply(strength), of.apply(bias), act));
        }

        void run() {
            both.run((b, of) -> b.fusedConv2d(of.apply(x), of.apply(weight), spec(of), of.apply(y)));
        }

        void agree() {
            run();
            both.assertSums(y, toString());
        }

        /** On the CPU, with every operand and every step's result rounded. */
        float[] naive(UnaryOperator<Float> rounding) {
            float[] picture = rounded(x, rounding);
            float[] factors = rounded(styles, rounding);
            int pixels = x.cpu().size(2) * x.cpu().size(3);
            for (int i = 0; i < picture.length; i++) {
                picture[i] = rounding.apply(picture[i] * factors[i / pixels]);
            }
            Pair sums = both.empty(y.cpu().shape());
            both.cpu.fusedConv2d(both.of(picture, x.cpu().shape()).cpu(),
                    both.of(rounded(weight, rounding), weight.cpu().shape()).cpu(),
                    new FusedConv(resample, fir, ChannelScales.NONE, Epilogue.NONE), sums.cpu());
            float[] values = rounded(sums, rounding);
            float[] scales = rounded(demodulation, rounding);
            float[] noises = rounded(noise, rounding);
            float[] biases = rounded(bias, rounding);
            int channels = y.cpu().size(1);
            int plane = y.cpu().size(2) * y.cpu().size(3);
            for (int i = 0; i < values.length; i++) {
                int at = noise.cpu().size(0) == 1 ? i % plane : i / plane / channels * plane + i % plane;
                float v = rounding.apply(values[i] * scales[i / plane]);
                v = rounding.apply(v + rounding.apply(noises[at] * rounding.apply(0.3f)));
                v = rounding.apply(v + biases[i / plane % channels]);
                v = rounding.apply(v < 0 ? v * rounding.apply(act.alpha()) : v);
                values[i] = Math.clamp(rounding.apply(v * rounding.apply(act.gain())), -act.clamp(), act.clamp());
            }
            return values;
        }

        private float[] rounded(Pair operand, UnaryOperator<Float> rounding) {
            float[] values = read(both.cpu, operand.cpu());
            for (int i = 0; i < values.length; i++) {
                values[i] = rounding.apply(values[i]);
            }
            return values;
        }

        @Override
        public String toString() {
            return resample + " x=" + x.cpu() + " weight=" + weight.cpu();
        }
    }
}
