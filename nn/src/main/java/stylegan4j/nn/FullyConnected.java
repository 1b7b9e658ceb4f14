package stylegan4j.nn;

import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.BiasActivation;
import stylegan4j.tensor.op.MatMul;

/**
 * A linear layer with equalised learning rate (arXiv 1710.10196, section 4.1; stylegan2-ada-pytorch,
 * {@code training/networks.py}: FullyConnectedLayer): {@code act(x·weightᵀ·lrMultiplier/√in + bias·lrMultiplier)}.
 */
public final class FullyConnected extends Module implements Layer {
    private final Tensor weight;
    private final Tensor bias;
    private final BiasAct act;
    private final double lrMultiplier;

    /**
     * @param lrMultiplier learning rate of this layer's parameters relative to others
     * @param biasInit the first value that the bias takes effect with
     */
    public FullyConnected(int in, int out, Activation activation, double lrMultiplier, double biasInit,
                          Initializer init) {
        this.weight = parameter("weight", Scope.local(() -> init.normal(out, in).div(lrMultiplier)));
        this.bias = parameter("bias", Tensor.full((float) (biasInit / lrMultiplier), out));
        this.act = BiasAct.of(activation);
        this.lrMultiplier = lrMultiplier;
    }

    /** x [N, in] → [N, out]. */
    @Override
    public Tensor forward(Tensor x) {
        // Scaling x costs less than scaling the weight, and is the same.
        Tensor y = MatMul.linear(x.mul(lrMultiplier / Math.sqrt(weight.size(1))), weight, null);
        return BiasActivation.biasAct(y, lrMultiplier == 1 ? bias : bias.mul(lrMultiplier), act);
    }
}
