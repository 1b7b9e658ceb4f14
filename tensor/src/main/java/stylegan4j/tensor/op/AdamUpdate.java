package stylegan4j.tensor.op;

import java.util.Arrays;
import stylegan4j.kernels.AdamStep;
import stylegan4j.kernels.DType;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** Adam's update of a parameter and its moments, in place. */
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
        for (Tensor t : new Tensor[] {gradient, mean, square}) {
            if (!Arrays.equals(t.shape(), parameter.shape())) {
                throw new IllegalArgumentException("adam: parameter " + parameter.describe()
                        + ", gradient and moments " + Operands.shapes(gradient, mean, square));
            }
        }
        if (parameter.type() != DType.F32 || !parameter.isContiguous()) {
            composite(parameter, gradient, mean, square, step);
            return;
        }
        Autograd.noGrad(() -> {
            try (var _ = Scope.open()) {
                parameter.backend().adam(parameter.array(), Operands.dense("adam", gradient).array(), mean.array(),
                        square.array(), step);
            }
        });
        parameter.written();
        mean.written();
        square.written();
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
