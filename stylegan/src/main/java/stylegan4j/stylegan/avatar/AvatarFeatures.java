package stylegan4j.stylegan.avatar;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.Safetensors;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.loss.IdentityEmbedding;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.FeatureDistance;
import stylegan4j.tensor.op.Interpolation;
import stylegan4j.tensor.op.Interpolation.Mode;

/**
 * The feature network of the avatars, trained on their labels ({@link FeatureTraining}): how different two avatars
 * look, who an avatar is, and what its attributes are.
 *
 * <p>The perceptual distance is built as LPIPS is (Zhang et al. 2018, section 3): activations of each convolution,
 * divided by their norm at every place, squared differences weighted by channel, averaged over places, summed over
 * convolutions. Two different avatars are at a distance of 0.5 on the average. Pictures of other sizes are brought to
 * 64×64 first, by averaging areas. Its tensors belong to the scope that was open when it was loaded.
 */
public final class AvatarFeatures implements PerceptualDistance, IdentityEmbedding {
    private static final String VOCABULARY = "vocabulary";

    private final AvatarNetwork network;
    private final AvatarVocabulary vocabulary;

    AvatarFeatures(AvatarNetwork network, AvatarVocabulary vocabulary) {
        this.network = network;
        this.vocabulary = vocabulary;
    }

    /**
     * Loads a file that {@link #save} wrote.
     *
     * @throws CheckpointException if it is of another kind, or does not fit together
     */
    public static AvatarFeatures load(Path file) throws IOException {
        return of(Checkpoints.read(file));
    }

    static AvatarFeatures of(Checkpoint checkpoint) throws CheckpointException {
        String vocabulary = checkpoint.metadata().get(VOCABULARY);
        if (vocabulary == null) {
            throw new CheckpointException(checkpoint.file(), "is no feature network of avatars (no " + VOCABULARY
                    + " in its metadata)");
        }
        try {
            AvatarVocabulary words = AvatarVocabulary.parse(vocabulary);
            AvatarNetwork network = new AvatarNetwork(words.size(), Initializer.NONE);
            network.load(checkpoint.tensors());
            return new AvatarFeatures(network, words);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(checkpoint.file(), e.getMessage());
        }
    }

    /** Writes the network in half precision. */
    public void save(Path file) throws IOException {
        Map<String, StoredTensor> half = new LinkedHashMap<>();
        network.save().forEach((name, tensor) -> half.put(name, tensor.toHalf()));
        Safetensors.write(file, half, Map.of(VOCABULARY, vocabulary.toJson()));
    }

    /** What the labels and {@link #scores} mean. */
    public AvatarVocabulary vocabulary() {
        return vocabulary;
    }

    AvatarNetwork network() {
        return network;
    }

    /** The activations of each convolution, [N, C, R, R]. */
    @Override
    public List<Tensor> features(Tensor pictures) {
        return network.stages(fitted(pictures));
    }

    @Override
    public Tensor between(List<Tensor> a, List<Tensor> b) {
        if (a.size() != b.size()) {
            throw new IllegalArgumentException("avatar features: expected two lists of one length, got " + a.size()
                    + " and " + b.size());
        }
        boolean swap = a.getFirst().size(0) < b.getFirst().size(0);
        return Scope.local(() -> {
            Tensor sum = null;
            for (int i = 0; i < a.size(); i++) {
                Tensor term = FeatureDistance.between(swap ? b.get(i) : a.get(i), swap ? a.get(i) : b.get(i),
                        network.channelWeights().get(i).sqrt(), AvatarNetwork.EPSILON);
                sum = sum == null ? term : sum.add(term);
            }
            return sum;
        });
    }

    @Override
    public Tensor embed(Tensor pictures) {
        return Scope.local(() -> network.embedding(hidden(pictures)));
    }

    /** Activations [N, 160] of the layer before the embedding: what Fréchet distances are taken on. */
    public Tensor hidden(Tensor pictures) {
        return Scope.local(() -> network.hidden(network.stages(fitted(pictures))));
    }

    /** Scores [N, {@link AvatarVocabulary#size()}] in the layout of a label: logits of each attribute's values. */
    public Tensor scores(Tensor pictures) {
        return Scope.local(() -> {
            List<Tensor> stages = network.stages(fitted(pictures));
            return network.scores(stages, network.hidden(stages));
        });
    }

    /** What each picture shows, by attribute. */
    public List<Map<String, String>> describe(Tensor pictures) {
        float[] scores = Scope.local(() -> scores(pictures)).toArray();
        List<Map<String, String>> descriptions = new ArrayList<>();
        for (int i = 0; i < pictures.size(0); i++) {
            descriptions.add(vocabulary.describe(Arrays.copyOfRange(scores, i * vocabulary.size(),
                    (i + 1) * vocabulary.size())));
        }
        return descriptions;
    }

    private static Tensor fitted(Tensor pictures) {
        if (pictures.rank() != 4 || pictures.size(1) != 3) {
            throw new IllegalArgumentException("avatar features: expected pictures [N, 3, H, W], got "
                    + pictures.describe());
        }
        int size = AvatarNetwork.RESOLUTION;
        boolean fits = pictures.size(2) == size && pictures.size(3) == size;
        return fits ? pictures : Interpolation.interpolate(pictures, size, size, Mode.AREA);
    }
}
