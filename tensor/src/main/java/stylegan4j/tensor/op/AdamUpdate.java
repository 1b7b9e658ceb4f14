package stylegan4j.tensor.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import stylegan4j.kernels.AdamStep;
import stylegan4j.kernels.AdamTarget;
import stylegan4j.kernels.DType;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** Adam's update of parameters and their moments, in place. */
public final class AdamUpdate {
    private AdamUpdate() {
    }

    /**
     * One pass over memory; a parameter that is a half type or not dense takes {@link #composite}.
     *
     * @param mean moving average of the gradient, dense F32
     * @param square moving average of the gradient's square, dense F32
     * @throws IllegalArgumentException if shapes differ
     */
    public static void apply(Tensor parameter, Tensor gradient, Tensor mean, Tensor square, AdamStep step) {
        apply(List.of(new Target(parameter, gradient, mean, square)), step);
    }

    /** A parameter, its gradient and its moments, as for {@link #apply(Tensor, Tensor, Tensor, Tensor, AdamStep)}. */
    public record Target(Tensor parameter, Tensor gradient, Tensor mean, Tensor square) {
    }

    /**
     * The same for several parameters of one device, which may do all of them at once.
     *
     * @throws IllegalArgumentException if shapes differ
     */
    public static void apply(List<Target> targets, AdamStep step) {
        targets.forEach(AdamUpdate::check);
        Autograd.noGrad(() -> {
            try (var _ = Scope.open()) {
                List<AdamTarget> dense = new ArrayList<>();
                for (Target t : targets) {
                    if (t.parameter().type() == DType.F32 && t.parameter().isContiguous()) {
                        dense.add(new AdamTarget(t.parameter().array(), Operands.dense("adam", t.gradient()).array(),
                                t.mean().array(), t.square().array()));
                    } else {
                        composite(t.parameter(), t.gradient(), t.mean(), t.square(), step);
                    }
                }
                if (!dense.isEmpty()) {
                    targets.getFirst().parameter().backend().adam(dense, step);
                }
            }
        });
        for (Target t : targets) {
            t.parameter().written();
            t.mean().written();
            t.square().written();
        }
    }

    private static void check(Target target) {
        for (Tensor t : new Tensor[] {target.gradient(), target.mean(), target.square()}) {
            if (!Arrays.equals(t.shape(), target.parameter().shape())) {
                throw new IllegalArgumentException("adam: parameter " + target.parameter().describe()
                        + ", gradient and moments "
                        + Operands.shapes(target.gradient(), target.mean(), target.square()));
            }
        }
    }

    /** The same made of plain operations. */
    public static void composite(Tensor parameter, Tensor gradient, Tensor mean, Tensor square, AdamStep step) {
        Autograd.noGrad(() -> {
            try (var _ = Scope.open()) {
                Tensor g = gradient.add(parameter.mul(step.gradientDecay()));
                mean.assign(mean.mul(step.meanKept()).add(g.mul(step.meanShare())));
                square.assign(square.mul(step.squareKept()).add(g.square().mul(step.squareShare())));
                Tensor root = square.sqrt().mul(step.rootScale()).add(step.epsilon());
                parameter.assign(parameter.mul(step.parameterKept()).sub(mean.div(root).mul(step.stepSize())));
            }
        });
    }
}
