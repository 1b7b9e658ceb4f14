package stylegan4j.tensor;

import java.util.function.Supplier;
import stylegan4j.kernels.Backend;
import stylegan4j.kernels.Recording;

/**
 * A computation that a GPU has recorded and runs again by one call, so that starting its hundreds of kernels costs
 * nothing: a synthesis, or an optimisation step up to its gradients.
 *
 * <pre>
 * Tensor w = …;                                            // written between replays, by assign
 * Graph graph = device.graph(() -> generator.synthesis(w));
 * w.assign(next);
 * Tensor picture = graph.replay();
 * </pre>
 *
 * <p>A replay repeats the same kernels on the same memory. So inputs change by {@link Tensor#assign}, in place; shapes,
 * host numbers (learning rates, seeds of random numbers) and whatever was derived from tensors that need no gradient
 * are those of the recording. Gradients that the computation leaves in {@link Tensor#grad()} are written anew by each
 * replay, for an optimiser that steps outside: let the computation begin with {@code zeroGrad}.
 *
 * <p>On a device that cannot record, a replay computes as usual: the same program runs everywhere.
 */
public final class Graph implements AutoCloseable {
    private final Supplier<Tensor> body;
    private final Tensor result;
    private final Recording recording;

    private Graph(Supplier<Tensor> body, Tensor result, Recording recording) {
        this.body = body;
        this.result = result;
        this.recording = recording;
    }

    /** Computes once as usual, which fills every cache, then records. */
    static Graph of(Backend backend, Supplier<Tensor> body) {
        Tensor result = Scope.local(() -> {
            Tensor value = body.get();
            return Autograd.noGrad(() -> Tensor.zeros(value.shape()).assign(value));
        });
        if (!backend.canRecord()) {
            return new Graph(body, result, null);
        }
        return new Graph(body, result, backend.record(() -> compute(body, result)));
    }

    /**
     * Computes anew from what the inputs hold now.
     *
     * @return always the same tensor, which the next replay overwrites
     */
    public Tensor replay() {
        if (recording == null) {
            compute(body, result);
        } else {
            recording.replay();
        }
        return result;
    }

    /** The result of the last computation, without gradient. */
    public Tensor result() {
        return result;
    }

    private static void compute(Supplier<Tensor> body, Tensor result) {
        try (var _ = Scope.open()) {
            Tensor value = body.get();
            Autograd.noGrad(() -> result.assign(value));
        }
    }

    /** Frees the memory that only the recording used; {@link #result} stays. */
    @Override
    public void close() {
        if (recording != null) {
            recording.close();
        }
    }
}
