package stylegan4j.stylegan.train.augment;

import java.util.Arrays;
import stylegan4j.tensor.Tensor;

/** Colour transformations as one affine map of R, G, B (arXiv 2006.06676, appendix B). */
final class ColorAugment {
    private static final double BRIGHTNESS = 0.2;
    private static final double LOG_CONTRAST = 0.5;
    private static final double LOG_SATURATION = 1;
    private static final double AXIS = 1 / Math.sqrt(3);
    /** Projection on the axis of grey. */
    private static final Matrix GREY = Matrix.of(1 / 3.0, 1 / 3.0, 1 / 3.0, 0, 1 / 3.0, 1 / 3.0, 1 / 3.0, 0,
            1 / 3.0, 1 / 3.0, 1 / 3.0, 0, 0, 0, 0, 0);

    private final AugmentSpec spec;

    ColorAugment(AugmentSpec spec) {
        this.spec = spec;
    }

    Tensor apply(Tensor images, Choices choices) {
        boolean any = spec.brightness() > 0 || spec.contrast() > 0 || spec.lumaflip() > 0 || spec.hue() > 0
                || spec.saturation() > 0;
        return any ? transform(images, matrices(choices, images.size(1))) : images;
    }

    private Matrix[] matrices(Choices choices, int channels) {
        Matrix[] colour = new Matrix[choices.batch()];
        Matrix identity = Matrix.identity(4);
        Arrays.fill(colour, identity);
        if (spec.brightness() > 0) {
            double[] b = choices.normal(spec.brightness(), n -> n * BRIGHTNESS, 0);
            Arrays.setAll(colour, i -> Matrix.translate3d(b[i], b[i], b[i]).times(colour[i]));
        }
        if (spec.contrast() > 0) {
            double[] c = choices.normal(spec.contrast(), n -> Math.pow(2, n * LOG_CONTRAST), 1);
            Arrays.setAll(colour, i -> Matrix.scale3d(c[i], c[i], c[i]).times(colour[i]));
        }
        if (spec.lumaflip() > 0) {
            double[] flip = choices.uniform(spec.lumaflip(), u -> Math.floor(u * 2), 0);
            Arrays.setAll(colour, i -> identity.blend(1, GREY, -2 * flip[i]).times(colour[i]));
        }
        if (spec.hue() > 0 && channels > 1) {
            double[] theta = choices.uniform(spec.hue(), Choices::angle, 0);
            Arrays.setAll(colour, i -> Matrix.rotate3d(AXIS, AXIS, AXIS, theta[i]).times(colour[i]));
        }
        if (spec.saturation() > 0 && channels > 1) {
            double[] s = choices.normal(spec.saturation(), n -> Math.pow(2, n * LOG_SATURATION), 1);
            Arrays.setAll(colour, i -> identity.blend(s[i], GREY, 1 - s[i]).times(colour[i]));
        }
        return colour;
    }

    private static Tensor transform(Tensor images, Matrix[] colour) {
        int n = images.size(0);
        int channels = images.size(1);
        float[] factors = new float[n * channels * channels];
        float[] offsets = new float[n * channels];
        for (int i = 0; i < n; i++) {
            for (int row = 0; row < 3; row++) {
                for (int column = 0; column < 3; column++) {
                    // Grey pictures get the mean over the rows of what grey would become.
                    int at = channels == 1 ? i : (i * 3 + row) * 3 + column;
                    factors[at] += (float) (colour[i].at(row, column) / (channels == 1 ? 3 : 1));
                }
                offsets[channels == 1 ? i : i * 3 + row] += (float) (colour[i].at(row, 3) / (channels == 1 ? 3 : 1));
            }
        }
        return Tensor.of(factors, n, channels, channels).matmul(images.flatten(2, 3))
                .add(Tensor.of(offsets, n, channels, 1)).reshape(images.shape());
    }
}
