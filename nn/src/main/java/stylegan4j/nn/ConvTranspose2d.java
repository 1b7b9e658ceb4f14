package stylegan4j.nn;

import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.BiasActivation;
import stylegan4j.tensor.op.Convolution;

/**
 * A transposed convolution with bias (torch.nn.ConvTranspose2d, and its first values: both uniform within 1/√fan, with
 * the fan counted over the output channels).
 */
public final class ConvTranspose2d extends Module implements Layer {
    private final Tensor weight;
    private final Tensor bias;
    private final ConvGeometry geometry;
    private final int outputPadding;

    /**
     * @param kernel height and width of the kernel
     * @param geometry of the convolution that this is the transpose of
     * @param outputPadding rows and columns more at the bottom and the right, below the stride
     */
    public ConvTranspose2d(int in, int out, int kernel, ConvGeometry geometry, int outputPadding, boolean hasBias,
                           Initializer init) {
        int fan = out / geometry.groups();
        double bound = 1 / Math.sqrt((double) fan * kernel * kernel);
        this.weight = parameter("weight", init.uniform(bound, in, fan, kernel, kernel));
        this.bias = hasBias ? parameter("bias", init.uniform(bound, out)) : null;
        this.geometry = geometry;
        this.outputPadding = outputPadding;
    }

    /** x [N, in, H, W] → [N, out, H', W'], where H' = (H − 1)·stride − 2·pad + kernel + outputPadding undilated. */
    @Override
    public Tensor forward(Tensor x) {
        Tensor y = Convolution.convTranspose2d(x, weight, geometry, outputPadding);
        return bias == null ? y : BiasActivation.biasAct(y, bias, BiasAct.of(Activation.LINEAR));
    }
}
