package stylegan4j.nn;

import stylegan4j.kernels.Activation;
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
    private static final BiasAct LINEAR = BiasAct.of(Activation.LINEAR);

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
        int kernel = weight.size(2);
        if (kernel % 2 == 1 && geometry.equals(ConvGeometry.of(1, kernel / 2))) {
            return FusedConvolution.conv2d(x, weight, Resample.NONE, null,
                    new Operation(null, null, null, null, bias), LINEAR);
        }
        Tensor y = Convolution.conv2d(x, weight, geometry);
        return bias == null ? y : BiasActivation.biasAct(y, bias, LINEAR);
    }
}
