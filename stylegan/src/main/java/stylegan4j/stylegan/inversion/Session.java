package stylegan4j.stylegan.inversion;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;

/** One call of an inversion: its clock, its history, what its phases hand on, and the state it goes on from. */
final class Session {
    private static final String KEPT = "kept/";

    private final InversionRun run;
    private final InversionState saved;
    private final LossHistory history;
    private final Map<String, Tensor> kept = new LinkedHashMap<>();
    private final long start = System.nanoTime();
    private double before;

    Session(InversionRun run) {
        this.run = run;
        this.saved = run.journal().load();
        this.history = saved == null ? new LossHistory() : LossHistory.load(saved.tensors());
        this.before = saved == null ? 0 : saved.seconds();
        if (saved != null) {
            saved.tensors().forEach((name, tensor) -> {
                if (name.startsWith(KEPT)) {
                    kept.put(name.substring(KEPT.length()), tensor(tensor));
                }
            });
        }
    }

    InversionRun run() {
        return run;
    }

    LossHistory history() {
        return history;
    }

    double seconds() {
        return before + (System.nanoTime() - start) * 1e-9;
    }

    /** Whether the saved state is of this phase. */
    boolean resumesAt(String phase) {
        return saved != null && saved.phase().equals(phase);
    }

    /** The saved state, or null. */
    InversionState saved() {
        return saved;
    }

    /** What an earlier phase handed on, null if it has not run. */
    Tensor kept(String name) {
        return kept.get(name);
    }

    /** Gives a tensor that every state is to hold the values that the saved one has, if there is one. */
    void restore(String name, Tensor value) {
        Tensor before = kept.put(name, value);
        if (before != null) {
            Autograd.noGrad(() -> value.assign(before));
        }
    }

    /** Hands a result on to later phases. */
    void keep(String name, Tensor value) {
        kept.put(name, value);
    }

    /** Takes up the history and the time of another inversion that this one began with. */
    void follow(InversionResult first) {
        history.assign(first.history());
        before = first.seconds() - (System.nanoTime() - start) * 1e-9;
    }

    /** The state before {@code step}. */
    InversionState state(String phase, int step, Map<String, StoredTensor> values) {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>(values);
        kept.forEach((name, tensor) -> tensors.put(KEPT + name, stored(tensor)));
        tensors.putAll(history.save());
        return new InversionState(phase, step, seconds(), tensors);
    }

    static StoredTensor stored(Tensor tensor) {
        return StoredTensor.of(tensor.toArray(), Arrays.stream(tensor.shape()).asLongStream().toArray());
    }

    static Tensor tensor(StoredTensor stored) {
        return Tensor.of(stored.toFloats(), Arrays.stream(stored.shape()).mapToInt(Math::toIntExact).toArray());
    }
}
