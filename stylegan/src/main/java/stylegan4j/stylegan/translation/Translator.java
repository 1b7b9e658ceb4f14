package stylegan4j.stylegan.translation;

import java.util.ArrayList;
import java.util.List;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.encoder.EncoderModel;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * An encoder that was trained for a task, with the generator that shows its codes: the encoder's own, or another that
 * was fine-tuned from it (stylisation).
 *
 * @param mixing how several results are made, or null for one that is not mixed
 */
public record Translator(EncoderModel model, Task task, StyleMixing mixing) {
    private static final int PICTURE_CHANNELS = 3;

    /** @throws IllegalArgumentException if the encoder takes other inputs than the task makes */
    public Translator {
        int channels = inputChannels(model);
        int made = task.source().apply(new SourceOptions(channels, List.of(1), null, false)).channels();
        if (made != channels) {
            throw new IllegalArgumentException("the encoder takes " + channels + " channels, task " + task + " makes "
                    + made);
        }
    }

    /** The channels that an encoder's inputs have; for label maps as many as there are classes. */
    public static int inputChannels(EncoderModel model) {
        return model.kind().isIterative() ? PICTURE_CHANNELS : model.encoder().config().channels();
    }

    /** The same with another generator. */
    public Translator with(Generator generator) {
        return new Translator(new EncoderModel(model.kind(), model.encoder(), generator, model.average(),
                model.steps()), task, mixing);
    }

    /** Rows of an input: the generator's aspect, the longer side as the encoder takes it. */
    public int inputHeight() {
        return side(model.decoder().config().height());
    }

    /** Columns of an input. */
    public int inputWidth() {
        return side(model.decoder().config().width());
    }

    private int side(int size) {
        int longer = Math.max(model.decoder().config().height(), model.decoder().config().width());
        return Math.max(1, Math.round((float) size * model.encoder().config().side() / longer));
    }

    /**
     * The results for inputs that were read for this task.
     *
     * @param label [1, c_dim] for mixing, or null
     * @param firstSeeds of the random codes of each input's results
     * @return for each input its results, one or {@link StyleMixing#outputs()}
     */
    public List<List<Image>> translate(List<EncoderInput> inputs, Tensor label, List<Long> firstSeeds) {
        return Autograd.noGrad(() -> {
            try (var _ = Scope.open()) {
                Tensor codes = model.encode(EncoderInput.batch(inputs));
                return mixing == null
                        ? ImageTensors.toImages(model.picture(codes)).stream().map(List::of).toList()
                        : mixed(codes, label, firstSeeds);
            }
        });
    }

    private List<List<Image>> mixed(Tensor codes, Tensor label, List<Long> firstSeeds) {
        List<List<Image>> results = new ArrayList<>();
        for (int i = 0; i < codes.size(0); i++) {
            Tensor code = codes.slice(0, i, i + 1);
            long seed = firstSeeds.get(i);
            results.add(ImageTensors.toImages(Scope.local(
                    () -> model.picture(mixing.mix(model.decoder(), code, label, seed)))));
        }
        return results;
    }
}
