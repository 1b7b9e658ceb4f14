package stylegan4j.stylegan.inversion;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.Safetensors;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.nn.checkpoint.StoredType;
import stylegan4j.stylegan.Fingerprint;
import stylegan4j.stylegan.Generator;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * Tuned weights as a small file that goes with the network they were tuned from: a safetensors file of the tensors that
 * differ, with {@code format} and {@code base} (the SHA-256 of that network's tensors) in its metadata.
 *
 * <p>{@link Precision#HALF} stores differences as F16; the weights come back with an error of about 1/4096 of their
 * change, and whoever reads the file gets the same ones. {@link Precision#EXACT} stores differences of the bit patterns
 * as I32; the weights come back bit by bit.
 */
public final class TunedWeights {
    private static final String FORMAT = "stylegan4j tuned weights 1";
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** How differences are stored. */
    public enum Precision {
        /** Two bytes a weight. */
        HALF,
        /** Four bytes a weight, without loss. */
        EXACT
    }

    private TunedWeights() {
    }

    /**
     * Writes what distinguishes a generator from the one it was tuned from.
     *
     * @throws IllegalArgumentException if they are not of one make, or a weight is not finite
     */
    public static void write(Path file, Generator base, Generator tuned, Precision precision) throws IOException {
        Map<String, Tensor> before = base.state();
        Map<String, Tensor> after = tuned.state();
        if (!before.keySet().equals(after.keySet())) {
            throw new IllegalArgumentException("tuned weights: the two generators are not of one make");
        }
        Map<String, StoredTensor> differences = new LinkedHashMap<>();
        before.forEach((name, tensor) -> {
            float[] from = tensor.toArray();
            float[] to = after.get(name).toArray();
            if (from.length != to.length) {
                throw new IllegalArgumentException("tuned weights: " + name + " is " + tensor.describe() + " in one, "
                        + after.get(name).describe() + " in the other");
            }
            if (!Arrays.equals(from, to)) {
                differences.put(name, difference(name, from, to, precision, tensor.shape()));
            }
        });
        Safetensors.write(file, differences, Map.of("format", FORMAT, "base", fingerprint(base)));
    }

    private static StoredTensor difference(String name, float[] from, float[] to, Precision precision, int[] shape) {
        boolean half = precision == Precision.HALF;
        MemorySegment data = Arena.ofAuto().allocate(half ? 2L * to.length : 4L * to.length, 8);
        for (int i = 0; i < to.length; i++) {
            if (!half) {
                data.set(INT, 4L * i, Float.floatToRawIntBits(to[i]) - Float.floatToRawIntBits(from[i]));
                continue;
            }
            short difference = Float.floatToFloat16(to[i] - from[i]);
            if (!Float.isFinite(Float.float16ToFloat(difference))) {
                throw new IllegalArgumentException("tuned weights: " + name + ": element " + i + " went from "
                        + from[i] + " to " + to[i] + ", too far for half precision");
            }
            data.set(SHORT, 2L * i, difference);
        }
        return StoredTensor.of(half ? StoredType.F16 : StoredType.I32, data,
                Arrays.stream(shape).asLongStream().toArray());
    }

    /**
     * A copy of the base, in the open scope, with the weights of a file.
     *
     * @throws CheckpointException if it is not such a file, or belongs to another network
     */
    public static Generator read(Path file, Generator base) throws IOException {
        Checkpoint checkpoint = Checkpoints.read(file);
        if (!FORMAT.equals(checkpoint.metadata().get("format"))) {
            throw new CheckpointException(file, "holds no tuned weights");
        }
        if (!fingerprint(base).equals(checkpoint.metadata().get("base"))) {
            throw new CheckpointException(file, "was tuned from another network than the given one");
        }
        Generator tuned = base.copy();
        Map<String, Tensor> state = tuned.state();
        for (Map.Entry<String, StoredTensor> entry : checkpoint.tensors().entrySet()) {
            StoredTensor difference = entry.getValue();
            Tensor tensor = state.get(entry.getKey());
            if (tensor == null || tensor.numel() != difference.elements()
                    || difference.dtype() != StoredType.F16 && difference.dtype() != StoredType.I32) {
                throw new CheckpointException(file, entry.getKey(), tensor == null ? "not in the network"
                        : "expected F16 or I32 differences of " + tensor.describe() + ", got " + difference);
            }
            try (var _ = Scope.open()) {
                Tensor value = Tensor.of(applied(tensor.toArray(), difference), tensor.shape());
                Autograd.noGrad(() -> tensor.assign(value));
            }
        }
        return tuned;
    }

    private static float[] applied(float[] values, StoredTensor difference) {
        if (difference.dtype() == StoredType.F16) {
            float[] change = difference.toFloats();
            for (int i = 0; i < values.length; i++) {
                values[i] += change[i];
            }
            return values;
        }
        MemorySegment data = difference.data();
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) + data.get(INT, 4L * i));
        }
        return values;
    }

    /** See {@link Fingerprint#of}. */
    public static String fingerprint(Generator generator) {
        return Fingerprint.of(generator);
    }
}
