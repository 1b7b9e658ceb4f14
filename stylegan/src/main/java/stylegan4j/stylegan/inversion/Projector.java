package stylegan4j.stylegan.inversion;

import java.util.LinkedHashMap;
import java.util.Map;
import stylegan4j.nn.optim.LearningRate;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.loss.NoiseRegularization;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/**
 * StyleGAN2's projector (arXiv 1912.04958, appendix D; stylegan2-ada-pytorch, {@code projector.py}): from the mean of
 * W, Adam on the code and on the noise maps, with noise on the code that fades out, and maps held to be noise.
 *
 * @param distance between pictures of at most 256 px a side; larger ones are averaged down to that
 * @param space W, or W+ as rosinality's {@code projector.py --w_plus} searches
 * @param steps of the optimisation
 * @param learningRate the highest; it rises over the first 5 % and falls over the last 25 % of the steps
 * @param samples to tell the mean and the spread of W from
 * @param initialNoise of the noise on the code, in units of W's spread
 * @param optimizeNoise whether noise maps are searched too; otherwise the generator's own stay
 * @param noiseWeight of the regularisation of the noise maps
 * @param pixelWeight of the mean squared difference of pixels, 0 in the official code
 */
public record Projector(PerceptualDistance distance, LatentSpace space, int steps, double learningRate, int samples,
                        double initialNoise, boolean optimizeNoise, double noiseWeight, double pixelWeight)
        implements Inversion {
    /** The phase's name. */
    public static final String PHASE = "projection";

    private static final double RAMP_UP = 0.05;
    private static final double RAMP_DOWN = 0.25;
    private static final double NOISE_RAMP = 0.75;
    private static final int LARGEST = 256;
    private static final String CODE = "w";
    private static final String NOISE = "noise/";

    public Projector {
        if (steps < 1 || samples < 1) {
            throw new IllegalArgumentException("projector: expected at least one step and one sample, got " + steps
                    + " and " + samples);
        }
    }

    /** The official projector: 1000 steps in W. */
    public static Projector w(PerceptualDistance distance) {
        return new Projector(distance, LatentSpace.W, 1000, 0.1, 10_000, 0.05, true, NoiseRegularization.WEIGHT, 0);
    }

    /** The same in W+. */
    public static Projector wPlus(PerceptualDistance distance) {
        return w(distance).withSpace(LatentSpace.W_PLUS);
    }

    /** PTI's first phase (danielroich/PTI): 450 steps, a lower learning rate, fewer samples. */
    public static Projector pivot(PerceptualDistance distance) {
        return w(distance).withSteps(450).withLearningRate(0.01).withSamples(600);
    }

    public Projector withSpace(LatentSpace value) {
        return new Projector(distance, value, steps, learningRate, samples, initialNoise, optimizeNoise, noiseWeight,
                pixelWeight);
    }

    public Projector withSteps(int value) {
        return new Projector(distance, space, value, learningRate, samples, initialNoise, optimizeNoise, noiseWeight,
                pixelWeight);
    }

    public Projector withLearningRate(double value) {
        return new Projector(distance, space, steps, value, samples, initialNoise, optimizeNoise, noiseWeight,
                pixelWeight);
    }

    public Projector withSamples(int value) {
        return new Projector(distance, space, steps, learningRate, value, initialNoise, optimizeNoise, noiseWeight,
                pixelWeight);
    }

    public Projector withInitialNoise(double value) {
        return new Projector(distance, space, steps, learningRate, samples, value, optimizeNoise, noiseWeight,
                pixelWeight);
    }

    public Projector withOptimizeNoise(boolean value) {
        return new Projector(distance, space, steps, learningRate, samples, initialNoise, value, noiseWeight,
                pixelWeight);
    }

    public Projector withPixelWeight(double value) {
        return new Projector(distance, space, steps, learningRate, samples, initialNoise, optimizeNoise, noiseWeight,
                value);
    }

    /** The learning rate of each step. */
    public LearningRate schedule() {
        return LearningRate.ramped(learningRate, steps, RAMP_UP, RAMP_DOWN);
    }

    /** The deviation of the noise on the code, for a spread of 1. */
    public double noiseScale(int step) {
        double left = Math.max(0, 1 - step / (double) steps / NOISE_RAMP);
        return initialNoise * left * left;
    }

    @Override
    public InversionResult invert(Generator generator, Tensor targets, InversionRun run) {
        Session session = new Session(run);
        Targets.check(generator, targets);
        try (Scope scope = Scope.open()) {
            Targets wanted = new Targets(distance, LARGEST, targets);
            LatentStatistics statistics = LatentStatistics.of(generator, samples, run.label());
            int n = targets.size(0);
            Tensor code = Copies.of(statistics.mean().expand(n, space == LatentSpace.W ? 1 : generator.numWs(), -1));
            Map<String, Tensor> maps = optimizeNoise ? Copies.noise(generator, n, new RandomNumbers(run.seed()))
                    : Map.of();
            Map<String, Tensor> parameters = new LinkedHashMap<>(Map.of(CODE, code));
            maps.forEach((layer, map) -> parameters.put(NOISE + layer, map));
            var objective = new Objective(generator, wanted, statistics.deviation(), code, maps, run.seed());
            boolean complete = new Optimization(session, PHASE, steps, schedule(), parameters, generator)
                    .minimize(objective, () -> code.expand(-1, generator.numWs(), -1));
            maps.values().forEach(scope::release);
            return new InversionResult(scope.release(Copies.of(code.expand(-1, generator.numWs(), -1))), maps,
                    generator, session.history(), session.seconds(), complete);
        }
    }

    /** What a step minimises. */
    private final class Objective implements Optimization.Objective {
        private final Generator generator;
        private final Targets targets;
        private final double spread;
        private final Tensor code;
        private final Map<String, Tensor> maps;
        private final RandomNumbers random;

        Objective(Generator generator, Targets targets, double spread, Tensor code, Map<String, Tensor> maps,
                  long seed) {
            this.generator = generator;
            this.targets = targets;
            this.spread = spread;
            this.code = code;
            this.maps = maps;
            this.random = new RandomNumbers(seed + 1);
        }

        @Override
        public Optimization.Loss at(int step) {
            double scale = spread * noiseScale(step);
            Tensor w = scale == 0 ? code : code.add(noise(step).mul(scale));
            Tensor made = generator.synthesis(w.expand(-1, generator.numWs(), -1),
                    maps.isEmpty() ? Noise.CONST : Noise.of(maps));
            Tensor losses = targets.perceptual(made);
            if (pixelWeight != 0) {
                losses = losses.add(targets.pixels(made).mul(pixelWeight));
            }
            Tensor penalty = maps.isEmpty() ? null
                    : NoiseRegularization.each(maps.values()).mul(noiseWeight);
            return new Optimization.Loss(losses, penalty);
        }

        /** The same for every picture, and for a step whatever came before it. */
        private Tensor noise(int step) {
            int size = code.size(1) * code.size(2);
            random.seek(Math.ceilDiv((long) size, 4) * 4 * step);
            return random.normal(1, code.size(1), code.size(2));
        }

        @Override
        public void updated() {
            maps.values().forEach(map -> map.assign(NoiseRegularization.normalized(map)));
        }
    }
}
