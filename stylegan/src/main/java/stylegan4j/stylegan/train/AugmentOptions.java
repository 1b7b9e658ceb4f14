package stylegan4j.stylegan.train;

import stylegan4j.stylegan.train.augment.AugmentSpec;

/**
 * How much pictures are augmented before the discriminator sees them (arXiv 2006.06676).
 *
 * @param mode none, always alike, or as much as keeps the discriminator from being too sure
 * @param pipe which augmentations, see {@link AugmentSpec#named}
 * @param strength probability of each augmentation: fixed, or what {@link Mode#ADA} starts from
 * @param target mean sign of the logits of real pictures that {@link Mode#ADA} aims at
 */
public record AugmentOptions(Mode mode, String pipe, double strength, double target) {
    /** The official defaults. */
    public static final AugmentOptions DEFAULT = new AugmentOptions(Mode.ADA, "bgc", 0, 0.6);

    /** The official {@code --aug}. */
    public enum Mode { NOAUG, FIXED, ADA }

    public AugmentOptions {
        AugmentSpec.named(pipe);
        if (!(strength >= 0 && strength <= 1) || !(target >= 0 && target <= 1)) {
            throw new IllegalArgumentException("augment: strength and target expected 0 to 1, got " + strength + " and "
                    + target);
        }
    }
}
