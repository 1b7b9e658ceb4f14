package stylegan4j.stylegan.train.augment;

import stylegan4j.tensor.Tensor;

/** Noise added to pixels, and rectangles cut out (arXiv 2006.06676, appendix B). */
final class CorruptionAugment {
    private static final double NOISE = 0.1;
    private static final double CUTOUT = 0.5;

    private final AugmentSpec spec;
    private final AugmentDraws draws;

    CorruptionAugment(AugmentSpec spec, AugmentDraws draws) {
        this.spec = spec;
        this.draws = draws;
    }

    Tensor apply(Tensor images, Choices choices) {
        Tensor x = images;
        if (spec.noise() > 0) {
            double[] sigma = choices.normal(spec.noise(), n -> Math.abs(n) * NOISE, 0);
            x = x.add(draws.normalField(x.shape()).mul(Tensor.of(floats(sigma), sigma.length, 1, 1, 1)));
        }
        if (spec.cutout() > 0) {
            double[] size = choices.fixed(spec.cutout(), CUTOUT, 0);
            x = x.mul(mask(size, draws.uniform(2 * size.length), x.size(2), x.size(3)));
        }
        return x;
    }

    /** 0 inside each sample's rectangle, 1 outside. */
    private static Tensor mask(double[] size, float[] centre, int height, int width) {
        float[] mask = new float[size.length * height * width];
        for (int i = 0; i < mask.length; i++) {
            int sample = i / (height * width);
            double x = (i % width + 0.5) / width;
            double y = (i / width % height + 0.5) / height;
            boolean outside = Math.abs(x - centre[2 * sample]) >= size[sample] / 2
                    || Math.abs(y - centre[2 * sample + 1]) >= size[sample] / 2;
            mask[i] = outside ? 1 : 0;
        }
        return Tensor.of(mask, size.length, 1, height, width);
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
