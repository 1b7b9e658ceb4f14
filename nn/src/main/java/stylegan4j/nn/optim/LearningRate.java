package stylegan4j.nn.optim;

/** The learning rate of each step, counted from 0. */
@FunctionalInterface
public interface LearningRate {
    double at(long step);

    static LearningRate constant(double rate) {
        return step -> rate;
    }

    /** Multiplied by {@code factor} after every {@code interval} steps. */
    static LearningRate steps(double rate, long interval, double factor) {
        return step -> rate * Math.pow(factor, step / interval);
    }

    /** Multiplied by {@code factor} after each step. */
    static LearningRate exponential(double rate, double factor) {
        return step -> rate * Math.pow(factor, step);
    }

    /** {@code rate} up to step {@code start}, falling in a straight line to 0 at step {@code end} and staying there. */
    static LearningRate linearDecay(double rate, long start, long end) {
        return step -> rate * Math.clamp((end - step) / (double) Math.max(1, end - start), 0, 1);
    }

    /** Half a cosine from {@code rate} at step 0 to {@code least} at step {@code steps} and after. */
    static LearningRate cosine(double rate, double least, long steps) {
        return step -> least + (rate - least) * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, step / (double) steps)));
    }

    /**
     * Rises in a straight line, stays, and falls along half a cosine: the rule of the projector (stylegan2-ada-pytorch,
     * {@code projector.py}: 1000 steps, up over 0.05, down over 0.25).
     *
     * @param steps steps in all
     * @param rampUp share of the steps at the start
     * @param rampDown share of the steps at the end
     */
    static LearningRate ramped(double rate, long steps, double rampUp, double rampDown) {
        return step -> {
            double t = step / (double) steps;
            double down = 0.5 - 0.5 * Math.cos(Math.PI * Math.min(1, (1 - t) / rampDown));
            return rate * down * Math.min(1, t / rampUp);
        };
    }
}
