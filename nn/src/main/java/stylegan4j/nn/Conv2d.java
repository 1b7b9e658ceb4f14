package stylegan4j.nn;

import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.FusedConv.Resample;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.BiasActivation;
import stylegan4j.tensor.op.Convolution;
import stylegan4j.tensor.op.FusedConvolution;
import stylegan4j.tensor.op.FusedConvolution.Operation;

/** A convolution with bias (torch.nn.Conv2d, and its first values: both uniform within 1/√fan-in). */
public final class Conv2d extends Module implements Layer {
    private final Tensor weight;
    private final Tensor bias;
    private final ConvGeometry geometry;

    /**
     * @param in input channels, a multiple of the geometry's groups
     * @param kernel height and width of the kernel
     */
    public Conv2d(int in, int out, int kernel, ConvGeometry geometry, boolean hasBias, Initializer init) {
        if (in % geometry.groups() != 0 || out % geometry.groups() != 0) {
            throw new IllegalArgumentException("conv2d: " + in + " to " + out + " channels do not divide into "
                    + geometry.groups() + " groups");
        }
        int fan = in / geometry.groups();
        double bound = 1 / Math.sqrt((double) fan * kernel * kernel);
        this.weight = parameter("weight", init.uniform(bound, out, fan, kernel, kernel));
        this.bias = hasBias ? parameter("bias", init.uniform(bound, out)) : null;
        this.geometry = geometry;
    }

    /** x [N, in, H, W] → [N, out, H', W']. */
    @Override
    public Tensor forward(Tensor x) {
        return forward(x, null, Activate.LINEAR);
    }

    /**
     * The convolution with the normalisation and the activation that follow it. Outside training the normalisation is a
     * factor and a shift for each channel, and all is one pass where there is a kernel for it.
     *
     * @param norm of the output channels, or null for none
     */
    public Tensor forward(Tensor x, BatchNorm norm, BiasAct act) {
        Tensor scale = norm == null ? null : norm.scale();
        if (norm != null && (norm.isTraining() || scale.requiresGrad())) {
            return BiasActivation.biasAct(norm.forward(forward(x)), null, act);
        }
        Tensor out = scale == null ? null : scale.expand(x.size(0), weight.size(0)).contiguous();
        Tensor shift = norm == null ? bias : norm.shift(bias);
        int kernel = weight.size(2);
        if (kernel % 2 == 1 && geometry.equals(ConvGeometry.of(1, kernel / 2))) {
            return FusedConvolution.conv2d(x, weight, Resample.NONE, null,
                    new Operation(null, out, null, null, shift), act);
        }
        Tensor y = Convolution.conv2d(x, weight, null, out, geometry);
        return shift == null && act.equals(Activate.LINEAR) ? y : BiasActivation.biasAct(y, shift, act);
    }
}
