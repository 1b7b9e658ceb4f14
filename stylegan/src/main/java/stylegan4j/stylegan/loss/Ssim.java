package stylegan4j.stylegan.loss;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import stylegan4j.kernels.LinearMap;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Expression;
import stylegan4j.tensor.op.Interpolation;
import stylegan4j.tensor.op.LinearMaps;
import stylegan4j.tensor.op.Pointwise;
import stylegan4j.tensor.op.Views;

/**
 * Structural similarity (Wang et al. 2004) and its multi-scale form (Wang et al. 2003), as the papers on inversion
 * evaluate them (yuval-alaluf/hyperstyle, {@code criteria/ms_ssim.py}): a Gaussian window of 11 pixels and deviation
 * 1.5 (smaller for smaller pictures), no padding. The span of values L of the constants (0.01·L)², (0.03·L)² is told
 * from the first argument, at every scale again: from −1 or 0 (below −0.5 or not) to 1 or 255 (above 128 or not).
 */
public final class Ssim {
    private static final int WINDOW = 11;
    private static final double DEVIATION = 1.5;
    private static final double[] SCALE_WEIGHTS = {0.0448, 0.2856, 0.3001, 0.2363, 0.1333};
    private static final int SMALLEST = 1 << SCALE_WEIGHTS.length - 1;

    /**
     * Two means over each picture's channels and pixels.
     *
     * @param similarity [N], luminance, contrast and structure together
     * @param contrast [N], contrast and structure alone
     */
    public record Terms(Tensor similarity, Tensor contrast) {
    }

    private Ssim() {
    }

    /** Structural similarity of each pair of pictures [N, C, H, W], [N], at most 1. */
    public static Tensor ssim(Tensor x, Tensor y) {
        return Scope.local(() -> terms(x, y).similarity());
    }

    /** The terms of one scale. */
    public static Terms terms(Tensor x, Tensor y) {
        if (x.rank() != 4 || !Arrays.equals(x.shape(), y.shape())) {
            throw new IllegalArgumentException("ssim: expected two batches [N, C, H, W] of one shape, got "
                    + x.describe() + " and " + y.describe());
        }
        double span = span(x);
        double c1 = Math.pow(0.01 * span, 2);
        double c2 = Math.pow(0.03 * span, 2);
        int n = x.size(0);
        Tensor means = blur(Views.concat(List.of(x, y, x.square(), y.square(), x.mul(y)), 0));
        Tensor meanX = means.slice(0, 0, n);
        Tensor meanY = means.slice(0, n, 2 * n);
        Tensor contrast = contrast(c2).apply(meanX, meanY, means.slice(0, 2 * n, 3 * n),
                means.slice(0, 3 * n, 4 * n), means.slice(0, 4 * n, 5 * n));
        Tensor similarity = similarity(c1).apply(meanX, meanY, contrast);
        return new Terms(similarity.mean(1, 2, 3), contrast.mean(1, 2, 3));
    }

    /** Contrast and structure, of the means of x, y, x², y² and x·y. */
    private static Pointwise contrast(double c2) {
        return Pointwise.of("ssim contrast", 5, m -> {
            Expression squares = m.get(0).square().add(m.get(1).square());
            Expression variances = m.get(2).add(m.get(3)).sub(squares);
            Expression covariance = m.get(4).sub(m.get(0).mul(m.get(1)));
            return covariance.mul(2).add(c2).div(variances.add(c2));
        });
    }

    /** Luminance times contrast and structure, of the means of x and y and that. */
    private static Pointwise similarity(double c1) {
        return Pointwise.of("ssim similarity", 3, m -> {
            Expression squares = m.get(0).square().add(m.get(1).square());
            return m.get(0).mul(m.get(1)).mul(2).add(c1).div(squares.add(c1)).mul(m.get(2));
        });
    }

    /**
     * Multi-scale structural similarity of each pair of pictures [N, C, H, W], [N]. A negative term, whose fractional
     * power does not exist, counts as zero.
     *
     * @throws IllegalArgumentException if a side is below 16 pixels
     */
    public static Tensor msSsim(Tensor x, Tensor y) {
        List<Tensor> each = new ArrayList<>();
        for (int i = 0; i < x.size(0); i++) {
            Tensor one = x.slice(0, i, i + 1);
            Tensor other = y.slice(0, i, i + 1);
            each.add(Scope.local(() -> combine(scales(one, other))));
        }
        return Views.concat(each, 0);
    }

    /** One multi-scale similarity of two whole batches, whose terms are averaged before they are combined; a scalar. */
    public static Tensor msSsimOfBatch(Tensor x, Tensor y) {
        return Scope.local(() -> combine(scales(x, y).stream()
                .map(t -> new Terms(t.similarity().mean(), t.contrast().mean())).toList()));
    }

    /** The terms of five scales, each half as large as the one before. */
    public static List<Terms> scales(Tensor x, Tensor y) {
        if (x.rank() == 4 && Math.min(x.size(2), x.size(3)) < SMALLEST) {
            throw new IllegalArgumentException("msSsim: expected pictures of " + SMALLEST + "x" + SMALLEST
                    + " or more, got " + x.describe());
        }
        List<Terms> scales = new ArrayList<>(List.of(terms(x, y)));
        for (int i = 1; i < SCALE_WEIGHTS.length; i++) {
            x = Interpolation.avgPool2d(x, 2, 2, 0);
            y = Interpolation.avgPool2d(y, 2, 2, 0);
            scales.add(terms(x, y));
        }
        return scales;
    }

    /** The contrast of all scales but the last, the similarity of that one, to the powers of the published weights. */
    public static Tensor combine(List<Terms> scales) {
        int last = SCALE_WEIGHTS.length - 1;
        Tensor product = power(scales.get(last).similarity(), last);
        for (int i = 0; i < last; i++) {
            product = product.mul(power(scales.get(i).contrast(), i));
        }
        return product;
    }

    private static Tensor power(Tensor term, int scale) {
        return term.relu().pow(SCALE_WEIGHTS[scale]);
    }

    private static double span(Tensor x) {
        Tensor values = x.detach();
        double highest = values.max().item() > 128 ? 255 : 1;
        return values.min().item() < -0.5 ? highest + 1 : highest;
    }

    private static Tensor blur(Tensor x) {
        int size = Math.min(WINDOW, Math.min(x.size(2), x.size(3)));
        float[] taps = gaussian(size);
        return LinearMaps.apply(LinearMaps.apply(x, 2, sliding(x.size(2), taps)), 3, sliding(x.size(3), taps));
    }

    private static float[] gaussian(int size) {
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = Math.exp(-Math.pow(i - size / 2, 2) / (2 * DEVIATION * DEVIATION));
        }
        double sum = Arrays.stream(values).sum();
        float[] taps = new float[size];
        for (int i = 0; i < size; i++) {
            taps[i] = (float) (values[i] / sum);
        }
        return taps;
    }

    /** The window at every place where it fits. */
    private static LinearMap sliding(int inputs, float[] taps) {
        int outputs = inputs - taps.length + 1;
        int[] starts = new int[outputs + 1];
        int[] columns = new int[outputs * taps.length];
        float[] weights = new float[columns.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = i / taps.length + i % taps.length;
            weights[i] = taps[i % taps.length];
        }
        for (int i = 0; i <= outputs; i++) {
            starts[i] = i * taps.length;
        }
        return new LinearMap(inputs, outputs, starts, columns, weights);
    }
}
