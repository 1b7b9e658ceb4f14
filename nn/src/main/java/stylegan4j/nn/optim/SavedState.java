package stylegan4j.nn.optim;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.nn.checkpoint.StoredType;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * An optimiser's state as a checkpoint's entries: {@code learning_rate} (F64), and for each updated parameter
 * {@code NAME.step} (I64) and its tensors ({@code NAME.exp_avg}, …).
 */
final class SavedState {
    private static final String LEARNING_RATE = "learning_rate";
    private static final String STEP = "step";
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private SavedState() {
    }

    static Map<String, StoredTensor> write(Map<String, ParameterState> states, double learningRate) {
        Map<String, StoredTensor> saved = new LinkedHashMap<>();
        saved.put(LEARNING_RATE, scalar(StoredType.F64, Double.doubleToRawLongBits(learningRate)));
        states.forEach((name, state) -> {
            saved.put(name + "." + STEP, scalar(StoredType.I64, state.step()));
            state.tensors().forEach((key, tensor) -> saved.put(name + "." + key,
                    StoredTensor.of(tensor.toArray(), longs(tensor.shape()))));
        });
        return saved;
    }

    static double learningRate(Map<String, StoredTensor> saved) {
        return Double.longBitsToDouble(bits(saved, LEARNING_RATE, StoredType.F64));
    }

    static Map<String, ParameterState> read(Map<String, StoredTensor> saved, Map<String, Tensor> parameters,
                                            Scope home) {
        saved.forEach((key, value) -> check(key, value, parameters));
        Map<String, ParameterState> states = new LinkedHashMap<>();
        saved.forEach((key, value) -> {
            if (!key.equals(LEARNING_RATE)) {
                String name = owner(key);
                ParameterState state = states.computeIfAbsent(name,
                        n -> new ParameterState(home, bits(saved, n + "." + STEP, StoredType.I64)));
                if (!key.endsWith("." + STEP)) {
                    state.tensor(key.substring(name.length() + 1),
                            () -> Tensor.of(value.toFloats(), parameters.get(name).shape()));
                }
            }
        });
        return states;
    }

    private static void check(String key, StoredTensor value, Map<String, Tensor> parameters) {
        if (key.equals(LEARNING_RATE)) {
            return;
        }
        Tensor parameter = parameters.get(owner(key));
        if (parameter == null) {
            throw new IllegalArgumentException("optimizer: state " + key + " belongs to no parameter");
        }
        if (!key.endsWith("." + STEP) && !Arrays.equals(value.shape(), longs(parameter.shape()))) {
            throw new IllegalArgumentException("optimizer: state " + key + ": expected shape "
                    + Arrays.toString(parameter.shape()) + ", got " + Arrays.toString(value.shape()));
        }
    }

    private static String owner(String key) {
        return key.substring(0, Math.max(0, key.lastIndexOf('.')));
    }

    private static long bits(Map<String, StoredTensor> saved, String key, StoredType type) {
        StoredTensor value = saved.get(key);
        if (value == null || value.dtype() != type || value.elements() != 1) {
            throw new IllegalArgumentException("optimizer: state " + key + ": expected one " + type + ", got "
                    + (value == null ? "nothing" : value));
        }
        return value.data().get(LONG, 0);
    }

    private static StoredTensor scalar(StoredType type, long bits) {
        MemorySegment data = Arena.ofAuto().allocate(Long.BYTES);
        data.set(LONG, 0, bits);
        return StoredTensor.of(type, data);
    }

    private static long[] longs(int[] shape) {
        return Arrays.stream(shape).asLongStream().toArray();
    }
}
