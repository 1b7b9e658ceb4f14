package stylegan4j.stylegan.avatar;

import stylegan4j.stylegan.inversion.Image2StyleGan;
import stylegan4j.stylegan.inversion.Image2StyleGanPlusPlus;
import stylegan4j.stylegan.inversion.PivotalTuning;
import stylegan4j.stylegan.inversion.Projector;
import stylegan4j.stylegan.loss.PerceptualDistance;

/**
 * Settings of inversions for the generator that ships. The published ones suit photographs of 1024 pixels and large
 * generators; this one is small, has no noise inputs, and draws flat colours, so that pixels tell more than features
 * and larger steps are borne. Measured on held-out avatars, not taken from a paper.
 */
public final class AvatarInversion {
    private static final double PIXEL_WEIGHT = 100;
    private static final double CODE_RATE = 0.4;
    /** Of codes where the learning rate never falls. */
    private static final double CONSTANT_RATE = 0.05;
    private static final double TUNING_RATE = 5e-3;
    private static final double TUNING_DECAY = 0.5;
    /** Steps of {@link #pivot}. */
    public static final int PIVOT_STEPS = 350;
    /** Steps of {@link #pivotalTuning} on the weights: with the pivot's they come to 33 dB. */
    public static final int TUNING_STEPS = 1050;

    private AvatarInversion() {
    }

    /** The projector in W. */
    public static Projector w(PerceptualDistance distance) {
        return Projector.w(distance).withLearningRate(CODE_RATE).withPixelWeight(PIXEL_WEIGHT).withInitialNoise(0)
                .withOptimizeNoise(false);
    }

    /** Image2StyleGAN. */
    public static Image2StyleGan image2StyleGan(PerceptualDistance distance) {
        return Image2StyleGan.of(distance).withLearningRate(CONSTANT_RATE).withWeights(1, PIXEL_WEIGHT);
    }

    /** Image2StyleGAN++ on codes alone, as noise does nothing here. */
    public static Image2StyleGanPlusPlus image2StyleGanPlusPlus(PerceptualDistance distance) {
        Image2StyleGanPlusPlus plain = Image2StyleGanPlusPlus.of(distance);
        return plain.withSteps(plain.codeSteps(), 0).withRates(CONSTANT_RATE, plain.noiseRate())
                .withWeights(1, PIXEL_WEIGHT, 0);
    }

    /** The projector as {@link #pivotalTuning} begins with it. */
    public static Projector pivot(PerceptualDistance distance) {
        return w(distance).withSteps(PIVOT_STEPS);
    }

    /** Pivotal tuning at the projector's code, to the last of its steps. */
    public static PivotalTuning pivotalTuning(PerceptualDistance distance) {
        return PivotalTuning.of(distance).withPivot(pivot(distance)).withSteps(TUNING_STEPS)
                .withPixelWeight(PIXEL_WEIGHT).withLearningRate(TUNING_RATE).withDecay(TUNING_DECAY).withThreshold(0);
    }
}
