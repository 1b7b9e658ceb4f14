package stylegan4j.nn.optim;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** What update rules remember of one parameter: how often it was updated, and named tensors, as torch names them. */
public final class ParameterState {
    private final Scope home;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private long step;

    ParameterState(Scope home, long step) {
        this.home = home;
        this.step = step;
    }

    /** Number of updates, the running one included. */
    public long step() {
        return step;
    }

    /** The tensor of this name; {@code initial}, which is taken over, where there is none yet. */
    public Tensor tensor(String name, Supplier<Tensor> initial) {
        return tensors.computeIfAbsent(name, n -> home.adopt(initial.get()));
    }

    void count() {
        step++;
    }

    Map<String, Tensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    void close() {
        tensors.values().forEach(Tensor::close);
    }
}
