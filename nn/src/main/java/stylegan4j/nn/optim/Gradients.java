package stylegan4j.nn.optim;

import java.util.Collection;
import java.util.function.UnaryOperator;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Expression;
import stylegan4j.tensor.op.Pointwise;
import stylegan4j.tensor.op.Reductions;

/** What may be done to gradients between the backward pass and the step. Parameters without a gradient are left. */
public final class Gradients {
    private static final double HUGE = 1e5;
    private static final Pointwise FINITE = Pointwise.of("makeFinite",
            g -> g.equal(g).where(g, Expression.ZERO).clamp(-HUGE, HUGE));

    private Gradients() {
    }

    /**
     * Scales the gradients down to a common Euclidean norm of {@code most}, if it is larger
     * (torch.nn.utils.clip_grad_norm_).
     *
     * @return the norm before
     */
    public static double clipNorm(Collection<Tensor> parameters, double most) {
        double squares = 0;
        for (Tensor parameter : parameters) {
            if (parameter.grad() != null) {
                squares += squares(parameter.grad());
            }
        }
        double norm = Math.sqrt(squares);
        // The small number is PyTorch's; it keeps the quotient finite.
        double scale = most / (norm + 1e-6);
        if (scale < 1) {
            replaceEach(parameters, gradient -> gradient.mul(scale));
        }
        return norm;
    }

    /** Not-a-numbers become 0, and values beyond ±100000 that (stylegan2-ada-pytorch, {@code training_loop.py}). */
    public static void makeFinite(Collection<Tensor> parameters) {
        replaceEach(parameters, FINITE::apply);
    }

    private static double squares(Tensor gradient) {
        try (var _ = Scope.open()) {
            return Autograd.noGrad(() -> Reductions.sumOfSquares(gradient, false)).item();
        }
    }

    /** Gradients may share memory, so they are replaced and not changed in place. */
    private static void replaceEach(Collection<Tensor> parameters, UnaryOperator<Tensor> change) {
        Autograd.noGrad(() -> {
            for (Tensor parameter : parameters) {
                if (parameter.grad() != null) {
                    try (var _ = Scope.open()) {
                        parameter.replaceGrad(change.apply(parameter.grad()));
                    }
                }
            }
        });
    }
}
