package stylegan4j.stylegan.train;

import java.util.function.UnaryOperator;
import stylegan4j.stylegan.train.augment.AugmentDraws;
import stylegan4j.stylegan.train.augment.AugmentPipe;
import stylegan4j.stylegan.train.augment.AugmentSpec;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/**
 * Augments what the discriminator sees, and adapts the strength: up while it is surer of real pictures than the target,
 * down while it is less sure (arXiv 2006.06676, section 3.1; stylegan2-ada-pytorch, {@code training_loop.py}).
 */
final class AdaptiveAugment implements UnaryOperator<Tensor> {
    /** Iterations from one adjustment to the next. */
    private static final int INTERVAL = 4;

    /** Thousands of pictures in which the strength may go from 0 to 1. */
    private static final int SPEED_KIMG = 500;

    private final AugmentOptions options;
    private final AugmentPipe pipe;
    private double signs;
    private long judged;

    /**
     * What it remembers.
     *
     * @param strength probability of each augmentation
     * @param signs sum of the signs of logits since the last adjustment
     * @param judged how many those were
     */
    record State(double strength, double signs, long judged) {
    }

    AdaptiveAugment(AugmentOptions options, RandomNumbers numbers) {
        this.options = options;
        this.pipe = new AugmentPipe(AugmentSpec.named(options.pipe()), AugmentDraws.of(numbers));
        pipe.strength(options.mode() == AugmentOptions.Mode.NOAUG ? 0 : options.strength());
    }

    @Override
    public Tensor apply(Tensor pictures) {
        return options.mode() == AugmentOptions.Mode.NOAUG ? pictures : pipe.apply(pictures);
    }

    double strength() {
        return pipe.strength();
    }

    /** Takes note of the logits of real pictures. */
    void judged(float[] logits) {
        if (options.mode() != AugmentOptions.Mode.ADA) {
            return;
        }
        for (float logit : logits) {
            signs += Math.signum(logit);
        }
        judged += logits.length;
    }

    /** To be called after every iteration, counted from 0. */
    void adapt(long iteration, int batch) {
        if (options.mode() == AugmentOptions.Mode.ADA && iteration % INTERVAL == 0 && judged > 0) {
            double direction = Math.signum(signs / judged - options.target());
            pipe.strength(Math.max(0, pipe.strength() + direction * batch * INTERVAL / (SPEED_KIMG * 1000.0)));
            signs = 0;
            judged = 0;
        }
    }

    State state() {
        return new State(pipe.strength(), signs, judged);
    }

    void restore(State state) {
        // A strength that is fixed, or none, is the options' affair, which may have changed.
        if (options.mode() == AugmentOptions.Mode.ADA) {
            pipe.strength(state.strength());
            signs = state.signs();
            judged = state.judged();
        }
    }
}
