package stylegan4j.golden;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import stylegan4j.kernels.NdArray;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** A golden case while it runs: hands out parameters and inputs, and takes the results. */
final class GoldenCase {
    private final Manifest manifest;
    private final Checkpoint stored;
    private final Comparison comparison;
    private final Map<String, Manifest.Filled> inputs = new LinkedHashMap<>();
    private final Map<String, Manifest.Output> outputs = new LinkedHashMap<>();
    private final Set<String> checked = new HashSet<>();
    private final List<String> failures = new ArrayList<>();

    GoldenCase(Manifest manifest, Path tensors) throws IOException {
        this.manifest = manifest;
        this.stored = Checkpoints.read(tensors);
        this.comparison = new Comparison(manifest.tolerance());
        manifest.inputs().forEach(input -> inputs.put(input.name(), input));
        manifest.outputs().forEach(output -> outputs.put(output.name(), output));
    }

    Map<String, Object> config() {
        return manifest.config();
    }

    int integer(String key) {
        return ((Number) manifest.config().get(key)).intValue();
    }

    /** The list {@code configs} of cases that hold many small ones. */
    @SuppressWarnings("unchecked")
    List<Map<String, Object>> configs() {
        return (List<Map<String, Object>>) manifest.config().get("configs");
    }

    /** All parameters and buffers by their official names. */
    Map<String, StoredTensor> parameters() throws IOException {
        Map<String, StoredTensor> all = new LinkedHashMap<>();
        for (Manifest.Filled p : manifest.parameters()) {
            all.put(p.name(), p.constant() != null ? stored.tensor(p.constant()) : StoredTensor.of(
                    values(":param:", p), Arrays.stream(p.shape()).asLongStream().toArray()));
        }
        return all;
    }

    boolean hasInput(String name) {
        return inputs.containsKey(name);
    }

    Tensor input(String name) {
        Manifest.Filled input = inputs.get(name);
        if (input == null) {
            throw new IllegalArgumentException(manifest.name() + " has no input " + name);
        }
        return Tensor.of(values(":input:", input), input.shape());
    }

    private float[] values(String kind, Manifest.Filled filled) {
        return Formula.fill(manifest.salt() + kind + filled.name(), Math.toIntExact(NdArray.numel(filled.shape())),
                filled.offset(), filled.scale());
    }

    boolean wants(String output) {
        return outputs.containsKey(output);
    }

    int[] shape(String output) {
        return outputs.get(output).shape();
    }

    /** Names of wanted outputs that start so, without that start. */
    List<String> wanted(String prefix) {
        return outputs.keySet().stream().filter(n -> n.startsWith(prefix)).map(n -> n.substring(prefix.length()))
                .toList();
    }

    /** Compares a result, if the case has it. */
    void check(String name, Tensor got) throws IOException {
        Manifest.Output output = outputs.get(name);
        if (output == null) {
            return;
        }
        checked.add(name);
        if (!Arrays.equals(got.shape(), output.shape())) {
            failures.add(name + ": expected shape " + Arrays.toString(output.shape()) + ", got " + got.describe());
            return;
        }
        String difference;
        try (var _ = Scope.open()) {
            difference = comparison.difference(output, got.toArray(), stored.tensor("out:" + name).toFloats());
        }
        if (difference != null) {
            failures.add(name + ": " + difference);
        }
    }

    /** Fails with all that did not agree, and all that was not computed. */
    void finish() {
        outputs.keySet().stream().filter(name -> !checked.contains(name))
                .forEach(name -> failures.add(name + ": not computed"));
        if (!failures.isEmpty()) {
            throw new AssertionError(manifest.name() + ": " + failures.size() + " of " + outputs.size()
                    + " outputs disagree\n  " + String.join("\n  ", failures));
        }
    }
}
