package stylegan4j.stylegan.train;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.nn.optim.LossScale;
import stylegan4j.nn.optim.Optimizer;
import stylegan4j.stylegan.Networks;
import stylegan4j.stylegan.NetworkWriter;

/**
 * A training in one safetensors file, from which it goes on to the same bytes: the networks as {@link NetworkWriter}
 * writes them, the optimisers' states under {@code G_opt/} and {@code D_opt/}, counters and options as JSON in the
 * metadata.
 */
public final class TrainingState {
    private static final String OPTIONS = "training_options";
    private static final String COUNTERS = "training_counters";
    private static final String GENERATOR_OPTIMIZER = "G_opt";
    private static final String DISCRIMINATOR_OPTIMIZER = "D_opt";
    private static final String GENERATOR_SCALE = "G_scale/factor";
    private static final String DISCRIMINATOR_SCALE = "D_scale/factor";
    private static final Gson GSON = new Gson();

    private final Checkpoint checkpoint;
    private final TrainingOptions options;
    private final TrainingCounters counters;

    private TrainingState(Checkpoint checkpoint, TrainingOptions options, TrainingCounters counters) {
        this.checkpoint = checkpoint;
        this.options = options;
        this.counters = counters;
    }

    /** Writes a training's state, whole or not at all. */
    public static void write(Path file, Training training) throws IOException {
        Map<String, StoredTensor> moments = new LinkedHashMap<>();
        put(moments, GENERATOR_OPTIMIZER, training.generatorOptimizer());
        put(moments, DISCRIMINATOR_OPTIMIZER, training.discriminatorOptimizer());
        put(moments, GENERATOR_SCALE, training.generatorScale());
        put(moments, DISCRIMINATOR_SCALE, training.discriminatorScale());
        NetworkWriter.writeSafetensors(file, training.networks(), moments, Map.of(
                OPTIONS, GSON.toJson(training.options()), COUNTERS, GSON.toJson(training.counters())));
    }

    private static void put(Map<String, StoredTensor> all, String prefix, Optimizer optimizer) {
        optimizer.save().forEach((name, tensor) -> all.put(prefix + "/" + name, tensor));
    }

    private static void put(Map<String, StoredTensor> all, String name, LossScale scale) {
        if (scale != null) {
            all.put(name, scale.save());
        }
    }

    /**
     * Opens a file of {@link #write}.
     *
     * @throws CheckpointException if it is another kind of file
     */
    public static TrainingState read(Path file) throws IOException {
        Checkpoint checkpoint = Checkpoints.read(file);
        String options = checkpoint.metadata().get(OPTIONS);
        String counters = checkpoint.metadata().get(COUNTERS);
        if (options == null || counters == null) {
            throw new CheckpointException(file, "holds no state of a training to go on with");
        }
        try {
            return new TrainingState(checkpoint, GSON.fromJson(options, TrainingOptions.class),
                    GSON.fromJson(counters, TrainingCounters.class));
        } catch (JsonParseException | IllegalArgumentException e) {
            throw new CheckpointException(file, "malformed options of a training: " + e.getMessage());
        }
    }

    /** What the training was started with. */
    public TrainingOptions options() {
        return options;
    }

    /** Real pictures it had seen. */
    public long pictures() {
        return counters.pictures();
    }

    /**
     * Puts a training where this one was.
     *
     * @throws CheckpointException naming the tensor that does not fit
     */
    public void restore(Training training) throws CheckpointException {
        try {
            Networks networks = training.networks();
            networks.generatorEma().load(checkpoint.tensors("G_ema"));
            networks.generator().load(checkpoint.tensors("G"));
            networks.discriminator().load(checkpoint.tensors("D"));
            training.generatorOptimizer().load(checkpoint.tensors(GENERATOR_OPTIMIZER));
            training.discriminatorOptimizer().load(checkpoint.tensors(DISCRIMINATOR_OPTIMIZER));
            load(training.generatorScale(), GENERATOR_SCALE);
            load(training.discriminatorScale(), DISCRIMINATOR_SCALE);
            training.resumeAt(counters);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(checkpoint.file(), e.getMessage());
        }
    }

    /** A run that had none, on another device or in another precision, begins with a fresh one. */
    private void load(LossScale scale, String name) {
        StoredTensor saved = checkpoint.tensors().get(name);
        if (scale != null && saved != null) {
            scale.load(saved);
        }
    }
}
