package stylegan4j.nn.optim;

import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Pointwise;

/**
 * Gradient descent, with momentum if wanted (torch.optim.SGD).
 *
 * @param momentum share kept of the running sum of gradients, 0 for none
 * @param nesterov whether the step looks one update ahead
 * @param weightDecay factor of the parameter that is added to the gradient
 */
public record Sgd(double momentum, boolean nesterov, double weightDecay) implements UpdateRule {
    private static final String BUFFER = "momentum_buffer";

    public Sgd {
        if (nesterov && momentum <= 0) {
            throw new IllegalArgumentException("sgd: Nesterov's step needs momentum");
        }
    }

    /** Nothing but the gradient. */
    public static Sgd plain() {
        return new Sgd(0, false, 0);
    }

    @Override
    public void update(Tensor parameter, Tensor gradient, ParameterState state, double learningRate) {
        Tensor g = weightDecay == 0 ? gradient : gradient.add(parameter.mul(weightDecay));
        if (momentum != 0) {
            Tensor sum = state.tensor(BUFFER, () -> Tensor.zeros(parameter.shape()));
            Pointwise.of("momentum", (s, next) -> s.mul(momentum).add(next)).assign(sum, sum, g);
            g = nesterov ? g.add(sum.mul(momentum)) : sum;
        }
        Pointwise.of("sgd", (p, d) -> p.sub(d.mul(learningRate))).assign(parameter, parameter, g);
    }
}
