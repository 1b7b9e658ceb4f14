package stylegan4j.stylegan.train;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.optim.Ema;
import stylegan4j.nn.optim.Gradients;
import stylegan4j.nn.optim.LazyRegularization;
import stylegan4j.nn.optim.LossScale;
import stylegan4j.nn.optim.Optimizer;
import stylegan4j.stylegan.Discriminator;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Networks;
import stylegan4j.stylegan.data.Batch;
import stylegan4j.stylegan.data.Dataset;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/**
 * StyleGAN2's networks in training, one iteration at a time (stylegan2-ada-pytorch, {@code training/training_loop.py}).
 * Its tensors belong to the scope that is open when it is made.
 */
public final class Training {
    private static final long WEIGHTS = 0x5bd1e995L;
    private static final long LABELS = 0x27d4eb2fL;

    private final TrainingOptions options;
    private final Dataset dataset;
    private final Networks networks;
    private final Generator generator;
    private final Discriminator discriminator;
    private final Map<String, Tensor> trainedOfDiscriminator;
    private final Optimizer generatorOptimizer;
    private final Optimizer discriminatorOptimizer;
    private final LossScale generatorScale;
    private final LossScale discriminatorScale;
    private final Ema ema;
    private final RandomNumbers numbers;
    private final Statistics statistics = new Statistics();
    private final AdaptiveAugment augment;
    private final GanLoss loss;
    private long iteration;
    private long pictures;

    /** Networks with initial weights. */
    public Training(TrainingOptions options, Dataset dataset) {
        this.options = options;
        this.dataset = dataset;
        int labels = dataset.labelSize();
        var shape = options.networks();
        var generatorConfig = shape.generator(dataset.resolution(), dataset.channels(), labels,
                options.clamp());
        var init = Initializer.random(new RandomNumbers(options.seed() ^ WEIGHTS));
        this.generator = new Generator(generatorConfig, init);
        this.discriminator = new Discriminator(
                shape.discriminator(dataset.resolution(), dataset.channels(), labels, options.clamp()), init);
        Generator average = new Generator(generatorConfig, Initializer.NONE);
        this.networks = new Networks(average, generator, discriminator);
        average.load(generator.save());
        average.synthesis().features(options.features(), options.halfResolutions());
        generator.synthesis().features(options.features(), options.halfResolutions());
        discriminator.features(options.features(), options.halfResolutions());
        // The generator's losses pass through both networks, the discriminator's through one of the same storage.
        this.generatorScale = discriminator.needsLossScale() ? new LossScale() : null;
        this.discriminatorScale = discriminator.needsLossScale() ? new LossScale() : null;
        generator.training(true);
        this.ema = new Ema(average, generator);
        this.trainedOfDiscriminator = FreezeD.trained(discriminator, options.freezeD());
        this.generatorOptimizer = optimizer(generator.parameters(), OptimizerOptions.GENERATOR);
        this.discriminatorOptimizer = optimizer(trainedOfDiscriminator, OptimizerOptions.DISCRIMINATOR);
        this.numbers = new RandomNumbers(options.seed());
        this.augment = new AdaptiveAugment(options.augment(), numbers);
        this.loss = new GanLoss(generator, discriminator, augment, options.loss(), numbers, statistics);
    }

    private Optimizer optimizer(Map<String, Tensor> parameters, LazyRegularization lazy) {
        return new Optimizer(parameters, lazy.correct(OptimizerOptions.ADAM), learningRate(lazy));
    }

    private double learningRate(LazyRegularization lazy) {
        return lazy.correct(options.optimizers().learningRate());
    }

    public TrainingOptions options() {
        return options;
    }

    /** The networks, which go on changing. */
    public Networks networks() {
        return networks;
    }

    /** What was measured since it was last taken. */
    public Statistics statistics() {
        return statistics;
    }

    /** Real pictures seen so far. */
    public long pictures() {
        return pictures;
    }

    /** How strongly pictures are augmented now. */
    public double augmentation() {
        return augment.strength();
    }

    Optimizer generatorOptimizer() {
        return generatorOptimizer;
    }

    Optimizer discriminatorOptimizer() {
        return discriminatorOptimizer;
    }

    /** Null where gradients need none, as {@link #discriminatorScale}. */
    LossScale generatorScale() {
        return generatorScale;
    }

    LossScale discriminatorScale() {
        return discriminatorScale;
    }

    /** Everything but weights and the optimisers' moments. */
    TrainingCounters counters() {
        return new TrainingCounters(iteration, pictures, numbers.position(), loss.meanPathLength(),
                augment.state());
    }

    /** Goes on from these; the learning rates are the options' again, whatever the optimisers were saved with. */
    void resumeAt(TrainingCounters counters) {
        generatorOptimizer.learningRate(learningRate(OptimizerOptions.GENERATOR));
        discriminatorOptimizer.learningRate(learningRate(OptimizerOptions.DISCRIMINATOR));
        iteration = counters.iteration();
        pictures = counters.pictures();
        numbers.seek(counters.randomPosition());
        loss.meanPathLength(counters.meanPathLength());
        augment.restore(counters.augment());
    }

    /** One iteration: both networks are updated, and regularised if it is their turn. */
    public void step(Batch real) {
        try (var _ = Scope.open()) {
            var labels = new SplittableRandom(options.seed() ^ LABELS ^ iteration);
            Supplier<Tensor> conditions = () -> conditions(labels);
            generator.requiresGrad(true);
            Phase g = new Phase(generatorOptimizer, generator.parameters(), generatorScale);
            g.run(() -> loss.generator(latents(), conditions.get(), generatorScale));
            if (options.loss().pathLengthWeight() > 0 && iteration % OptimizerOptions.GENERATOR.interval() == 0) {
                g.run(() -> loss.pathLength(latents(), conditions.get(), OptimizerOptions.GENERATOR.interval(),
                        generatorScale));
            }
            generator.requiresGrad(false);
            trainedOfDiscriminator.values().forEach(p -> p.requiresGrad(true));
            Tensor x = real.pictures();
            Tensor c = real.conditions();
            Phase d = new Phase(discriminatorOptimizer, trainedOfDiscriminator, discriminatorScale);
            d.run(() -> {
                loss.fakes(latents(), conditions.get(), discriminatorScale);
                loss.reals(x, c, discriminatorScale);
            });
            if (options.loss().gamma() > 0 && iteration % OptimizerOptions.DISCRIMINATOR.interval() == 0) {
                d.run(() -> loss.penalty(x, c, OptimizerOptions.DISCRIMINATOR.interval(), discriminatorScale));
            }
            discriminator.requiresGrad(false);
        }
        var optimizers = options.optimizers();
        ema.update(Ema.beta(options.batch(), optimizers.emaKimg(), pictures,
                optimizers.emaRampUp() > 0 ? optimizers.emaRampUp() : Double.POSITIVE_INFINITY));
        augment.adapt(iteration, options.batch());
        pictures += options.batch();
        iteration++;
    }

    /** Losses, and the update that follows them; none follows gradients that left binary16's range. */
    private record Phase(Optimizer optimizer, Map<String, Tensor> parameters, LossScale scale) {
        void run(Runnable gradients) {
            gradients.run();
            Autograd.noGrad(() -> parameters.values().forEach(Training::fillGradient));
            if (scale == null || scale.unscale(parameters.values())) {
                Gradients.makeFinite(parameters.values());
                optimizer.step();
            }
            optimizer.zeroGrad();
        }
    }

    /** A loss that leaves a parameter out still lets its moments fade. */
    private static void fillGradient(Tensor parameter) {
        if (parameter.grad() == null) {
            try (var _ = Scope.open()) {
                parameter.replaceGrad(Tensor.zeros(parameter.shape()));
            }
        }
    }

    private Tensor latents() {
        return numbers.normal(options.batch(), options.networks().zDim());
    }

    /** Labels of pictures chosen at random, or null without labels. */
    private Tensor conditions(SplittableRandom random) {
        if (dataset.labelSize() == 0) {
            return null;
        }
        int size = dataset.labelSize();
        float[] labels = new float[options.batch() * size];
        for (int i = 0; i < options.batch(); i++) {
            System.arraycopy(dataset.label(random.nextInt(dataset.size())), 0, labels, i * size, size);
        }
        return Tensor.of(labels, options.batch(), size);
    }
}
