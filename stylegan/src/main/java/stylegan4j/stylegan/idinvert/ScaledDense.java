package stylegan4j.stylegan.idinvert;

import stylegan4j.kernels.BiasAct;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Layer;
import stylegan4j.nn.Module;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.BiasActivation;
import stylegan4j.tensor.op.MatMul;

/** A linear layer with equalised learning rate, StyleGAN1's ({@code DenseBlock}). */
final class ScaledDense extends Module implements Layer {
    private final Tensor weight;
    private final Tensor bias;
    private final double scale;
    private final double lrMultiplier;
    private final BiasAct act;

    /** @param gain of the weight, √2 before a leaky ReLU */
    ScaledDense(int in, int out, double gain, double lrMultiplier, BiasAct act, Initializer init) {
        this.weight = parameter("fc.weight", init.normal(out, in));
        this.bias = parameter("wscale.bias", Tensor.zeros(out));
        this.scale = gain / Math.sqrt(in) * lrMultiplier;
        this.lrMultiplier = lrMultiplier;
        this.act = act;
    }

    /** x [N, in] → [N, out]. */
    @Override
    public Tensor forward(Tensor x) {
        return BiasActivation.biasAct(MatMul.linear(x.mul(scale), weight, null), bias.mul(lrMultiplier), act);
    }
}
