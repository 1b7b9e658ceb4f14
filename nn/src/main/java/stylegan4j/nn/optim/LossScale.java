package stylegan4j.nn.optim;

import java.util.Collection;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Reductions;

/**
 * Keeps gradients that travel as binary16 from vanishing below its range: the loss is multiplied by a power of two, and
 * the gradients are divided by it. A step whose gradients are not finite is left out, and the factor halved; after
 * 2000 good steps in a row it is doubled (the rule and the numbers of torch.amp.GradScaler).
 */
public final class LossScale {
    private static final float FIRST = 0x1p16f;
    private static final float MOST = 0x1p24f;
    private static final int PATIENCE = 2000;

    private float factor = FIRST;
    private int goodSteps;

    /** What the loss is multiplied by now. */
    public double factor() {
        return factor;
    }

    /** The loss, multiplied. */
    public Tensor scaled(Tensor loss) {
        return loss.mul(factor);
    }

    /**
     * Divides the gradients of these parameters, and adapts the factor.
     *
     * @return whether all are finite, so that a step may follow
     */
    public boolean unscale(Collection<Tensor> parameters) {
        boolean finite = Autograd.noGrad(() -> {
            try (var _ = Scope.open()) {
                Tensor sum = Tensor.scalar(0);
                for (Tensor parameter : parameters) {
                    if (parameter.grad() != null) {
                        parameter.replaceGrad(parameter.grad().mul(1.0 / factor));
                        sum = sum.add(Reductions.sumOfSquares(parameter.grad(), false));
                    }
                }
                return Float.isFinite(sum.item());
            }
        });
        goodSteps = finite ? goodSteps + 1 : 0;
        if (!finite) {
            factor /= 2;
        } else if (goodSteps == PATIENCE) {
            factor = Math.min(2 * factor, MOST);
            goodSteps = 0;
        }
        return finite;
    }

    /** The factor, and how many steps it has done: all that later steps depend on. */
    public StoredTensor save() {
        return StoredTensor.of(new float[] {factor, goodSteps}, 2);
    }

    /**
     * Goes on from a saved state.
     *
     * @throws IllegalArgumentException if it is none
     */
    public void load(StoredTensor saved) {
        float[] values = saved.toFloats();
        if (values.length != 2 || !(values[0] > 0) || !(values[1] >= 0 && values[1] < PATIENCE)) {
            throw new IllegalArgumentException("loss scale: expected a factor and a number of steps, got "
                    + saved);
        }
        factor = values[0];
        goodSteps = (int) values[1];
    }
}
