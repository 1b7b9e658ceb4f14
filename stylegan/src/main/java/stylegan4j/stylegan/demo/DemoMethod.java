package stylegan4j.stylegan.demo;

import java.util.List;
import stylegan4j.stylegan.inversion.Image2StyleGan;
import stylegan4j.stylegan.inversion.Image2StyleGanPlusPlus;
import stylegan4j.stylegan.inversion.Inversion;
import stylegan4j.stylegan.inversion.LatentSpace;
import stylegan4j.stylegan.inversion.PivotalTuning;
import stylegan4j.stylegan.inversion.Projector;
import stylegan4j.stylegan.loss.PerceptualDistance;

/**
 * A method of the demonstration.
 *
 * @param name as shown
 * @param note what it does, in few words
 * @param inversion with as many steps as the demonstration has time for
 */
public record DemoMethod(String name, String note, Inversion inversion) {
    /** PTI's name: its result is what is edited. */
    static final String TUNED = "PTI";

    /** Pictures of flat colours need pixels beside features. */
    private static final double PIXEL_WEIGHT = 1;
    /** A small generator bears larger steps than the official 3e-4. */
    private static final double TUNING_RATE = 1e-3;

    /**
     * Every method, in the order in which they came into the world.
     *
     * @param steps of each optimisation
     */
    public static List<DemoMethod> all(PerceptualDistance distance, int steps) {
        Projector w = Projector.w(distance).withSteps(steps).withPixelWeight(PIXEL_WEIGHT).withOptimizeNoise(false);
        return List.of(
                new DemoMethod("W", "StyleGAN2's projector: one code for all layers", w),
                new DemoMethod("W+", "the same with a code for each layer", w.withSpace(LatentSpace.W_PLUS)),
                new DemoMethod("I2S", "Image2StyleGAN: a code for each layer, at one learning rate",
                        Image2StyleGan.of(distance).withSteps(steps)),
                new DemoMethod("I2S++", "Image2StyleGAN++: codes first, then noise maps",
                        Image2StyleGanPlusPlus.of(distance).withSteps(steps, Math.ceilDiv(steps, 2))),
                new DemoMethod(TUNED, "pivotal tuning: a code in W, then the generator tuned around it",
                        PivotalTuning.of(distance).withPivot(w).withSteps(steps)
                                .withLearningRate(TUNING_RATE).withThreshold(0)));
    }
}
