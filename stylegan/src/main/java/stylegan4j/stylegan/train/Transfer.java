package stylegan4j.stylegan.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import stylegan4j.nn.Module;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.Networks;

/** Starts a training from the weights of another, of any format that {@link Networks#load} reads. */
public final class Transfer {
    private Transfer() {
    }

    /**
     * Copies weights by name, as the official {@code --resume} does: each network from its like, and what the file
     * lacks of the two generators from the one it has. Tensors of other names keep their initial values, such as the
     * label's embedding where the file's networks had no labels.
     *
     * @throws CheckpointException if a tensor of the same name has another shape, or the file holds no network
     */
    public static void into(Training training, Path file) throws IOException {
        Networks from = Networks.load(file);
        Networks to = training.networks();
        Module average = from.generatorEma() != null ? from.generatorEma() : from.generator();
        try {
            copy(average, to.generatorEma());
            copy(from.generator() != null ? from.generator() : average, to.generator());
            copy(from.discriminator(), to.discriminator());
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(file, "does not fit the networks to train: " + e.getMessage());
        }
    }

    private static void copy(Module from, Module to) {
        if (from == null) {
            return;
        }
        Map<String, StoredTensor> values = new LinkedHashMap<>(to.save());
        Map<String, StoredTensor> given = from.save();
        values.replaceAll((name, own) -> given.getOrDefault(name, own));
        to.load(values);
    }
}
