package stylegan4j.stylegan.avatar;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.Safetensors;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.nn.optim.Adam;
import stylegan4j.nn.optim.LearningRate;
import stylegan4j.nn.optim.Optimizer;
import stylegan4j.stylegan.data.Batch;
import stylegan4j.stylegan.data.BatchLoader;
import stylegan4j.stylegan.data.Dataset;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Views;

/**
 * Trains the feature network on labelled avatars: it tells attributes, and finds an avatar again after small changes
 * ({@link PictureJitter}). Every step depends on its number and the seed alone, so a training that was stopped goes on
 * to the same bytes.
 */
public final class FeatureTraining {
    private static final String STEP = "step";
    private static final String NETWORK = "network";
    private static final String OPTIMIZER = "optimizer";
    private static final double IDENTITY_WEIGHT = 0.02;
    private static final int CHANGED = 4;
    private static final double RAMP_UP = 0.05;
    private static final int CALIBRATION_PICTURES = 512;
    /** The distance of two different avatars, on the average. */
    private static final double STRANGERS = 0.5;
    /** Share of the mean in a channel's scale, so that channels that hardly change are not blown up. */
    private static final double FLOOR = 1;

    /**
     * How to train.
     *
     * @param steps in all
     * @param batch avatars in a step; every fourth is seen twice, once slightly changed
     * @param learningRate the highest; it rises over the first 5 % of the steps and falls to zero along half a cosine
     * @param saveEvery steps between two saved states
     */
    public record Options(long steps, int batch, double learningRate, long seed, long saveEvery) {
        public static final Options DEFAULT = new Options(1600, 32, 1e-2, 0, 100);
    }

    /** Told after each step. */
    @FunctionalInterface
    public interface Listener {
        void step(long step, double attributeLoss, double identityLoss);
    }

    private final Dataset dataset;
    private final AvatarVocabulary vocabulary;
    private final Options options;
    private final AvatarNetwork network;
    private final Optimizer optimizer;
    private long step;

    /** @throws IllegalArgumentException if pictures or labels are not what the network takes */
    public FeatureTraining(Dataset dataset, AvatarVocabulary vocabulary, Options options) {
        requireFitting(dataset, vocabulary);
        this.dataset = dataset;
        this.vocabulary = vocabulary;
        this.options = options;
        this.network = new AvatarNetwork(vocabulary.size(), Initializer.random(options.seed()));
        network.requiresGrad(true);
        this.optimizer = new Optimizer(network.parameters(), Adam.of(0.9, 0.99), options.learningRate());
    }

    static void requireFitting(Dataset dataset, AvatarVocabulary vocabulary) {
        if (dataset.channels() != 3 || dataset.resolution() != AvatarNetwork.RESOLUTION
                || dataset.labelSize() != vocabulary.size()) {
            throw new IllegalArgumentException("avatar features: expected colour pictures of " + AvatarNetwork.RESOLUTION
                    + " pixels with labels of " + vocabulary.size() + " numbers, got " + dataset.channels()
                    + " channels, " + dataset.resolution() + " pixels, " + dataset.labelSize() + " numbers");
        }
    }

    /**
     * Trains to the end, from where the state file stands if there is one, then calibrates the perceptual distance.
     *
     * @param state where the training is kept so that it can go on, or null
     */
    public AvatarFeatures run(Path state, Listener listener) throws IOException {
        if (state != null && Files.exists(state)) {
            load(state);
        }
        LearningRate rate = LearningRate.ramped(options.learningRate(), options.steps(), RAMP_UP, 1);
        try (var loader = new BatchLoader(dataset, options.batch(), options.seed(), step * options.batch())) {
            while (step < options.steps()) {
                Batch batch = loader.next();
                optimizer.learningRate(rate.at(step));
                try (var _ = Scope.open()) {
                    train(batch, listener);
                }
                if (state != null && (step % options.saveEvery() == 0 || step == options.steps())) {
                    save(state);
                }
            }
        }
        network.requiresGrad(false);
        calibrate();
        return new AvatarFeatures(network, vocabulary);
    }

    private void train(Batch batch, Listener listener) {
        int changed = Math.ceilDiv(batch.size(), CHANGED);
        var jitter = new PictureJitter(new SplittableRandom(options.seed() * 31 + step));
        Tensor pictures = Autograd.noGrad(() -> Scope.local(() -> Views.concat(List.of(batch.pictures(),
                jitter.view(batch.pictures().slice(0, 0, changed))), 0)));
        Tensor labels = Views.concat(List.of(batch.conditions(), batch.conditions().slice(0, 0, changed)), 0);
        List<Tensor> stages = network.stages(pictures);
        Tensor hidden = network.hidden(stages);
        Tensor attributes = FeatureLoss.attributes(network.scores(stages, hidden), labels, vocabulary);
        Tensor identity = FeatureLoss.contrastive(network.embedding(hidden), changed);
        optimizer.zeroGrad();
        attributes.add(identity.mul(IDENTITY_WEIGHT)).backward();
        optimizer.step();
        step++;
        listener.step(step, attributes.item(), identity.item());
    }

    /**
     * Sets the weights of the channels from pairs of different pictures: each channel by the inverse of its mean squared
     * difference, each convolution to the same share of the distance.
     */
    private void calibrate() throws IOException {
        int n = Math.min(CALIBRATION_PICTURES, dataset.size());
        try (var loader = new BatchLoader(dataset, n, options.seed(), 0); var _ = Scope.open()) {
            Batch batch = loader.next();
            Autograd.noGrad(() -> {
                List<Tensor> stages = network.stages(batch.pictures());
                for (int i = 0; i < stages.size(); i++) {
                    Tensor x = AvatarNetwork.unit(stages.get(i), 1);
                    Tensor next = Views.concat(List.of(x.slice(0, 1, n), x.slice(0, 0, 1)), 0);
                    Tensor differences = x.sub(next).square().mean(0, 2, 3);
                    Tensor weights = differences.add(differences.mean().mul(FLOOR)).reciprocal();
                    Tensor total = weights.mul(differences).sum();
                    network.channelWeights().get(i).assign(weights.div(total).mul(STRANGERS / stages.size()));
                }
            });
        }
    }

    private void save(Path file) throws IOException {
        Map<String, StoredTensor> all = new LinkedHashMap<>();
        network.save().forEach((name, tensor) -> all.put(NETWORK + "/" + name, tensor));
        optimizer.save().forEach((name, tensor) -> all.put(OPTIMIZER + "/" + name, tensor));
        Safetensors.write(file, all, Map.of(STEP, Long.toString(step)));
    }

    private void load(Path file) throws IOException {
        Checkpoint checkpoint = Checkpoints.read(file);
        String reached = checkpoint.metadata().get(STEP);
        if (reached == null) {
            throw new CheckpointException(file, "is no state of a feature training");
        }
        network.load(checkpoint.tensors(NETWORK));
        optimizer.load(checkpoint.tensors(OPTIMIZER));
        step = Long.parseLong(reached);
    }
}
