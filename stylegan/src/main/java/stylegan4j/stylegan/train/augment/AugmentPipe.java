package stylegan4j.stylegan.train.augment;

import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * Random augmentations of pictures, differentiable in them to any order (arXiv 2006.06676; stylegan2-ada-pytorch,
 * {@code training/augment.py}: AugmentPipe). Random numbers are drawn in the official order.
 */
public final class AugmentPipe {
    private final AugmentDraws draws;
    private final GeometricAugment geometric;
    private final ColorAugment color;
    private final FilterAugment filter;
    private final CorruptionAugment corruption;
    private double strength;

    /** A pipe of strength 0. */
    public AugmentPipe(AugmentSpec spec, AugmentDraws draws) {
        this.draws = draws;
        this.geometric = new GeometricAugment(spec);
        this.color = new ColorAugment(spec);
        this.filter = new FilterAugment(spec);
        this.corruption = new CorruptionAugment(spec, draws);
    }

    /** Taps of the filter around geometric transformations, of sum 1 (official {@code Hz_geom}). */
    public static float[] geometricFilter() {
        double sum = 0;
        for (float tap : GeometricAugment.SYM6) {
            sum += tap;
        }
        float[] taps = GeometricAugment.SYM6.clone();
        for (int i = 0; i < taps.length; i++) {
            taps[i] = (float) (taps[i] / sum);
        }
        return taps;
    }

    /** The filters [4, 43] of the frequency bands, from the lowest up (official {@code Hz_fbank}). */
    public static float[] filterBank() {
        double[][] bank = FilterAugment.bank();
        float[] taps = new float[bank.length * bank[0].length];
        for (int i = 0; i < taps.length; i++) {
            taps[i] = (float) bank[i / bank[0].length][i % bank[0].length];
        }
        return taps;
    }

    /** The probability p that every augmentation is multiplied with. */
    public double strength() {
        return strength;
    }

    /** @param p 0 … 1, or more: probabilities end at 1 */
    public void strength(double p) {
        strength = p;
    }

    /**
     * @param images [N, 1 or 3, H, W], about −1 … 1
     * @return of the same shape
     */
    public Tensor apply(Tensor images) {
        if (images.rank() != 4 || images.size(1) != 1 && images.size(1) != 3) {
            throw new IllegalArgumentException("augment: images must be [N, 1 or 3, H, W], got " + images.describe());
        }
        Choices choices = new Choices(draws, images.size(0), strength);
        return Scope.local(() -> corruption.apply(filter.apply(color.apply(geometric.apply(images, choices), choices),
                choices), choices));
    }
}
