package stylegan4j.nn.optim;

import java.util.List;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** How one parameter moves along its gradient. Rules hold constants only: what they remember is in the state. */
@FunctionalInterface
public interface UpdateRule {
    /**
     * Changes the parameter in place; called with recording off.
     *
     * @param gradient of the parameter's shape
     * @param state of this parameter; its step is counted already, so the first update sees 1
     */
    void update(Tensor parameter, Tensor gradient, ParameterState state, double learningRate);

    /** One of several updates: the arguments of {@link #update(Tensor, Tensor, ParameterState, double)}. */
    record Update(Tensor parameter, Tensor gradient, ParameterState state) {
    }

    /** Changes several parameters in place, each as if alone. */
    default void update(List<Update> updates, double learningRate) {
        for (Update u : updates) {
            try (var _ = Scope.open()) {
                update(u.parameter(), u.gradient(), u.state(), learningRate);
            }
        }
    }
}
