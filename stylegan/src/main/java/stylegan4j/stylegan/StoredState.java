package stylegan4j.stylegan;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Module;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.layout.Layout;
import stylegan4j.stylegan.layout.TensorRule;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** A stored network under our names, which remembers the file's for messages. */
final class StoredState {
    private final Path file;
    private final String part;
    private final Layout layout;
    private final Map<String, TensorRule> rules = new LinkedHashMap<>();
    private final Map<String, StoredTensor> stored;

    /**
     * @param part the network's key in the file, empty if it is the whole file
     * @param stored tensors by the file's names
     */
    StoredState(Path file, String part, Map<String, StoredTensor> stored, Layout layout, List<TensorRule> rules) {
        this.file = file;
        this.part = part;
        this.stored = stored;
        this.layout = layout;
        rules.forEach(rule -> this.rules.put(rule.name(), rule));
    }

    boolean has(String name) {
        TensorRule rule = rules.get(name);
        return rule != null && stored.containsKey(rule.stored());
    }

    /** One size of a tensor that has {@code rank} dimensions in the network. */
    int size(String name, int rank, int dim) throws CheckpointException {
        long[] shape = shape(name);
        if (shape == null || shape.length != rank) {
            TensorRule rule = rules.get(name);
            throw error(rule.stored(), "expected " + (rank + rule.leading() + rule.trailing())
                    + " dimensions, got shape " + Arrays.toString(stored.get(rule.stored()).shape()));
        }
        return Math.toIntExact(shape[dim]);
    }

    /** A tensor's shape in the network, or null if it has too few dimensions. */
    long[] shape(String name) throws CheckpointException {
        TensorRule rule = rules.get(name);
        if (!has(name)) {
            throw error(rule == null ? name : rule.stored(), "is missing");
        }
        return rule.networkShape(stored.get(rule.stored()).shape());
    }

    /** The values of a tensor. */
    float[] values(String name) {
        TensorRule rule = rules.get(name);
        return rule.toNetwork(stored.get(rule.stored())).toFloats();
    }

    /** Numbers i, from 0 on, for which {@code prefix + i + suffix} exists. */
    int count(String prefix, String suffix) {
        return (int) IntStream.iterate(0, i -> has(prefix + i + suffix), i -> i + 1).count();
    }

    /** The resolutions r from 4 on for which {@code prefix + r + suffix} exists; the largest. */
    int largestResolution(String prefix, String suffix) {
        int largest = 0;
        for (int r = Resolutions.LOWEST; r <= Resolutions.HIGHEST; r *= 2) {
            largest = has(prefix + r + suffix) ? r : largest;
        }
        return largest;
    }

    /**
     * Copies everything into a network.
     *
     * @param others values for tensors that the layout does not have
     * @throws CheckpointException naming the file's tensor that is missing, unknown or of another shape
     */
    void loadInto(Module network, Map<String, StoredTensor> others) throws CheckpointException {
        Map<String, StoredTensor> values = new LinkedHashMap<>();
        Set<String> unknown = new LinkedHashSet<>(stored.keySet());
        for (Map.Entry<String, Tensor> entry : network.state().entrySet()) {
            String name = entry.getKey();
            TensorRule rule = rules.get(name);
            if (has(name)) {
                unknown.remove(rule.stored());
                values.put(name, checked(rule, entry.getValue()));
            } else if (others.containsKey(name)) {
                values.put(name, others.get(name));
            } else if (layout.lacks(name)) {
                values.put(name, madeUp(name, entry.getValue()));
            } else {
                throw error(rule == null ? name : rule.stored(), "is missing");
            }
        }
        if (!unknown.isEmpty()) {
            throw error(unknown.iterator().next(), "is not part of such a network");
        }
        network.load(values);
    }

    /** Noise maps are drawn, as constructors do; what else may lack is right from the start. */
    private static StoredTensor madeUp(String name, Tensor initial) {
        try (var _ = Scope.open()) {
            Tensor value = name.endsWith("noise_const") ? Initializer.random(0).normal(initial.shape()) : initial;
            return StoredTensor.of(value.toArray(), shape(initial));
        }
    }

    private StoredTensor checked(TensorRule rule, Tensor target) throws CheckpointException {
        StoredTensor tensor = stored.get(rule.stored());
        long[] expected = rule.storedShape(shape(target));
        if (!Arrays.equals(expected, tensor.shape())) {
            throw error(rule.stored(), "expected shape " + Arrays.toString(expected) + ", got "
                    + Arrays.toString(tensor.shape()));
        }
        return rule.toNetwork(tensor);
    }

    private static long[] shape(Tensor tensor) {
        return Arrays.stream(tensor.shape()).asLongStream().toArray();
    }

    private CheckpointException error(String name, String reason) {
        return new CheckpointException(file, part.isEmpty() ? name : part + "/" + name, reason);
    }
}
