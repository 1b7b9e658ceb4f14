package stylegan4j.stylegan.train.augment;

import java.util.Arrays;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Convolution;
import stylegan4j.tensor.op.Interpolation;
import stylegan4j.tensor.op.Interpolation.Border;

/** Amplification of frequency bands, which the sym2 wavelet parts (arXiv 2006.06676, appendix B). */
final class FilterAugment {
    static final int BANDS = 4;

    /** The low-pass filter of the sym2 wavelet (Daubechies 1992, table 6.3). */
    private static final double[] SYM2 = {-0.12940952255092145, 0.22414386804185735, 0.836516303737469,
        0.48296291314469025};
    /** Power of pictures in each band, by 1/f. */
    private static final double[] EXPECTED_POWER = {10 / 13.0, 1 / 13.0, 1 / 13.0, 1 / 13.0};
    private static final double LOG_GAIN = 1;
    private static final double[][] BANK = bank();

    private final AugmentSpec spec;

    FilterAugment(AugmentSpec spec) {
        this.spec = spec;
    }

    Tensor apply(Tensor images, Choices choices) {
        return spec.imgfilter() > 0 ? filter(images, filters(choices)) : images;
    }

    /** Each sample's filter, its bands amplified one after the other at equal expected power. */
    private float[][] filters(Choices choices) {
        double[][] gains = new double[choices.batch()][BANDS];
        for (double[] g : gains) {
            Arrays.fill(g, 1);
        }
        for (int band = 0; band < BANDS; band++) {
            double[] t = choices.normal(spec.imgfilter(), n -> Math.pow(2, n * LOG_GAIN), 1);
            for (int i = 0; i < t.length; i++) {
                double power = EXPECTED_POWER[band] * t[i] * t[i] + 1 - EXPECTED_POWER[band];
                for (int b = 0; b < BANDS; b++) {
                    gains[i][b] *= (b == band ? t[i] : 1) / Math.sqrt(power);
                }
            }
        }
        float[][] filters = new float[gains.length][BANK[0].length];
        for (int i = 0; i < filters.length; i++) {
            for (int tap = 0; tap < BANK[0].length; tap++) {
                double sum = 0;
                for (int b = 0; b < BANDS; b++) {
                    sum += gains[i][b] * BANK[b][tap];
                }
                filters[i][tap] = (float) sum;
            }
        }
        return filters;
    }

    /** Correlates every channel with its sample's filter, along rows and columns. */
    private static Tensor filter(Tensor images, float[][] filters) {
        int n = images.size(0);
        int channels = images.size(1);
        int taps = BANK[0].length;
        float[] weights = new float[n * channels * taps];
        for (int i = 0; i < n * channels; i++) {
            System.arraycopy(filters[i / channels], 0, weights, i * taps, taps);
        }
        int pad = taps / 2;
        if (pad >= images.size(2) || pad >= images.size(3)) {
            throw new IllegalArgumentException("augment: filters of " + taps + " taps need pictures of more than " + pad
                    + " pixels, got " + images.describe());
        }
        ConvGeometry geometry = ConvGeometry.of(1, 0).withGroups(n * channels);
        Tensor x = Interpolation.pad(images.reshape(1, n * channels, images.size(2), images.size(3)), pad, pad, pad,
                pad, Border.REFLECT);
        Tensor rows = Convolution.conv2d(x, Tensor.of(weights, n * channels, 1, 1, taps), geometry);
        return Convolution.conv2d(rows, Tensor.of(weights, n * channels, 1, taps, 1), geometry)
                .reshape(images.shape());
    }

    /** The filter bank [bands][taps], from the lowest band up: its filters sum up to 1 at the middle tap. */
    static double[][] bank() {
        double[] high = new double[SYM2.length];
        for (int i = 0; i < high.length; i++) {
            high[i] = i % 2 == 0 ? SYM2[i] : -SYM2[i];
        }
        double[] low2 = halved(convolve(SYM2, reversed(SYM2)));
        double[] high2 = halved(convolve(high, reversed(high)));
        double[][] bank = new double[BANDS][1];
        bank[0][0] = 1;
        for (int band = 1; band < BANDS; band++) {
            for (int i = 0; i < BANDS; i++) {
                bank[i] = convolve(zerosBetween(bank[i]), low2);
            }
            int start = (bank[band].length - high2.length) / 2;
            for (int i = 0; i < high2.length; i++) {
                bank[band][start + i] += high2[i];
            }
        }
        return bank;
    }

    private static double[] convolve(double[] a, double[] b) {
        double[] product = new double[a.length + b.length - 1];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b.length; j++) {
                product[i + j] += a[i] * b[j];
            }
        }
        return product;
    }

    private static double[] reversed(double[] a) {
        double[] reversed = new double[a.length];
        Arrays.setAll(reversed, i -> a[a.length - 1 - i]);
        return reversed;
    }

    private static double[] halved(double[] a) {
        return Arrays.stream(a).map(v -> v / 2).toArray();
    }

    private static double[] zerosBetween(double[] a) {
        double[] wide = new double[2 * a.length - 1];
        for (int i = 0; i < a.length; i++) {
            wide[2 * i] = a[i];
        }
        return wide;
    }
}
