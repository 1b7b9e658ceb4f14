package stylegan4j.nn.optim;

import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Pointwise;

/**
 * Steps of another rule, and after every so many a step back towards where they began (Zhang et al. 2019, arXiv
 * 1907.08610).
 *
 * @param inner the rule of the fast weights
 * @param alpha how far the slow weights follow the fast ones, 0 … 1
 * @param interval fast steps to a slow one
 */
public record Lookahead(UpdateRule inner, double alpha, int interval) implements UpdateRule {
    private static final String SLOW = "slow_buffer";

    public Lookahead {
        if (!(alpha >= 0 && alpha <= 1) || interval < 1) {
            throw new IllegalArgumentException("lookahead: alpha expected 0..1 and interval at least 1, got " + alpha
                    + " and " + interval);
        }
    }

    @Override
    public void update(Tensor parameter, Tensor gradient, ParameterState state, double learningRate) {
        Tensor slow = state.tensor(SLOW, () -> parameter.mul(1));
        inner.update(parameter, gradient, state, learningRate);
        if (state.step() % interval == 0) {
            Pointwise.of("lookahead", (s, fast) -> s.add(fast.sub(s).mul(alpha))).assign(slow, slow, parameter);
            parameter.assign(slow);
        }
    }
}
