package stylegan4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.avatar.Avatars;
import stylegan4j.stylegan.encoder.EncoderModel;
import stylegan4j.stylegan.translation.Source;
import stylegan4j.stylegan.translation.SourceOptions;
import stylegan4j.stylegan.translation.StyleMixing;
import stylegan4j.stylegan.translation.Task;
import stylegan4j.stylegan.translation.Translator;

/** What is translated into what; names of options are the official ones, with - or _. */
final class TaskOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = {"--task", "--dataset-type", "--dataset_type"}, required = true, paramLabel = "NAME",
            description = "encode, frontalize, sketch, segmentation, super-resolution, inpainting, stylize, or an "
                    + "official name such as celebs_seg_to_face.")
    private String task;

    @Option(names = {"--encoder", "--checkpoint-path", "--checkpoint_path"}, paramLabel = "FILE",
            description = "Whole model of the task (default: the network's file, or what ships).")
    private Path encoder;

    @Option(names = {"--n-outputs", "--n_outputs_to_generate"}, paramLabel = "N", defaultValue = "1",
            description = "Results of each input, by mixing with random codes (default: ${DEFAULT-VALUE}).")
    private int outputs;

    @Option(names = {"--latent-mask", "--latent_mask"}, paramLabel = "LAYERS", converter = Ranges.Converter.class,
            description = "Layers that are mixed with random codes (default: from 8 on, for several results).")
    private Ranges layers;

    @Option(names = {"--mix-alpha", "--mix_alpha"}, paramLabel = "X", defaultValue = "1",
            description = "Weight of the random codes in these layers (default: ${DEFAULT-VALUE}).")
    private double alpha;

    @Option(names = {"--resize-factors", "--resize_factors"}, paramLabel = "N", defaultValue = "1",
            description = "super-resolution: how much coarser inputs are made first (default: ${DEFAULT-VALUE}, as "
                    + "they are).")
    private int factor;

    @Option(names = "--mask", paramLabel = "PATH",
            description = "inpainting: white where the picture is seen, one for all inputs, or a folder of masks with "
                    + "the inputs' names (default: what is not transparent).")
    private Path mask;

    /** Refuses values that mean nothing. */
    void check() {
        require(outputs >= 1, "--n-outputs: expected at least 1, got " + outputs);
        require(alpha >= 0 && alpha <= 1, "--mix-alpha: expected 0 to 1, got " + alpha);
        require(alpha == 1 || outputs > 1 || layers != null, "--mix-alpha: needs --latent-mask or --n-outputs");
        require(factor >= 1, "--resize-factors: expected at least 1, got " + factor);
        Task asked = task();
        require(mask == null || asked.name().equals("inpainting"), "--mask: only inpainting takes masks, not " + task);
    }

    private Task task() {
        try {
            return Task.named(task);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--task: " + e.getMessage());
        }
    }

    /**
     * Loads the task's model, in the open scope.
     *
     * @param generator that shows the codes
     */
    Translator load(GeneratorOptions network, Generator generator) throws IOException {
        Path file = encoder == null ? network.network() : encoder;
        EncoderModel model = model(file, network, generator);
        require(model != null, "--encoder: no model of task " + task + " ships; give one, or a --network that holds "
                + "one");
        StyleMixing mixing = layers == null && outputs == 1 ? null
                : new StyleMixing(layers(model.decoder().numWs()), alpha, outputs);
        try {
            return new Translator(model, task(), mixing).with(generator);
        } catch (IllegalArgumentException e) {
            throw new IOException((file == null ? "what ships" : file) + ": " + e.getMessage(), e);
        }
    }

    private EncoderModel model(Path file, GeneratorOptions network, Generator generator) throws IOException {
        boolean stylizes = task().name().equals("stylize");
        if (file == null) {
            require(!stylizes || network.isTuned(), "--task " + task + ": needs a generator of that style, as --network "
                    + "or, tuned from the one that ships, as --tuned");
            return Avatars.translation(task().name(), Avatars.generator());
        }
        return encoder != null && stylizes ? EncoderModel.loadFor(file, generator)
                : EncoderModel.load(file, generator);
    }

    private List<Integer> layers(int styles) {
        if (layers == null) {
            return StyleMixing.fineLayers(styles);
        }
        require(layers.values().stream().allMatch(layer -> layer < styles), "--latent-mask: the generator's layers are "
                + "0 to " + (styles - 1) + ", got " + layers.values());
        return layers.values().stream().map(Long::intValue).toList();
    }

    /** How a file is read. */
    Source source(Translator translator, Path file) throws IOException {
        return translator.task().source().apply(new SourceOptions(Translator.inputChannels(translator.model()),
                List.of(factor), mask == null ? null : mask(file), false));
    }

    private Image mask(Path file) throws IOException {
        if (!Files.isDirectory(mask)) {
            return Images.read(mask, 1);
        }
        Path own = mask.resolve(file.getFileName());
        if (!Files.exists(own)) {
            throw new IOException(file + ": has no mask " + own);
        }
        return Images.read(own, 1);
    }

    /** The seed of an input's first random code: every result of every input has its own. */
    long firstSeed(long seed, int place) {
        return seed + (long) place * outputs;
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
