package stylegan4j.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import stylegan4j.tensor.op.Views;

/** Gradients by computing again: of kernels that stand for a composite, and of stages whose memory is to be saved. */
public final class Recomputation {
    private Recomputation() {
    }

    /**
     * Gradient checkpointing: computes {@code body} without recording and keeps nothing but its inputs and result; the
     * backward pass computes it once more, recorded. Memory falls by what the body's intermediate results take.
     *
     * @param inputs everything that gradients are wanted for, parameters too
     * @param body to give the same result each time
     */
    public static Tensor checkpoint(List<Tensor> inputs, Function<List<Tensor>, Tensor> body) {
        Tensor y = Autograd.noGrad(() -> Scope.local(() -> body.apply(inputs)));
        // The body may hand an input on: the graph needs a tensor that it can attach history to.
        Tensor own = y.detach();
        Tensor[] all = inputs.toArray(Tensor[]::new);
        return Node.record("checkpoint", own, all).saves(all)
                .gradient((dy, node) -> gradients(node, all, xs -> body.apply(List.of(xs)), dy));
    }

    /**
     * Differentiates {@code body} at {@code inputs} (some may be null). It is applied to aliases, which as values of
     * their own in the graph yield partial derivatives, connected to the inputs' own histories.
     */
    public static Tensor[] gradients(Node node, Tensor[] inputs, Function<Tensor[], Tensor> body, Tensor dy) {
        boolean connected = Autograd.enabled();
        return Autograd.recorded(() -> {
            Tensor[] own = new Tensor[inputs.length];
            for (int i = 0; i < inputs.length; i++) {
                own[i] = inputs[i] == null ? null : Views.identity(inputs[i]);
            }
            List<Tensor> wanted = new ArrayList<>();
            for (int i = 0; i < inputs.length; i++) {
                if (node.needs(i)) {
                    wanted.add(own[i]);
                }
            }
            List<Tensor> found = Autograd.grad(body.apply(own), wanted, dy, connected, connected);
            Tensor[] gradients = new Tensor[inputs.length];
            int next = 0;
            for (int i = 0; i < inputs.length; i++) {
                gradients[i] = node.needs(i) ? found.get(next++) : null;
            }
            return gradients;
        });
    }
}
