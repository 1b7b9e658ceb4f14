package stylegan4j.stylegan.inversion;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import stylegan4j.nn.optim.LearningRate;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * Pivotal tuning (arXiv 2106.05744; danielroich/PTI): codes by another method, then a copy of the generator is tuned
 * until it shows the pictures at these codes. Several pictures go into one generator.
 *
 * @param pivot finds the codes; its noise maps are not used
 * @param distance between pictures of the generator's size
 * @param steps of tuning at most; in each, every picture is seen once
 * @param learningRate of Adam
 * @param decay share of the steps, at the end, over which the learning rate falls to 0; 0 in the official code
 * @param perceptualWeight factor of the distance
 * @param pixelWeight factor of the mean squared difference
 * @param threshold the tuning ends when every picture's distance is at most this
 * @param batch pictures that make one update together
 * @param locality keeps the generator as it was away from the pivots; null for none
 */
public record PivotalTuning(Inversion pivot, PerceptualDistance distance, int steps, double learningRate, double decay,
                            double perceptualWeight, double pixelWeight, double threshold, int batch,
                            Locality locality) implements Inversion {
    /** The phase's name; those of the pivot's method come before. */
    public static final String PHASE = "tuning";

    private static final String PIVOT = "pivot";

    public PivotalTuning {
        if (steps < 1 || batch < 1) {
            throw new IllegalArgumentException("pti: expected at least one step and one picture at once, got " + steps
                    + " and " + batch);
        }
    }

    /** The official settings for single pictures: the projector's codes, at most 350 steps, an end at 0.06. */
    public static PivotalTuning of(PerceptualDistance distance) {
        return new PivotalTuning(Projector.pivot(distance), distance, 350, 3e-4, 0, 1, 1, 0.06, 1, null);
    }

    public PivotalTuning withPivot(Inversion value) {
        return new PivotalTuning(value, distance, steps, learningRate, decay, perceptualWeight, pixelWeight, threshold,
                batch, locality);
    }

    /** Tunes at codes that are known already, [N, num_ws, w_dim]. */
    public PivotalTuning withPivot(Tensor codes) {
        return withPivot((generator, targets, run) -> new InversionResult(codes, Map.of(), generator,
                new LossHistory(), 0, true));
    }

    public PivotalTuning withSteps(int value) {
        return new PivotalTuning(pivot, distance, value, learningRate, decay, perceptualWeight, pixelWeight, threshold,
                batch, locality);
    }

    public PivotalTuning withLearningRate(double value) {
        return new PivotalTuning(pivot, distance, steps, value, decay, perceptualWeight, pixelWeight, threshold,
                batch, locality);
    }

    public PivotalTuning withDecay(double value) {
        return new PivotalTuning(pivot, distance, steps, learningRate, value, perceptualWeight, pixelWeight, threshold,
                batch, locality);
    }

    public PivotalTuning withThreshold(double value) {
        return new PivotalTuning(pivot, distance, steps, learningRate, decay, perceptualWeight, pixelWeight, value,
                batch, locality);
    }

    public PivotalTuning withPixelWeight(double value) {
        return new PivotalTuning(pivot, distance, steps, learningRate, decay, perceptualWeight, value, threshold,
                batch, locality);
    }

    public PivotalTuning withBatch(int value) {
        return new PivotalTuning(pivot, distance, steps, learningRate, decay, perceptualWeight, pixelWeight, threshold,
                value, locality);
    }

    public PivotalTuning withLocality(Locality value) {
        return new PivotalTuning(pivot, distance, steps, learningRate, decay, perceptualWeight, pixelWeight, threshold,
                batch, value);
    }

    @Override
    public InversionResult invert(Generator generator, Tensor targets, InversionRun run) {
        Session session = new Session(run);
        Targets.check(generator, targets);
        if (!session.resumesAt(PHASE)) {
            InversionResult first = pivot.invert(generator, targets, run);
            session.follow(first);
            session.keep(PIVOT, first.codes());
            if (!first.complete()) {
                return first;
            }
        }
        Tensor codes = session.kept(PIVOT);
        if (codes.rank() != 3 || codes.size(0) != targets.size(0)) {
            throw new IllegalArgumentException("pti: expected a pivot for each of " + targets.size(0)
                    + " pictures, got " + codes.describe());
        }
        Generator tuned = generator.copy();
        boolean complete;
        try (var _ = Scope.open()) {
            Map<String, Tensor> weights = tuned.synthesis().parameters();
            var objective = new Objective(generator, tuned, codes, targets, run);
            int updates = steps * objective.batches();
            LearningRate rate = LearningRate.linearDecay(learningRate, Math.round((1 - decay) * updates), updates);
            complete = new Optimization(session, PHASE, updates, rate, weights, tuned)
                    .minimize(objective, () -> codes);
        }
        return new InversionResult(codes, Map.of(), tuned, session.history(), session.seconds(), complete);
    }

    /** What a step minimises: the loss of one batch of pictures after the other. */
    private final class Objective implements Optimization.Objective {
        private final Generator original;
        private final Generator tuned;
        private final List<Tensor> codes = new ArrayList<>();
        private final List<Targets> targets = new ArrayList<>();
        private final Locality.Sampler sampler;
        private int inARow;

        Objective(Generator original, Generator tuned, Tensor pivots, Tensor pictures, InversionRun run) {
            this.original = original;
            this.tuned = tuned;
            this.sampler = locality == null ? null : locality.sampler(original, run);
            for (int from = 0; from < pictures.size(0); from += batch) {
                int to = Math.min(from + batch, pictures.size(0));
                codes.add(pivots.slice(0, from, to));
                targets.add(new Targets(distance, Integer.MAX_VALUE, pictures.slice(0, from, to)));
            }
        }

        int batches() {
            return codes.size();
        }

        @Override
        public Optimization.Loss at(int step) {
            int index = step % batches();
            Tensor made = tuned.synthesis(codes.get(index), Noise.CONST);
            Tensor perceptual = targets.get(index).perceptual(made);
            inARow = Autograd.noGrad(() -> perceptual.max().item()) <= threshold ? inARow + 1 : 0;
            Tensor losses = perceptual.mul(perceptualWeight).add(targets.get(index).pixels(made).mul(pixelWeight));
            return new Optimization.Loss(losses, locality == null ? null
                    : locality.loss(original, tuned, codes.get(index), distance, sampler, step));
        }

        @Override
        public boolean isReached() {
            return inARow >= batches();
        }
    }
}
