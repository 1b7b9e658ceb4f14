package stylegan4j.stylegan.train.augment;

import java.util.Arrays;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.Upfirdn;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.GridSampling;
import stylegan4j.tensor.op.Interpolation;
import stylegan4j.tensor.op.Interpolation.Border;
import stylegan4j.tensor.op.Upfirdn2d;

/**
 * Pixel blitting and geometric transformations as one affine map: the picture is mirrored at its edges, doubled in size
 * with a good filter, sampled bilinearly, and halved again (arXiv 2006.06676, appendix B).
 */
final class GeometricAugment {
    /** The low-pass filter of the sym6 wavelet (Daubechies 1992, table 6.3). */
    static final float[] SYM6 = {0.015404109327027373f, 0.0034907120842174702f, -0.11799011114819057f,
        -0.048311742585633f, 0.4910559419267466f, 0.787641141030194f, 0.3379294217276218f, -0.07263752278646252f,
        -0.021060292512300564f, 0.04472490177066578f, 0.0017677118642428036f, -0.007800708325034148f};

    private static final Fir FILTER = Fir.separable(SYM6);
    private static final int FILTER_PAD = SYM6.length / 4;
    private static final double LARGEST_SHIFT = 0.125;
    private static final double LOG_SCALE = 0.2;
    private static final double SHIFT = 0.125;

    private final AugmentSpec spec;

    GeometricAugment(AugmentSpec spec) {
        this.spec = spec;
    }

    Tensor apply(Tensor images, Choices choices) {
        boolean any = spec.xflip() > 0 || spec.rotate90() > 0 || spec.xint() > 0 || spec.scale() > 0
                || spec.rotate() > 0 || spec.aniso() > 0 || spec.xfrac() > 0;
        return any ? transform(images, inverses(choices, images.size(3), images.size(2))) : images;
    }

    /** For each sample what turns a place of the result, in pixels from the centre, into one of the picture. */
    private Matrix[] inverses(Choices choices, int width, int height) {
        Matrix[] inverse = new Matrix[choices.batch()];
        Arrays.setAll(inverse, i -> Matrix.identity(3));
        if (spec.xflip() > 0) {
            double[] flip = choices.uniform(spec.xflip(), u -> Math.floor(u * 2), 0);
            Arrays.setAll(inverse, i -> inverse[i].times(Matrix.scale2d(1 - 2 * flip[i], 1)));
        }
        if (spec.rotate90() > 0) {
            double[] quarters = choices.uniform(spec.rotate90(), u -> Math.floor(u * 4), 0);
            Arrays.setAll(inverse, i -> inverse[i].times(Matrix.rotate2d(Math.PI / 2 * quarters[i])));
        }
        if (spec.xint() > 0) {
            double[] t = choices.uniformPairs(spec.xint(), u -> (u * 2 - 1) * LARGEST_SHIFT);
            Arrays.setAll(inverse, i -> inverse[i].times(Matrix.translate2d(-Math.rint(t[2 * i] * width),
                    -Math.rint(t[2 * i + 1] * height))));
        }
        if (spec.scale() > 0) {
            double[] s = choices.normal(spec.scale(), n -> Math.pow(2, n * LOG_SCALE), 1);
            Arrays.setAll(inverse, i -> inverse[i].times(Matrix.scale2d(1 / s[i], 1 / s[i])));
        }
        if (spec.rotate() > 0) {
            rotate(inverse, choices);
        }
        if (spec.aniso() > 0) {
            double[] s = choices.normal(spec.aniso(), n -> Math.pow(2, n * LOG_SCALE), 1);
            Arrays.setAll(inverse, i -> inverse[i].times(Matrix.scale2d(1 / s[i], s[i])));
        }
        if (spec.rotate() > 0) {
            rotate(inverse, choices);
        }
        if (spec.xfrac() > 0) {
            double[] t = choices.normalPairs(spec.xfrac(), n -> n * SHIFT);
            Arrays.setAll(inverse, i -> inverse[i].times(Matrix.translate2d(-t[2 * i] * width,
                    -t[2 * i + 1] * height)));
        }
        return inverse;
    }

    private void rotate(Matrix[] inverse, Choices choices) {
        double[] theta = choices.halfRotation(spec.rotate());
        Arrays.setAll(inverse, i -> inverse[i].times(Matrix.rotate2d(theta[i])));
    }

    private static Tensor transform(Tensor images, Matrix[] inverse) {
        int height = images.size(2);
        int width = images.size(3);
        int[] margin = margins(inverse, width, height);
        Tensor padded = Interpolation.pad(images, margin[0], margin[2], margin[1], margin[3], Border.REFLECT);
        Tensor wide = Upfirdn2d.upsample2d(padded, FILTER, 2);
        int outHeight = (height + FILTER_PAD * 2) * 2;
        int outWidth = (width + FILTER_PAD * 2) * 2;
        Matrix before = Matrix.scale2d(2.0 / wide.size(3), 2.0 / wide.size(2))
                .times(Matrix.translate2d(-0.5, -0.5)).times(Matrix.scale2d(2, 2))
                .times(Matrix.translate2d((margin[0] - margin[2]) / 2.0, (margin[1] - margin[3]) / 2.0));
        Matrix after = Matrix.scale2d(0.5, 0.5).times(Matrix.translate2d(0.5, 0.5))
                .times(Matrix.scale2d(outWidth / 2.0, outHeight / 2.0));
        Matrix[] theta = new Matrix[inverse.length];
        Arrays.setAll(theta, i -> before.times(inverse[i]).times(after));
        Tensor sampled = GridSampling.gridSample(wide, grid(theta, outWidth, outHeight), false);
        int crop = (SYM6.length - 2) / 2 - FILTER_PAD * 2;
        return Upfirdn2d.upfirdn2d(sampled, FILTER, new Upfirdn(1, 1, 2, 2, crop, crop, crop, crop, true));
    }

    /** Pixels to add left, above, right and below, so that what is sampled lies inside, but less than the picture. */
    private static int[] margins(Matrix[] inverse, int width, int height) {
        double cx = (width - 1) / 2.0;
        double cy = (height - 1) / 2.0;
        double[] most = {-Double.MAX_VALUE, -Double.MAX_VALUE, -Double.MAX_VALUE, -Double.MAX_VALUE};
        for (Matrix m : inverse) {
            for (int corner = 0; corner < 4; corner++) {
                double x = corner == 0 || corner == 3 ? -cx : cx;
                double y = corner < 2 ? -cy : cy;
                double toX = m.at(0, 0) * x + m.at(0, 1) * y + m.at(0, 2);
                double toY = m.at(1, 0) * x + m.at(1, 1) * y + m.at(1, 2);
                most[0] = Math.max(most[0], -toX);
                most[1] = Math.max(most[1], -toY);
                most[2] = Math.max(most[2], toX);
                most[3] = Math.max(most[3], toY);
            }
        }
        int[] margin = new int[4];
        for (int side = 0; side < 4; side++) {
            double beyond = most[side] + FILTER_PAD * 2 - (side % 2 == 0 ? cx : cy);
            // In single precision, as the official code rounds up: the last bits must not add a pixel.
            margin[side] = (int) Math.ceil((float) Math.clamp(beyond, 0, (side % 2 == 0 ? width : height) - 1.0));
        }
        return margin;
    }

    /** The places [N, h, w, 2] in −1…1 that the first two rows of each matrix map pixel centres to. */
    private static Tensor grid(Matrix[] theta, int width, int height) {
        float[] centres = new float[height * width * 3];
        for (int i = 0; i < height * width; i++) {
            centres[3 * i] = (2 * (i % width) + 1f) / width - 1;
            centres[3 * i + 1] = (2 * (i / width) + 1f) / height - 1;
            centres[3 * i + 2] = 1;
        }
        float[] rows = new float[theta.length * 6];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) theta[i / 6].at(i % 6 / 3, i % 3);
        }
        return Tensor.of(centres, height * width, 3).matmul(Tensor.of(rows, theta.length, 2, 3).transpose(1, 2))
                .reshape(theta.length, height, width, 2);
    }
}
