package stylegan4j.stylegan.encoder.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.optim.Gradients;
import stylegan4j.nn.optim.LearningRate;
import stylegan4j.nn.optim.Optimizer;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.encoder.Encoder;
import stylegan4j.stylegan.encoder.EncoderConfig;
import stylegan4j.stylegan.encoder.EncoderModel;
import stylegan4j.stylegan.encoder.EncoderShape;
import stylegan4j.stylegan.encoder.LatentDiscriminator;
import stylegan4j.stylegan.train.Statistics;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;
import stylegan4j.tensor.op.Views;

/**
 * An encoder in training, one step at a time: pSp's, e4e's, ReStyle's and IDInvert's in one, as they differ in terms of
 * the loss alone, and in how often a batch is looked at. Its tensors belong to the scope that is open when it is made.
 */
public final class EncoderTraining {
    private static final long WEIGHTS = 0x5bd1e995L;
    private static final long OPPONENT = 0x1b873593L;
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private final EncoderTrainingOptions options;
    private final EncodingTask task;
    private final EncoderModel model;
    private final EncoderLoss loss;
    private final Map<String, Tensor> trained;
    private final Optimizer optimizer;
    private final LearningRate rate;
    private final LatentOpponent latentOpponent;
    private final PictureOpponent pictureOpponent;
    private final RandomNumbers numbers;
    private final Statistics statistics = new Statistics();
    private long step;

    /**
     * A model with initial weights.
     *
     * @param decoder the generator; changed if it is to be trained
     * @throws IllegalArgumentException if shape and generator do not fit together
     */
    public static EncoderModel initial(EncoderTrainingOptions options, EncoderShape shape, Generator decoder) {
        Encoder encoder = shape.config(options.kind(), decoder)
                .encoder(Initializer.random(options.seed() ^ WEIGHTS));
        Tensor average = options.startFromAverage() ? decoder.mapping().wAvg().unsqueeze(0)
                .expand(decoder.numWs(), decoder.config().wDim()).contiguous() : null;
        return new EncoderModel(options.kind(), encoder, decoder, average, options.testPasses());
    }

    /**
     * Goes on from a model.
     *
     * @throws IllegalArgumentException if a network is missing that a loss needs, or sizes do not fit
     */
    public EncoderTraining(EncoderTrainingOptions options, EncodingTask task, EncoderModel model, EncoderTools tools) {
        EncoderConfig config = model.encoder().config();
        tools.requireFor(options, config.side());
        options.stages().requireFor(config.styles());
        if (model.kind() != options.kind()) {
            throw new IllegalArgumentException("encoder training: expected a model of " + options.kind()
                    + ", got one of " + model.kind());
        }
        this.options = options;
        this.task = task;
        this.model = model;
        this.loss = new EncoderLoss(options.losses(), tools, model.average());
        this.trained = new LinkedHashMap<>();
        model.encoder().parameters().forEach((name, tensor) -> trained.put("encoder." + name, tensor));
        if (options.trainDecoder()) {
            model.decoder().synthesis().parameters().forEach((name, tensor) -> trained.put("decoder." + name, tensor));
        }
        this.rate = options.schedule().of(options.learningRate(), options.steps());
        this.optimizer = new Optimizer(trained, options.rule().update(), options.learningRate());
        this.latentOpponent = options.latentGame().weight() == 0 ? null : new LatentOpponent(options.latentGame(),
                config.wDim(), Initializer.random(options.seed() ^ OPPONENT));
        this.pictureOpponent = options.pictureGame().weight() == 0 ? null
                : new PictureOpponent(options.pictureGame(), tools.discriminator(), new Optimizer(
                        tools.discriminator().parameters(), options.rule().update(), options.learningRate()));
        this.numbers = new RandomNumbers(options.seed());
    }

    public EncoderTrainingOptions options() {
        return options;
    }

    /** The model, which goes on changing. */
    public EncoderModel model() {
        return model;
    }

    /** Steps done. */
    public long step() {
        return step;
    }

    /** What was measured since it was last taken, by the official names after {@code train/}. */
    public Statistics statistics() {
        return statistics;
    }

    EncodingTask task() {
        return task;
    }

    /** How many offsets from the first style are open now. */
    int stage() {
        return options.stages().at(step, model.encoder().config().styles());
    }

    Optimizer optimizer() {
        return optimizer;
    }

    LatentOpponent latentOpponent() {
        return latentOpponent;
    }

    PictureOpponent pictureOpponent() {
        return pictureOpponent;
    }

    long randomPosition() {
        return numbers.position();
    }

    void resumeAt(long reached, long randomPosition) {
        step = reached;
        numbers.seek(randomPosition);
    }

    /**
     * One update.
     *
     * @param sources [N, C, H, W] in −1…1, what the task makes the encoder's input of
     * @param targets [N, 3, H, W] in −1…1
     */
    public void step(Tensor sources, Tensor targets) {
        var random = new SplittableRandom(options.seed() + STEP * (step + 1));
        try (var _ = Scope.open()) {
            EncodingTask.Pair pair = Autograd.noGrad(() -> fitted(task.pair(sources, targets, random)));
            model.encoder().training(true);
            Map<String, Double> terms = new LinkedHashMap<>();
            if (latentOpponent != null) {
                trainLatentOpponent(pair, random, terms);
            }
            optimizer.learningRate(rate.at(step));
            trained.values().forEach(p -> p.requiresGrad(true));
            EncoderLoss.Target target = loss.target(pair.target());
            passes(pair, target, terms, true);
            Gradients.makeFinite(trained.values());
            optimizer.step();
            optimizer.zeroGrad();
            trained.values().forEach(p -> p.requiresGrad(false));
            if (pictureOpponent != null) {
                Tensor fakes = Autograd.noGrad(() -> Scope.local(() -> picture(codes(pair.source()))));
                pictureOpponent.optimizer().learningRate(rate.at(step));
                pictureOpponent.train(pair.target(), fakes, terms);
            }
            model.encoder().training(false);
            terms.forEach((name, value) -> statistics.add("train/" + name, value));
        }
        step++;
    }

    /**
     * The losses of a batch, without training.
     *
     * @param random for the task
     * @return terms by name, those of ReStyle's last pass
     */
    Map<String, Double> losses(Tensor sources, Tensor targets, SplittableRandom random) {
        Map<String, Double> terms = new LinkedHashMap<>();
        Autograd.noGrad(() -> {
            try (var _ = Scope.open()) {
                EncodingTask.Pair pair = fitted(task.pair(sources, targets, random));
                passes(pair, loss.target(pair.target()), terms, false);
            }
        });
        return terms;
    }

    /** Reconstructions [N, 3, H, W], one for each pass, and before them what the encoder reads and what is wanted. */
    List<Tensor> shown(Tensor sources, Tensor targets, SplittableRandom random) {
        EncodingTask.Pair pair = fitted(task.pair(sources, targets, random));
        List<Tensor> rows = new ArrayList<>(List.of(pair.source(), pair.target()));
        if (model.kind().isIterative()) {
            model.refine(pair.source(), model.steps()).forEach(codes -> rows.add(picture(codes)));
        } else {
            rows.add(picture(codes(pair.source())));
        }
        return rows;
    }

    private EncodingTask.Pair fitted(EncodingTask.Pair pair) {
        return new EncodingTask.Pair(model.fitted(pair.source()), model.fitted(pair.target()));
    }

    private Tensor codes(Tensor source) {
        Tensor codes = model.encoder().codes(source, stage());
        return model.average() == null ? codes : codes.add(model.average());
    }

    /** The generator's picture as losses see it. */
    private Tensor picture(Tensor codes) {
        boolean random = model.encoder().isTraining() && model.kind().isTrainedWithNoise();
        return model.fitted(model.decoder().synthesis(codes, random ? Noise.random(numbers) : Noise.CONST));
    }

    /** ReStyle's passes, each with gradients of its own, or the single one of others; terms are those of the last. */
    private void passes(EncodingTask.Pair pair, EncoderLoss.Target target, Map<String, Double> terms,
                        boolean learning) {
        if (!model.kind().isIterative()) {
            try (var _ = Scope.open()) {
                pass(codes(pair.source()), target, terms, learning);
            }
            return;
        }
        Tensor before = model.start(pair.source().size(0));
        Tensor shown = Autograd.noGrad(() -> model.averagePicture().expand(pair.source().size(0), -1, -1, -1));
        for (int i = 0; i < (learning ? options.passes() : model.steps()); i++) {
            try (var scope = Scope.open()) {
                Tensor codes = model.encoder().codes(Views.concat(List.of(pair.source(), shown), 1), stage())
                        .add(before);
                Tensor picture = pass(codes, target, terms, learning);
                before = scope.release(codes.detach());
                shown = scope.release(picture.detach());
            }
        }
    }

    private Tensor pass(Tensor codes, EncoderLoss.Target target, Map<String, Double> terms, boolean learning) {
        Tensor picture = picture(codes);
        EncoderLoss.Sum sum = new EncoderLoss.Sum();
        if (latentOpponent != null) {
            sum.add("encoder_discriminator_loss", options.latentGame().weight(),
                    latentOpponent.discriminator().encoderLoss(codes, stage()));
        }
        if (pictureOpponent != null) {
            sum.add("adversarial_loss", options.pictureGame().weight(), pictureOpponent.encoderLoss(picture));
        }
        if (options.stages().isProgressive() && options.deltaWeight() > 0) {
            sum.add("total_delta_loss", options.deltaWeight(), LatentDiscriminator.deltaNorm(codes, stage()));
        }
        loss.add(sum, picture, target, codes);
        if (learning) {
            sum.total().backward();
        }
        terms.putAll(sum.terms());
        return picture;
    }

    /** The encoder's codes are those of its first pass. */
    private void trainLatentOpponent(EncodingTask.Pair pair, SplittableRandom random, Map<String, Double> terms) {
        int n = pair.source().size(0);
        int styles = model.encoder().config().styles();
        Tensor real = Autograd.noGrad(() -> Scope.local(() -> model.decoder().mapping()
                .map(numbers.normal(n, model.decoder().config().zDim()), null)));
        Tensor fake = Autograd.noGrad(() -> Scope.local(() -> codes(model.kind().isIterative()
                ? Views.concat(List.of(pair.source(), model.averagePicture().expand(n, -1, -1, -1)), 1)
                : pair.source()).slice(1, 0, Math.min(stage() + 1, styles)).contiguous()));
        latentOpponent.train(real, fake, step, random, terms);
    }
}
