package stylegan4j.nn.optim;

import java.util.Arrays;
import stylegan4j.tensor.Tensor;

/**
 * Another rule, fed with gradients whose mean over everything but the first dimension is zero, for weights of
 * convolutions and linear layers (Yong et al. 2020, arXiv 2004.01461).
 */
public record GradientCentralization(UpdateRule inner) implements UpdateRule {
    @Override
    public void update(Tensor parameter, Tensor gradient, ParameterState state, double learningRate) {
        inner.update(parameter, centred(gradient), state, learningRate);
    }

    private static Tensor centred(Tensor gradient) {
        if (gradient.rank() < 2) {
            return gradient;
        }
        int[] dims = new int[gradient.rank() - 1];
        Arrays.setAll(dims, i -> i + 1);
        return gradient.sub(gradient.meanKeep(dims));
    }
}
