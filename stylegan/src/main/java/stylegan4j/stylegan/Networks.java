package stylegan4j.stylegan;

import java.io.IOException;
import java.lang.System.Logger;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.layout.Layout;
import stylegan4j.stylegan.layout.RosinalityLayout;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/**
 * The networks of a checkpoint file; each may be null. Their tensors belong to the scope that was open when they were
 * loaded.
 *
 * @param generatorEma the generator with averaged weights, for making pictures
 * @param generator the generator as it was trained
 * @param discriminator the discriminator
 */
public record Networks(Generator generatorEma, Generator generator, Discriminator discriminator) {
    private static final Logger LOG = System.getLogger("stylegan4j.stylegan");
    private static final String W_AVG = "mapping.w_avg";
    private static final int AVERAGED_CODES = 1 << 13;
    private static final int AVERAGED_AT_ONCE = 1 << 10;

    /**
     * Loads all networks of a file: an NVlabs pickle, a rosinality checkpoint, or a file written by
     * {@link NetworkWriter}. Which it is, is told from its contents.
     *
     * @throws CheckpointException naming file, tensor and reason, if the file holds no network of StyleGAN2 or one that
     *     does not fit together
     */
    public static Networks load(Path file) throws IOException {
        Checkpoint checkpoint = Checkpoints.read(file);
        Generator ema = null;
        Generator generator = null;
        Discriminator discriminator = null;
        for (NetworkPart part : usable(checkpoint)) {
            if (part.kind() == NetworkPart.Kind.DISCRIMINATOR) {
                discriminator = part.discriminator();
            } else if (isTrained(part)) {
                generator = generator(checkpoint, part);
            } else {
                ema = generator(checkpoint, part);
            }
        }
        return new Networks(ema, generator, discriminator);
    }

    /**
     * Loads only the generator for making pictures: the one with averaged weights if there is one.
     *
     * @throws CheckpointException as {@link #load}, and if the file holds no generator
     */
    public static Generator loadGenerator(Path file) throws IOException {
        return loadGenerator(Checkpoints.read(file));
    }

    /**
     * {@link #loadGenerator(Path)} from a checkpoint that is already open.
     *
     * @throws CheckpointException as {@link #load}, and if it holds no generator
     */
    public static Generator loadGenerator(Checkpoint checkpoint) throws CheckpointException {
        NetworkPart best = null;
        for (NetworkPart part : usable(checkpoint)) {
            if (part.kind() == NetworkPart.Kind.GENERATOR && (best == null || isTrained(best))) {
                best = part;
            }
        }
        if (best == null) {
            throw new CheckpointException(checkpoint.file(), "holds no generator");
        }
        return generator(checkpoint, best);
    }

    private static List<NetworkPart> usable(Checkpoint checkpoint) throws CheckpointException {
        List<NetworkPart> parts = NetworkPart.of(checkpoint);
        if (parts.isEmpty()) {
            boolean encoder = checkpoint.tensors().keySet().stream().anyMatch(
                    name -> name.startsWith("encoder.") || name.startsWith("state_dict/encoder."));
            throw new CheckpointException(checkpoint.file(), "holds no StyleGAN2 network"
                    + (encoder ? " but an encoder alone, which goes with a generator" : ""));
        }
        if (parts.stream().anyMatch(p -> p.kind() == NetworkPart.Kind.STYLEGAN3)) {
            throw new CheckpointException(checkpoint.file(), "StyleGAN3 networks are not supported yet; "
                    + "inspect lists their tensors");
        }
        return parts;
    }

    private static boolean isTrained(NetworkPart part) {
        return part.key().equals(part.layout().partNames().generator());
    }

    private static Generator generator(Checkpoint checkpoint, NetworkPart part) throws CheckpointException {
        if (part.layout() != Layout.ROSINALITY) {
            return part.generator(Map.of());
        }
        StoredTensor average = checkpoint.tensors().get(RosinalityLayout.LATENT_AVG);
        if (average != null) {
            // Models with encoders keep it once for each layer.
            StoredTensor bias = part.state().get(RosinalityLayout.FIRST_BIAS);
            int length = Math.toIntExact(bias == null ? average.elements()
                    : Math.min(bias.elements(), average.elements()));
            return part.generator(Map.of(W_AVG, StoredTensor.of(Arrays.copyOf(average.toFloats(), length), length)));
        }
        Generator generator = part.generator(Map.of());
        LOG.log(Logger.Level.INFO, "{0}: no {1}; averaging {2} codes", checkpoint.file(), RosinalityLayout.LATENT_AVG,
                AVERAGED_CODES);
        averageCodes(generator);
        return generator;
    }

    /** Sets w̄ to the mean of many codes, as training scripts of this layout do before they sample. */
    private static void averageCodes(Generator generator) {
        var random = new RandomNumbers(0);
        Autograd.noGrad(() -> {
            try (var _ = Scope.open()) {
                Tensor sum = Tensor.zeros(generator.config().wDim());
                for (int i = 0; i < AVERAGED_CODES; i += AVERAGED_AT_ONCE) {
                    Tensor before = sum;
                    sum = Scope.local(() -> before.add(generator.mapping().forward(
                            random.normal(AVERAGED_AT_ONCE, generator.config().zDim()), null).sum(0)));
                }
                generator.mapping().wAvg().assign(sum.div(AVERAGED_CODES));
            }
        });
    }
}
