package stylegan4j.stylegan.demo;

import java.util.ArrayList;
import java.util.List;
import stylegan4j.stylegan.avatar.AvatarInversion;
import stylegan4j.stylegan.encoder.EncoderKind;
import stylegan4j.stylegan.encoder.EncoderModel;
import stylegan4j.stylegan.inversion.DomainInversion;
import stylegan4j.stylegan.inversion.EncoderInversion;
import stylegan4j.stylegan.inversion.Image2StyleGanPlusPlus.Edit;
import stylegan4j.stylegan.inversion.Inversion;
import stylegan4j.stylegan.inversion.LatentSpace;
import stylegan4j.stylegan.inversion.Projector;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.tensor.Tensor;

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
    private static final String IN_DOMAIN = EncoderKind.IDINVERT.toString();

    /**
     * Every method, in the order in which they came into the world. They use tensors of the open scope.
     *
     * @param resolution of the pictures
     * @param steps of each optimisation on codes; PTI takes half of them for its code, and three halves to tune
     */
    public static List<DemoMethod> all(PerceptualDistance distance, int resolution, int steps) {
        return all(distance, resolution, steps, List.of());
    }

    /**
     * The same with encoders, before the method that is shown last.
     *
     * @param encoders for the generator of the demonstration
     */
    public static List<DemoMethod> all(PerceptualDistance distance, int resolution, int steps,
                                       List<EncoderModel> encoders) {
        List<DemoMethod> methods = new ArrayList<>(optimisers(distance, resolution, steps));
        List<DemoMethod> more = new ArrayList<>();
        for (EncoderModel model : encoders) {
            String passes = model.kind().isIterative() ? "an encoder in " + model.steps()
                    + " passes, each of which sees what the last one made" : "an encoder in one pass";
            more.add(new DemoMethod(model.kind() == EncoderKind.IDINVERT ? IN_DOMAIN + "'s encoder"
                    : model.kind().toString(), passes, new EncoderInversion(model)));
        }
        if (!encoders.isEmpty()) {
            EncoderModel own = encoders.stream().filter(model -> model.kind() == EncoderKind.IDINVERT).findFirst()
                    .orElse(encoders.getFirst());
            DomainInversion domain = DomainInversion.of(own, distance);
            more.add(new DemoMethod(IN_DOMAIN, "the code of " + own.kind() + "'s encoder, optimised within its domain",
                    domain.withSteps(Math.min(steps, domain.steps()))));
        }
        methods.addAll(methods.size() - 1, more);
        return List.copyOf(methods);
    }

    private static List<DemoMethod> optimisers(PerceptualDistance distance, int resolution, int steps) {
        Projector w = AvatarInversion.w(distance).withSteps(steps);
        return List.of(
                new DemoMethod("W", "StyleGAN2's projector: one code for all layers", w),
                new DemoMethod("W+", "the same with a code for each layer", w.withSpace(LatentSpace.W_PLUS)),
                new DemoMethod("I2S", "Image2StyleGAN: a code for each layer, at one learning rate",
                        AvatarInversion.image2StyleGan(distance).withSteps(steps)),
                new DemoMethod("I2S++", "Image2StyleGAN++: a square is hidden from it, and made up",
                        AvatarInversion.image2StyleGanPlusPlus(distance).withSteps(steps, 0)
                                .withEdit(Edit.inpaint(mask(resolution)))),
                new DemoMethod(TUNED, "pivotal tuning: a code in W, then the generator tuned around it",
                        AvatarInversion.pivotalTuning(distance).withPivot(w.withSteps(Math.ceilDiv(steps, 2)))
                                .withSteps(Math.ceilDiv(3 * steps, 2))));
    }

    /** [1, 1, resolution, resolution]: 0 in a square over one half of the face, 1 elsewhere. */
    private static Tensor mask(int resolution) {
        float[] mask = new float[resolution * resolution];
        int side = resolution * 5 / 16;
        int top = resolution / 3;
        int left = resolution / 2;
        for (int i = 0; i < mask.length; i++) {
            int y = i / resolution - top;
            int x = i % resolution - left;
            mask[i] = y >= 0 && y < side && x >= 0 && x < side ? 0 : 1;
        }
        return Tensor.of(mask, 1, 1, resolution, resolution);
    }
}
