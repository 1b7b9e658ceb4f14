package stylegan4j.stylegan.translation;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import stylegan4j.stylegan.encoder.train.LossWeights;

/**
 * A task of pSp (arXiv 2008.00951, section 4; pixel2style2pixel, {@code configs/data_configs.py},
 * {@code configs/transforms_config.py}, README): what goes into the encoder, and what it is trained for.
 *
 * @param name ours
 * @param alias another: the official {@code dataset_type}, where there is one
 * @param pairing where a training picture's source comes from
 * @param flips which pictures of a pair are mirrored at random in training
 * @param source how inputs are read
 * @param weights of the losses
 */
public record Task(String name, String alias, Pairing pairing, Flips flips,
                   Function<SourceOptions, Source> source, LossWeights weights) {
    /** Where sources come from. */
    public enum Pairing {
        /** They are made of the targets. */
        MADE_OF_TARGET,
        /** They are files of their own, of the same names. */
        FILES
    }

    /** What is mirrored at random in training. */
    public enum Flips {
        NONE,
        /** Source and target alike. */
        BOTH,
        /** Source and target each by its own chance, so that a picture and its mirror image have one result. */
        EACH
    }

    /** All tasks. */
    public static final List<Task> ALL = List.of(
            new Task("encode", "ffhq_encode", Pairing.MADE_OF_TARGET, Flips.BOTH, options -> new PictureSource(),
                    weights(1, 0.8, 0.1, 0)),
            new Task("frontalize", "ffhq_frontalize", Pairing.MADE_OF_TARGET, Flips.EACH,
                    options -> new PictureSource(), new LossWeights(0.001, 0.08, 1, 0, 0.005, 0.01, 0.8)),
            new Task("sketch", "celebs_sketch_to_face", Pairing.FILES, Flips.NONE, options -> new SketchSource(),
                    weights(1, 0.8, 0, 0.005)),
            new Task("segmentation", "celebs_seg_to_face", Pairing.FILES, Flips.NONE,
                    options -> new LabelSource(options.classes()), weights(1, 0.8, 0, 0.005)),
            new Task("super-resolution", "celebs_super_resolution", Pairing.MADE_OF_TARGET, Flips.NONE,
                    options -> new LowResolutionSource(options.factors()), weights(1, 0.8, 0.1, 0.005)),
            new Task("inpainting", "inpaint", Pairing.MADE_OF_TARGET, Flips.NONE,
                    options -> new HoleSource(options.mask(), options.training()),
                    weights(1, 0.8, 0.1, 0.005)),
            new Task("stylize", "toonify", Pairing.MADE_OF_TARGET, Flips.BOTH, options -> new PictureSource(),
                    weights(1, 0.8, 1, 0.025)));

    private static LossWeights weights(double l2, double lpips, double id, double wNorm) {
        return new LossWeights(l2, lpips, id, 0, wNorm, 0, 0);
    }

    /** Both names of all tasks, for messages. */
    public static String names() {
        return ALL.stream().map(task -> task.name + " (" + task.alias + ")")
                .collect(Collectors.joining(", "));
    }

    /**
     * The task of either name.
     *
     * @throws IllegalArgumentException naming all, if there is none of this name
     */
    public static Task named(String name) {
        return ALL.stream().filter(task -> task.name.equals(name) || task.alias.equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("task " + name + " is not known; expected one of "
                        + names()));
    }

    @Override
    public String toString() {
        return name;
    }
}
