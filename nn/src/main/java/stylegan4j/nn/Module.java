package stylegan4j.nn;

import java.lang.System.Logger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import stylegan4j.kernels.DType;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.nn.checkpoint.StoredType;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * A part of a network: named parameters (trained), buffers (not trained, but saved) and child modules. Names are
 * joined by dots and come in the order of a PyTorch state dict: own parameters, own buffers, children.
 *
 * <p>A module's tensors belong to the scope that was open when it was built.
 */
public abstract class Module {
    private static final Logger LOG = System.getLogger("stylegan4j.nn");

    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final Map<String, Tensor> buffers = new LinkedHashMap<>();
    private final Map<String, Module> children = new LinkedHashMap<>();
    private final Scope home = Scope.current();
    private boolean training;

    /** Registers a trained tensor, and returns it. */
    protected final Tensor parameter(String name, Tensor value) {
        parameters.put(name, home.adopt(value));
        return value;
    }

    /** Registers a saved tensor that is not trained, and returns it. */
    protected final Tensor buffer(String name, Tensor value) {
        buffers.put(name, home.adopt(value));
        return value;
    }

    /** Registers a child, and returns it. */
    protected final <M extends Module> M child(String name, M module) {
        children.put(name, module);
        return module;
    }

    /** All parameters of this module and its children, by name. */
    public final Map<String, Tensor> parameters() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        collect("", all, false);
        return all;
    }

    /** All parameters and buffers, by name: what a checkpoint holds. */
    public final Map<String, Tensor> state() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        collect("", all, true);
        return all;
    }

    private void collect(String prefix, Map<String, Tensor> all, boolean withBuffers) {
        parameters.forEach((name, tensor) -> all.put(prefix + name, tensor));
        if (withBuffers) {
            buffers.forEach((name, tensor) -> all.put(prefix + name, tensor));
        }
        children.forEach((name, module) -> module.collect(prefix + name + ".", all, withBuffers));
    }

    /** Whether layers behave as in training (dropout, batch statistics, the update of w̄). Off at first. */
    public final boolean isTraining() {
        return training;
    }

    /** Switches this module and its children. */
    public final void training(boolean on) {
        training = on;
        children.values().forEach(m -> m.training(on));
    }

    /** Whether gradients are computed for every parameter. */
    public final void requiresGrad(boolean wanted) {
        parameters().values().forEach(p -> p.requiresGrad(wanted));
    }

    /** Forgets the gradients of every parameter. */
    public final void zeroGrad() {
        parameters().values().forEach(Tensor::zeroGrad);
    }

    /**
     * Copies values into this module's state; nothing is changed unless all fit. Values that are not finite are
     * accepted with a warning that names the tensor.
     *
     * @param values by this module's names
     * @throws IllegalArgumentException naming the tensor, if one is missing, unknown, or of another shape
     */
    public final void load(Map<String, StoredTensor> values) {
        Map<String, Tensor> state = state();
        Set<String> missing = new LinkedHashSet<>(state.keySet());
        missing.removeAll(values.keySet());
        Set<String> unknown = new LinkedHashSet<>(values.keySet());
        unknown.removeAll(state.keySet());
        if (!missing.isEmpty() || !unknown.isEmpty()) {
            throw new IllegalArgumentException(describe(missing, "missing") + (missing.isEmpty()
                    || unknown.isEmpty() ? "" : "; ") + describe(unknown, "unknown"));
        }
        state.forEach((name, tensor) -> requireShape(name, tensor, values.get(name)));
        Autograd.noGrad(() -> state.forEach((name, tensor) -> {
            StoredTensor value = values.get(name);
            warnUnlessFinite(name, value);
            if (value.dtype() == StoredType.F32 && tensor.type() == DType.F32) {
                tensor.assign(value.data());
                return;
            }
            try (var _ = Scope.open()) {
                tensor.assign(Tensor.of(value.toFloats(), tensor.shape()).to(tensor.type()));
            }
        }));
    }

    /** Copies this module's state to the host, as F32. */
    public final Map<String, StoredTensor> save() {
        Map<String, StoredTensor> saved = new LinkedHashMap<>();
        state().forEach((name, tensor) -> saved.put(name, StoredTensor.of(tensor.toArray(),
                Arrays.stream(tensor.shape()).asLongStream().toArray())));
        return saved;
    }

    private static void requireShape(String name, Tensor tensor, StoredTensor value) {
        long[] expected = Arrays.stream(tensor.shape()).asLongStream().toArray();
        if (!Arrays.equals(expected, value.shape())) {
            throw new IllegalArgumentException("tensor " + name + ": expected shape " + Arrays.toString(expected)
                    + ", got " + Arrays.toString(value.shape()));
        }
    }

    private static void warnUnlessFinite(String name, StoredTensor value) {
        long at = value.firstNonFinite();
        if (at >= 0) {
            LOG.log(Logger.Level.WARNING, "tensor {0}: element {1} is not finite", name, Long.toString(at));
        }
    }

    private static String describe(Set<String> names, String what) {
        if (names.isEmpty()) {
            return "";
        }
        String first = names.iterator().next();
        return what + " tensor " + first + (names.size() > 1 ? " and " + (names.size() - 1) + " more" : "");
    }
}
