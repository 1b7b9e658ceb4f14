package stylegan4j.kernels.cpu.conv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.ChannelScales;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Epilogue;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.FusedConv;
import stylegan4j.kernels.FusedConv.Resample;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBackend;

/** Fused convolutions against the definition in double precision. */
@Tag("widths")
class FusedConvolutionTest {
    private static final CpuBackend BACKEND = new CpuBackend(2);

    private final Random random = new Random(7);

    @AfterAll
    static void close() {
        BACKEND.close();
    }

    @ParameterizedTest
    @CsvSource({
        // N, C, O, H, W, k
        "1, 1, 1, 1, 1, 3", "1, 1, 1, 1, 1, 1", "2, 3, 5, 2, 3, 3", "1, 13, 7, 4, 4, 3", "1, 5, 3, 13, 7, 1",
        "2, 17, 9, 13, 21, 3", "1, 7, 33, 32, 32, 3", "3, 20, 19, 33, 18, 3", "1, 33, 6, 8, 67, 3",
        "1, 18, 19, 7, 70, 3", "1, 300, 18, 17, 16, 3", "40, 16, 16, 4, 3, 3", "1, 40, 3, 17, 40, 1",
        "2, 8, 3, 64, 64, 1", "1, 16, 16, 64, 65, 3", "1, 3, 16, 5, 70, 1"})
    void plainEqualsDefinition(int n, int c, int o, int h, int w, int k) {
        check(new Case(Resample.NONE, n, c, o, h, w, k, 0), true);
        check(new Case(Resample.NONE, n, c, o, h, w, k, 0), false);
    }

    @ParameterizedTest
    @CsvSource({
        // N, C, O, H, W, taps
        "1, 1, 1, 1, 1, 4", "2, 3, 5, 2, 3, 4", "1, 13, 7, 4, 4, 4", "2, 17, 9, 13, 21, 4", "1, 7, 13, 16, 16, 4",
        "1, 5, 3, 9, 33, 4", "1, 16, 17, 21, 23, 4", "3, 17, 16, 14, 9, 3", "1, 16, 18, 8, 66, 4", "1, 4, 3, 6, 5, 3",
        "1, 4, 3, 6, 5, 1", "1, 2, 3, 5, 4, 6", "1, 16, 16, 32, 36, 4"})
    void upEqualsDefinition(int n, int c, int o, int h, int w, int taps) {
        check(new Case(Resample.UP, n, c, o, h, w, 3, taps), true);
        check(new Case(Resample.UP, n, c, o, h, w, 3, taps), false);
    }

    @ParameterizedTest
    @CsvSource({
        // N, C, O, H, W, k, taps
        "1, 1, 1, 2, 2, 3, 4", "2, 3, 5, 4, 6, 3, 4", "1, 13, 7, 8, 8, 3, 4", "2, 17, 9, 26, 14, 3, 4",
        "1, 5, 3, 10, 34, 1, 4", "1, 4, 3, 6, 4, 3, 3", "1, 4, 3, 6, 8, 1, 1", "1, 7, 13, 32, 32, 1, 4",
        "1, 16, 16, 34, 66, 3, 4"})
    void downEqualsDefinition(int n, int c, int o, int h, int w, int k, int taps) {
        check(new Case(Resample.DOWN, n, c, o, h, w, k, taps), true);
        check(new Case(Resample.DOWN, n, c, o, h, w, k, taps), false);
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void everyActivation(Activation activation) {
        for (Resample resample : Resample.values()) {
            Case wanted = new Case(resample, 1, 4, 6, 12, 18, 3, 4);
            BiasAct act = BiasAct.of(activation).withGain(0.7f).withClamp(0.9f);
            check(wanted, true, act);
        }
    }

    @Test
    void filterOfRankTwo() {
        float[] taps = {1, 2, -1, 0.5f, 3, 1, 0, 2, 1, 4, 0.25f, 1, 2, 1, 1, -2};
        for (Resample resample : new Resample[] {Resample.UP, Resample.DOWN}) {
            check(new Case(resample, 1, 3, 4, 10, 12, 3, 4), true, BiasAct.of(Activation.LRELU), new Fir(4, 4, taps));
        }
    }

    @Test
    void threadsDoNotChangeTheResult() {
        try (CpuBackend single = new CpuBackend(1); CpuBackend five = new CpuBackend(5)) {
            for (Resample resample : Resample.values()) {
                Case c = new Case(resample, 2, 19, 23, 34, 38, 3, 4);
                Inputs inputs = new Inputs(c, true, BiasAct.of(Activation.LRELU), Fir.separable(1, 3, 3, 1));
                assertArrayEquals(inputs.run(single), inputs.run(five));
            }
        }
    }

    private void check(Case c, boolean everything) {
        check(c, everything, everything ? BiasAct.of(Activation.LRELU).withClamp(3) : Epilogue.NONE.act());
    }

    private void check(Case c, boolean everything, BiasAct act) {
        float[] taps = c.taps == 4 ? new float[] {1, 3, 3, 1} : new float[c.taps];
        for (int i = 0; i < c.taps && c.taps != 4; i++) {
            taps[i] = 1 + 0.3f * i;
        }
        check(c, everything, act, c.taps == 0 ? null : Fir.separable(taps).scaled(4));
    }

    private void check(Case c, boolean everything, BiasAct act, Fir fir) {
        Inputs inputs = new Inputs(c, everything, act, fir);
        float[] got = inputs.run(BACKEND);
        double[] want = inputs.expected();
        // Sums of up to 9·C terms of rms 1 in float32, and Winograd's transforms amplify rounding a few times:
        // 1e-5 of the result's rms leaves a factor of ten over what is measured.
        double rms = 0;
        for (double v : want) {
            rms += v * v / want.length;
        }
        double tolerance = 1e-5 * (Math.sqrt(rms) + 1);
        for (int i = 0; i < want.length; i++) {
            int at = i;
            assertTrue(Math.abs(got[i] - want[i]) <= tolerance,
                    () -> c + " [" + at + "]: expected " + want[at] + ", got " + got[at]);
        }
    }

    private record Case(Resample resample, int n, int c, int o, int h, int w, int k, int taps) {
        int outHeight() {
            return switch (resample) {
                case NONE -> h;
                case UP -> 2 * h;
                case DOWN -> h / 2;
            };
        }

        int outWidth() {
            return switch (resample) {
                case NONE -> w;
                case UP -> 2 * w;
                case DOWN -> w / 2;
            };
        }
    }

    private final class Inputs {
        final Case c;
        final BiasAct act;
        final Fir fir;
        final float[] x;
        final float[] weight;
        final float[] styles;
        final float[] demodulation;
        final float[] noise;
        final int noiseSamples;
        final float strength = 0.3f;
        final float[] bias;

        Inputs(Case c, boolean everything, BiasAct act, Fir fir) {
            this.c = c;
            this.act = act;
            this.fir = c.resample == Resample.NONE ? null : fir;
            x = normal(c.n * c.c * c.h * c.w, 1);
            weight = normal(c.o * c.c * c.k * c.k, 1 / Math.sqrt(c.c * c.k * c.k));
            styles = everything ? normal(c.n * c.c, 1) : null;
            demodulation = everything ? normal(c.n * c.o, 1) : null;
            noiseSamples = c.c % 2 == 0 ? c.n : 1;
            noise = everything ? normal(noiseSamples * c.outHeight() * c.outWidth(), 1) : null;
            bias = everything ? normal(c.o, 1) : null;
        }

        float[] run(CpuBackend backend) {
            NdArray ys = array(backend, null, c.n, c.o, c.outHeight(), c.outWidth());
            NdArray xs = array(backend, x, c.n, c.c, c.h, c.w);
            NdArray ws = array(backend, weight, c.o, c.c, c.k, c.k);
            Epilogue epilogue = new Epilogue(
                    noise == null ? null : array(backend, noise, noiseSamples, 1, c.outHeight(), c.outWidth()),
                    noise == null ? null : array(backend, new float[] {strength}, 1),
                    bias == null ? null : array(backend, bias, c.o), act);
            ChannelScales scales = styles == null ? ChannelScales.NONE : new ChannelScales(
                    array(backend, styles, c.n, c.c), array(backend, demodulation, c.n, c.o));
            backend.fusedConv2d(xs, ws, new FusedConv(c.resample, fir, scales, epilogue), ys);
            float[] result = new float[(int) ys.numel()];
            backend.download(ys.buffer(), ys.offset() * 4, MemorySegment.ofArray(result));
            return result;
        }

        double[] expected() {
            double[] result = new double[c.n * c.o * c.outHeight() * c.outWidth()];
            int plane = c.outHeight() * c.outWidth();
            for (int n = 0; n < c.n; n++) {
                for (int o = 0; o < c.o; o++) {
                    double[][] sum = new double[c.outHeight()][c.outWidth()];
                    for (int ci = 0; ci < c.c; ci++) {
                        double[][] in = new double[c.h][c.w];
                        double[][] kernel = new double[c.k][c.k];
                        for (int i = 0; i < c.h * c.w; i++) {
                            in[i / c.w][i % c.w] = x[(n * c.c + ci) * c.h * c.w + i]
                                    * (double) (styles == null ? 1 : styles[n * c.c + ci]);
                        }
                        for (int i = 0; i < c.k * c.k; i++) {
                            kernel[i / c.k][i % c.k] = weight[(o * c.c + ci) * c.k * c.k + i];
                        }
                        addConvolved(in, kernel, sum);
                    }
                    for (int i = 0; i < plane; i++) {
                        double v = sum[i / c.outWidth()][i % c.outWidth()];
                        if (styles != null) {
                            v = v * demodulation[n * c.o + o] + bias[o]
                                    + strength * (double) noise[(noiseSamples == 1 ? 0 : n * plane) + i];
                        }
                        result[(n * c.o + o) * plane + i] = activated(v);
                    }
                }
            }
            return result;
        }

        private void addConvolved(double[][] in, double[][] kernel, double[][] sum) {
            int pad = (c.k - 1) / 2;
            int t = c.taps;
            double[][] out = switch (c.resample) {
                case NONE -> correlate(in, kernel, pad, c.h, c.w, 1);
                case UP -> correlate(transposed(in, kernel), flipped(fir), (t + 1) / 2 - 1, 2 * c.h, 2 * c.w, 1);
                case DOWN -> correlate(correlate(in, flipped(fir), pad + (t - 1) / 2, c.h + 2 * pad, c.w + 2 * pad, 1),
                        kernel, 0, c.h / 2, c.w / 2, 2);
            };
            for (int i = 0; i < out.length; i++) {
                for (int j = 0; j < out[i].length; j++) {
                    sum[i][j] += out[i][j];
                }
            }
        }

        private double activated(double v) {
            double f = switch (act.activation()) {
                case LINEAR -> v;
                case RELU -> Math.max(v, 0);
                case LRELU -> v < 0 ? v * act.alpha() : v;
                case TANH -> Math.tanh(v);
                case SIGMOID -> 1 / (1 + Math.exp(-v));
                case ELU -> v < 0 ? Math.expm1(v) : v;
                case SELU -> 1.0507009873554805 * (v < 0 ? 1.6732632423543772 * Math.expm1(v) : v);
                case SOFTPLUS -> Math.log1p(Math.exp(v));
                case SWISH -> v / (1 + Math.exp(-v));
            };
            double scaled = f * act.gain();
            return act.clamps() ? Math.clamp(scaled, -act.clamp(), act.clamp()) : scaled;
        }
    }

    private static double[][] correlate(double[][] in, double[][] kernel, int pad, int height, int width, int stride) {
        double[][] out = new double[height][width];
        for (int i = 0; i < height; i++) {
            for (int j = 0; j < width; j++) {
                for (int p = 0; p < kernel.length; p++) {
                    for (int q = 0; q < kernel[p].length; q++) {
                        int r = i * stride - pad + p;
                        int s = j * stride - pad + q;
                        if (r >= 0 && r < in.length && s >= 0 && s < in[0].length) {
                            out[i][j] += in[r][s] * kernel[p][q];
                        }
                    }
                }
            }
        }
        return out;
    }

    private static double[][] transposed(double[][] in, double[][] kernel) {
        double[][] out = new double[2 * in.length + 1][2 * in[0].length + 1];
        for (int i = 0; i < in.length; i++) {
            for (int j = 0; j < in[0].length; j++) {
                for (int k = 0; k < 9; k++) {
                    out[2 * i + k / 3][2 * j + k % 3] += in[i][j] * kernel[k / 3][k % 3];
                }
            }
        }
        return out;
    }

    private static double[][] flipped(Fir fir) {
        double[][] taps = new double[fir.height()][fir.width()];
        for (int i = 0; i < fir.taps().length; i++) {
            taps[fir.height() - 1 - i / fir.width()][fir.width() - 1 - i % fir.width()] = fir.taps()[i];
        }
        return taps;
    }

    private float[] normal(int count, double scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        return values;
    }

    /** A view that does not start at the buffer's beginning, so that forgotten offsets show. */
    private static NdArray array(CpuBackend backend, float[] values, int... shape) {
        int skip = 3;
        long count = NdArray.numel(shape);
        NdArray array = new NdArray(backend.allocate((skip + count) * 4), DType.F32, skip, shape,
                NdArray.rowMajorStrides(shape));
        if (values != null) {
            backend.upload(MemorySegment.ofArray(values), array.buffer(), skip * 4);
        }
        return array;
    }
}
