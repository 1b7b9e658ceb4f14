package stylegan4j.nn;

import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.MatMul;

/** {@code x·weightᵀ + bias} (torch.nn.Linear, and its first values: both uniform within 1/√in). */
public final class Linear extends Module implements Layer {
    private final Tensor weight;
    private final Tensor bias;

    public Linear(int in, int out, boolean hasBias, Initializer init) {
        double bound = 1 / Math.sqrt(in);
        weight = parameter("weight", init.uniform(bound, out, in));
        bias = hasBias ? parameter("bias", init.uniform(bound, out)) : null;
    }

    /** x [..., in] → [..., out]. */
    @Override
    public Tensor forward(Tensor x) {
        return MatMul.linear(x, weight, bias);
    }
}
