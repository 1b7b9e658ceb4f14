package stylegan4j.nn;

import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.FusedConv.Resample;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.FusedConvolution;
import stylegan4j.tensor.op.FusedConvolution.Operation;

/**
 * A convolution with equalised learning rate, optional resampling by two, bias and activation (stylegan2-ada-pytorch,
 * {@code training/networks.py}: Conv2dLayer).
 */
public final class Conv2dLayer extends Module implements Layer {
    private final Tensor weight;
    private final Tensor bias;
    private final ResampleFilter filter;
    private final Resample resample;
    private final BiasAct act;

    /**
     * @param kernel odd kernel size; the picture keeps its size but for the resampling
     * @param hasBias whether a bias is added
     * @param filter taps of the resampling filter, see {@link ResampleFilter#setup(float...)}
     * @param clamp bound on the absolute output, negative for none
     */
    public Conv2dLayer(int in, int out, int kernel, boolean hasBias, Activation activation, Resample resample,
                       float[] filter, double clamp, Initializer init) {
        this.weight = parameter("weight", init.normal(out, in, kernel, kernel));
        this.bias = hasBias ? parameter("bias", Tensor.zeros(out)) : null;
        this.filter = new ResampleFilter(buffer("resample_filter", ResampleFilter.setup(filter)));
        this.resample = resample;
        this.act = BiasAct.of(activation).withClamp((float) clamp);
    }

    /** x [N, in, H, W] → [N, out, H', W']. */
    @Override
    public Tensor forward(Tensor x) {
        return forward(x, 1);
    }

    /** @param gain factor on the output, and on its clamp */
    public Tensor forward(Tensor x, double gain) {
        return forward(x, gain, DType.F32);
    }

    /** @param storage how the output is stored, where the device keeps half types */
    public Tensor forward(Tensor x, double gain, DType storage) {
        int k = weight.size(2);
        // Scaling what the weight meets costs less than scaling the weight, and rounds less.
        Tensor weightGain = Tensor.full((float) (1 / Math.sqrt(weight.size(1) * k * k)), x.size(0), weight.size(1));
        return FusedConvolution.conv2d(x, weight, resample, resample == Resample.NONE ? null : filter.fir(),
                new Operation(weightGain, null, null, null, bias), scaled(act, gain),
                storage);
    }

    /** The activation with another factor on its output; the clamp follows, as official layers have it. */
    public static BiasAct scaled(BiasAct act, double gain) {
        return act.withGain((float) (act.gain() * gain))
                .withClamp(act.clamps() ? (float) (act.clamp() * gain) : act.clamp());
    }
}
