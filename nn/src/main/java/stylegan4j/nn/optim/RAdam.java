package stylegan4j.nn.optim;

import stylegan4j.kernels.AdamStep;
import stylegan4j.tensor.Tensor;

/**
 * Rectified Adam (Liu et al. 2020, arXiv 1908.03265; torch.optim.RAdam): without the second moment until its variance
 * can be told, then with a step that grows to Adam's.
 *
 * @param weightDecay factor of the parameter that is added to the gradient or, decoupled, taken off the parameter
 */
public record RAdam(double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled)
        implements UpdateRule {
    /** Length of the approximated moving average from which on the variance is taken as known. */
    private static final double THRESHOLD = 5;

    /** Without weight decay, epsilon 1e-8. */
    public static RAdam of(double beta1, double beta2) {
        return new RAdam(beta1, beta2, 1e-8, 0, false);
    }

    @Override
    public void update(Tensor parameter, Tensor gradient, ParameterState state, double learningRate) {
        double beta2Power = Math.pow(beta2, state.step());
        double most = 2 / (1 - beta2) - 1;
        double length = most - 2 * state.step() * beta2Power / (1 - beta2Power);
        double stepSize = learningRate / (1 - Math.pow(beta1, state.step()));
        double gradientDecay = decoupled ? 0 : weightDecay;
        double kept = decoupled ? 1 - learningRate * weightDecay : 1;
        if (length > THRESHOLD) {
            double rectification = Math.sqrt((length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length));
            Adam.apply(parameter, gradient, state, AdamStep.of(beta1, beta2,
                    stepSize * rectification * Math.sqrt(1 - beta2Power), 1, epsilon, gradientDecay, kept));
        } else {
            // A denominator of 0·√v + 1.
            Adam.apply(parameter, gradient, state,
                    AdamStep.of(beta1, beta2, stepSize, 0, 1, gradientDecay, kept));
        }
    }
}
