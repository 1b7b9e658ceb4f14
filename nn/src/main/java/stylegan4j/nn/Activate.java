package stylegan4j.nn;

import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.BiasActivation;

/**
 * An activation as a layer, which a {@link Sequential} computes in one pass with the convolution before it.
 *
 * @param spec the activation, its gain and clamp
 */
public record Activate(BiasAct spec) implements Layer {
    /** Nothing at all. */
    public static final BiasAct LINEAR = BiasAct.of(Activation.LINEAR);

    public static final Activate RELU = new Activate(BiasAct.of(Activation.RELU).withGain(1));

    /** {@code x > 0 ? x : slope·x} */
    public static Activate leakyRelu(double slope) {
        return new Activate(new BiasAct(1, Activation.LRELU, (float) slope, 1, -1));
    }

    @Override
    public Tensor forward(Tensor x) {
        return BiasActivation.biasAct(x, null, spec);
    }
}
