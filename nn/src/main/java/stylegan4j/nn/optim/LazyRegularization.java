package stylegan4j.nn.optim;

/**
 * Adam for a loss of which one part, the regularisation, is computed only every so many iterations: the two steps that
 * such an iteration makes are to act as one would (Karras et al. 2020, arXiv 1912.04958, appendix B).
 *
 * @param interval iterations from one computation of the regularisation to the next
 */
public record LazyRegularization(int interval) {
    public LazyRegularization {
        if (interval < 1) {
            throw new IllegalArgumentException("lazyRegularization: interval expected at least 1, got " + interval);
        }
    }

    /** The exponent of the betas and the factor of the learning rate. */
    public double ratio() {
        return interval / (interval + 1.0);
    }

    public Adam correct(Adam adam) {
        return new Adam(Math.pow(adam.beta1(), ratio()), Math.pow(adam.beta2(), ratio()), adam.epsilon(),
                adam.weightDecay(), adam.decoupled());
    }

    public double correct(double learningRate) {
        return learningRate * ratio();
    }
}
