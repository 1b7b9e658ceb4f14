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
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** A golden case while it runs: hands out parameters and inputs, and takes the results. */
final class GoldenCase {
    /** The official {@code num_fp16_res}. */
    static final int HALF_RESOLUTIONS = 4;
    /** A power of two, so that it changes no result, that keeps gradients in binary16's range. */
    private static final double LOSS_FACTOR = 256;

    private final Manifest manifest;
    private final Checkpoint stored;
    private final Judge judge;
    private final DType features;
    private final Map<String, Manifest.Filled> inputs = new LinkedHashMap<>();
    private final Map<String, Manifest.Output> outputs = new LinkedHashMap<>();
    private final Set<String> checked = new HashSet<>();
    private final List<String> failures = new ArrayList<>();

    /** What becomes of a result. */
    @FunctionalInterface
    interface Judge {
        /**
         * @param got all elements
         * @param want all elements, or those of a sampled output
         * @return what is wrong, or null
         */
        String difference(Manifest.Output output, float[] got, float[] want);
    }

    GoldenCase(Manifest manifest, Path tensors) throws IOException {
        this(manifest, tensors, new Comparison(manifest.tolerance()), DType.F32);
    }

    /** @param features how the networks store the features of {@link #HALF_RESOLUTIONS} */
    GoldenCase(Manifest manifest, Path tensors, Judge judge, DType features) throws IOException {
        this.manifest = manifest;
        this.stored = Checkpoints.read(tensors);
        this.judge = judge;
        this.features = features;
        manifest.inputs().forEach(input -> inputs.put(input.name(), input));
        manifest.outputs().forEach(output -> outputs.put(output.name(), output));
    }

    Map<String, Object> config() {
        return manifest.config();
    }

    DType features() {
        return features;
    }

    /** What a loss is multiplied by before it is differentiated, and its gradients are divided by. */
    double lossFactor() {
        return features == DType.F32 ? 1 : LOSS_FACTOR;
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
            difference = judge.difference(output, got.toArray(), stored.tensor("out:" + name).toFloats());
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
