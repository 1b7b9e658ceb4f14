package stylegan4j.stylegan.encoder.train;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.Safetensors;
import stylegan4j.nn.checkpoint.StoredTensor;

/**
 * An encoder's training in one safetensors file, from which it goes on to the same bytes: weights, moments, pools and
 * discriminators, and in the metadata counters and the arguments that it was started with.
 */
public final class EncoderState {
    private static final String ARGUMENTS = "encoder_training_arguments";
    private static final String COUNTERS = "encoder_training_counters";
    private static final Gson GSON = new Gson();

    private final Checkpoint checkpoint;
    private final Map<String, List<String>> arguments;
    private final Counters counters;

    /**
     * Where a training stands beside its tensors.
     *
     * @param best lowest validation loss so far; null before the first
     */
    private record Counters(long step, long randomPosition, Double best) {
    }

    private EncoderState(Checkpoint checkpoint, Map<String, List<String>> arguments, Counters counters) {
        this.checkpoint = checkpoint;
        this.arguments = arguments;
        this.counters = counters;
    }

    /**
     * Writes a training's state, whole or not at all.
     *
     * @param arguments what it was started with, for whoever goes on
     * @param best lowest validation loss so far, or null
     */
    static void write(Path file, EncoderTraining training, Map<String, List<String>> arguments, Double best)
            throws IOException {
        Map<String, StoredTensor> all = new LinkedHashMap<>();
        put(all, "encoder", training.model().encoder().save());
        put(all, "optimizer", training.optimizer().save());
        if (training.options().trainDecoder()) {
            put(all, "decoder", training.model().decoder().save());
        }
        LatentOpponent latent = training.latentOpponent();
        if (latent != null) {
            put(all, "latent", latent.discriminator().save());
            put(all, "latent_optimizer", latent.optimizer().save());
            put(all, "pool", latent.savePools());
        }
        PictureOpponent picture = training.pictureOpponent();
        if (picture != null) {
            put(all, "discriminator", picture.discriminator().save());
            put(all, "discriminator_optimizer", picture.optimizer().save());
        }
        Safetensors.write(file, all, Map.of(ARGUMENTS, GSON.toJson(arguments), COUNTERS,
                GSON.toJson(new Counters(training.step(), training.randomPosition(), best))));
    }

    private static void put(Map<String, StoredTensor> all, String part, Map<String, StoredTensor> tensors) {
        tensors.forEach((name, tensor) -> all.put(part + "/" + name, tensor));
    }

    /**
     * Opens a file of {@link #write}.
     *
     * @throws CheckpointException if it is another kind of file
     */
    public static EncoderState read(Path file) throws IOException {
        Checkpoint checkpoint = Checkpoints.read(file);
        String arguments = checkpoint.metadata().get(ARGUMENTS);
        String counters = checkpoint.metadata().get(COUNTERS);
        if (arguments == null || counters == null) {
            throw new CheckpointException(file, "holds no state of an encoder's training to go on with");
        }
        try {
            return new EncoderState(checkpoint, GSON.fromJson(arguments, new TypeToken<Map<String, List<String>>>() {
            }.getType()), GSON.fromJson(counters, Counters.class));
        } catch (JsonParseException e) {
            throw new CheckpointException(file, "malformed state of a training: " + e.getMessage());
        }
    }

    /** What the training was started with. */
    public Map<String, List<String>> arguments() {
        return arguments;
    }

    Double best() {
        return counters.best();
    }

    /**
     * Puts a training where this one was.
     *
     * @throws CheckpointException naming the tensor that does not fit
     */
    public void restore(EncoderTraining training) throws CheckpointException {
        try {
            training.model().encoder().load(checkpoint.tensors("encoder"));
            training.optimizer().load(checkpoint.tensors("optimizer"));
            if (training.options().trainDecoder()) {
                training.model().decoder().load(checkpoint.tensors("decoder"));
            }
            LatentOpponent latent = training.latentOpponent();
            if (latent != null) {
                latent.discriminator().load(checkpoint.tensors("latent"));
                latent.optimizer().load(checkpoint.tensors("latent_optimizer"));
                latent.loadPools(checkpoint.tensors("pool"));
            }
            PictureOpponent picture = training.pictureOpponent();
            if (picture != null) {
                picture.discriminator().load(checkpoint.tensors("discriminator"));
                picture.optimizer().load(checkpoint.tensors("discriminator_optimizer"));
            }
            training.resumeAt(counters.step(), counters.randomPosition());
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(checkpoint.file(), e.getMessage());
        }
    }
}
