package stylegan4j.stylegan.inversion;

import java.util.Map;
import stylegan4j.nn.optim.LearningRate;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/**
 * Image2StyleGAN (arXiv 1904.03189): Adam on the code of every layer, by a perceptual distance and the mean squared
 * difference of pixels; the noise is the generator's own.
 *
 * @param distance in the paper the VGG-16 terms conv1_1, conv1_2, conv3_2, conv4_2
 * @param start where the codes begin
 * @param steps 5000 in the paper
 * @param learningRate of Adam
 * @param perceptualWeight factor of the distance
 * @param pixelWeight factor of the mean squared difference
 */
public record Image2StyleGan(PerceptualDistance distance, Start start, int steps, double learningRate,
                             double perceptualWeight, double pixelWeight) implements Inversion {
    /** The phase's name. */
    public static final String PHASE = "embedding";

    /** The code's name among the parameters. */
    static final String CODE = "w";
    /** Samples for the mean code. */
    static final int SAMPLES = 10_000;
    /** Side above which pictures are averaged down for the distance, as VGG-16 is used in the paper. */
    static final int LARGEST = 256;

    /** Where codes begin. */
    public enum Start {
        /** At the mean of W. */
        MEAN,
        /** At random: each number uniform in −1 … 1. */
        RANDOM
    }

    public Image2StyleGan {
        if (steps < 1) {
            throw new IllegalArgumentException("image2stylegan: expected at least one step, got " + steps);
        }
    }

    /** The paper's settings: 5000 steps from the mean code. */
    public static Image2StyleGan of(PerceptualDistance distance) {
        return new Image2StyleGan(distance, Start.MEAN, 5000, 0.01, 1, 1);
    }

    public Image2StyleGan withStart(Start value) {
        return new Image2StyleGan(distance, value, steps, learningRate, perceptualWeight, pixelWeight);
    }

    public Image2StyleGan withSteps(int value) {
        return new Image2StyleGan(distance, start, value, learningRate, perceptualWeight, pixelWeight);
    }

    public Image2StyleGan withLearningRate(double value) {
        return new Image2StyleGan(distance, start, steps, value, perceptualWeight, pixelWeight);
    }

    public Image2StyleGan withWeights(double perceptual, double pixel) {
        return new Image2StyleGan(distance, start, steps, learningRate, perceptual, pixel);
    }

    @Override
    public InversionResult invert(Generator generator, Tensor targets, InversionRun run) {
        Session session = new Session(run);
        Targets.check(generator, targets);
        try (Scope scope = Scope.open()) {
            Targets wanted = new Targets(distance, LARGEST, targets);
            Tensor code = start(generator, start, targets.size(0), run);
            Optimization.Objective objective = step -> {
                Tensor made = generator.synthesis(code, Noise.CONST);
                return Optimization.Loss.of(wanted.perceptual(made).mul(perceptualWeight)
                        .add(wanted.pixels(made).mul(pixelWeight)));
            };
            boolean complete = new Optimization(session, PHASE, steps, LearningRate.constant(learningRate),
                    Map.of(CODE, code), generator).minimize(objective, () -> code);
            return new InversionResult(scope.release(code), Map.of(), generator, session.history(),
                    session.seconds(), complete);
        }
    }

    /** The first codes [n, num_ws, w_dim], the same for every picture. */
    static Tensor start(Generator generator, Start start, int n, InversionRun run) {
        int layers = generator.numWs();
        return Scope.local(() -> Copies.of((start == Start.MEAN
                ? LatentStatistics.of(generator, SAMPLES, run.label()).mean().unsqueeze(0)
                : new RandomNumbers(run.seed()).uniform(1, layers, generator.config().wDim()).mul(2).sub(1))
                .expand(n, layers, -1)));
    }
}
