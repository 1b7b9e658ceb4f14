package stylegan4j.stylegan;

import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.Fir;
import stylegan4j.nn.FullyConnected;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Module;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.ToRgb;

/**
 * Features to picture: a 1×1 modulated convolution without demodulation (stylegan2-ada-pytorch,
 * {@code training/networks.py}: ToRGBLayer).
 */
final class ToRgbLayer extends Module {
    private final Tensor weight;
    private final Tensor bias;
    private final FullyConnected affine;
    private final BiasAct act;

    ToRgbLayer(int in, int imgChannels, int wDim, SynthesisConfig config, Initializer init) {
        this.weight = parameter("weight", init.normal(imgChannels, in, 1, 1));
        this.bias = parameter("bias", Tensor.zeros(imgChannels));
        this.affine = child("affine", new FullyConnected(wDim, in, Activation.LINEAR, 1, 1, init));
        this.act = BiasAct.of(Activation.LINEAR).withClamp((float) config.convClamp());
    }

    /** w [N, w_dim] → [N, in]. */
    Tensor styles(Tensor w) {
        return affine.forward(w);
    }

    /**
     * @param x [N, in, H, W]
     * @param styles [N, in]
     * @param skip the picture so far [N, img_channels, H/2, W/2], to be up-sampled and added, or null
     * @param fir filter of the up-sampling
     * @return [N, img_channels, H, W]
     */
    Tensor forward(Tensor x, Tensor styles, Tensor skip, Fir fir) {
        Tensor scaled = styles.mul(1 / Math.sqrt(weight.size(1)));
        return ToRgb.toRgb(x, weight, scaled, bias, act, skip, skip == null ? null : fir);
    }
}
