package stylegan4j.nn.optim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * Updates named parameters by a rule. What it remembers belongs to the scope that was open when it was built, and can
 * be saved and loaded, so that a training goes on to the same bytes.
 */
public final class Optimizer {
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final UpdateRule rule;
    private final Scope home = Scope.current();
    private Map<String, ParameterState> states = new LinkedHashMap<>();
    private double learningRate;

    /** @param parameters by name; a tensor that several names share goes by its first */
    public Optimizer(Map<String, Tensor> parameters, UpdateRule rule, double learningRate) {
        Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        parameters.forEach((name, tensor) -> {
            if (seen.add(tensor)) {
                this.parameters.put(name, tensor);
            }
        });
        this.rule = rule;
        this.learningRate = learningRate;
    }

    public double learningRate() {
        return learningRate;
    }

    /** To be set from a {@link LearningRate} before each step. */
    public void learningRate(double rate) {
        learningRate = rate;
    }

    /** Updates each parameter that has a gradient. */
    public void step() {
        List<UpdateRule.Update> updates = new ArrayList<>();
        parameters.forEach((name, parameter) -> {
            if (parameter.grad() != null) {
                ParameterState state = states.computeIfAbsent(name, n -> new ParameterState(home, 0));
                state.count();
                updates.add(new UpdateRule.Update(parameter, parameter.grad(), state));
            }
        });
        Autograd.noGrad(() -> rule.update(updates, learningRate));
    }

    /** Forgets the gradients of every parameter. */
    public void zeroGrad() {
        parameters.values().forEach(Tensor::zeroGrad);
    }

    /** Everything the next step depends on but the parameters: see {@link SavedState} for the names. */
    public Map<String, StoredTensor> save() {
        return SavedState.write(states, learningRate);
    }

    /**
     * Goes on from a saved state; nothing is changed unless all of it fits.
     *
     * @throws IllegalArgumentException naming the entry, if one is missing, malformed, of an unknown parameter or of
     *     another shape
     */
    public void load(Map<String, StoredTensor> saved) {
        double rate = SavedState.learningRate(saved);
        Map<String, ParameterState> loaded = SavedState.read(saved, parameters, home);
        states.values().forEach(ParameterState::close);
        states = loaded;
        learningRate = rate;
    }
}
