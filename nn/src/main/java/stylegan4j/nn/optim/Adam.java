package stylegan4j.nn.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import stylegan4j.kernels.AdamStep;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.AdamUpdate;

/**
 * Adam (Kingma and Ba 2015; torch.optim.Adam) and AdamW (Loshchilov and Hutter 2019; torch.optim.AdamW).
 *
 * @param beta1 share kept of the moving average of the gradient
 * @param beta2 share kept of the moving average of its square
 * @param epsilon added to the root of the second average
 * @param weightDecay factor of the parameter that is added to the gradient or, decoupled, taken off the parameter
 * @param decoupled whether the decay goes around the moments (AdamW)
 */
public record Adam(double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled)
        implements UpdateRule {
    static final String MEAN = "exp_avg";
    static final String SQUARE = "exp_avg_sq";

    private static final double EPSILON = 1e-8;

    /** Adam without weight decay, epsilon 1e-8. */
    public static Adam of(double beta1, double beta2) {
        return new Adam(beta1, beta2, EPSILON, 0, false);
    }

    /** AdamW, epsilon 1e-8. */
    public static Adam decoupled(double beta1, double beta2, double weightDecay) {
        return new Adam(beta1, beta2, EPSILON, weightDecay, true);
    }

    @Override
    public void update(Tensor parameter, Tensor gradient, ParameterState state, double learningRate) {
        apply(parameter, gradient, state, stepOf(state, learningRate));
    }

    /** Parameters that are at the same step go together. */
    @Override
    public void update(List<Update> updates, double learningRate) {
        Map<AdamStep, List<AdamUpdate.Target>> bySteps = new LinkedHashMap<>();
        for (Update u : updates) {
            bySteps.computeIfAbsent(stepOf(u.state(), learningRate), step -> new ArrayList<>())
                    .add(target(u.parameter(), u.gradient(), u.state()));
        }
        bySteps.forEach((step, targets) -> AdamUpdate.apply(targets, step));
    }

    private AdamStep stepOf(ParameterState state, double learningRate) {
        double stepSize = learningRate / (1 - Math.pow(beta1, state.step()));
        double rootScale = 1 / Math.sqrt(1 - Math.pow(beta2, state.step()));
        return AdamStep.of(beta1, beta2, stepSize, rootScale, epsilon, decoupled ? 0 : weightDecay,
                decoupled ? 1 - learningRate * weightDecay : 1);
    }

    static void apply(Tensor parameter, Tensor gradient, ParameterState state, AdamStep step) {
        AdamUpdate.apply(List.of(target(parameter, gradient, state)), step);
    }

    private static AdamUpdate.Target target(Tensor parameter, Tensor gradient, ParameterState state) {
        return new AdamUpdate.Target(parameter, gradient, state.tensor(MEAN, () -> Tensor.zeros(parameter.shape())),
                state.tensor(SQUARE, () -> Tensor.zeros(parameter.shape())));
    }
}
