package stylegan4j.stylegan;

import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.FusedConv.Resample;
import stylegan4j.nn.Conv2dLayer;
import stylegan4j.nn.FullyConnected;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Module;
import stylegan4j.nn.ResampleFilter;
import stylegan4j.tensor.Derived;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.FusedConvolution;
import stylegan4j.tensor.op.FusedConvolution.Operation;
import stylegan4j.tensor.op.ModulatedConvolution;

/**
 * A 3×3 modulated convolution with noise, bias and activation, optionally up-sampling (stylegan2-ada-pytorch,
 * {@code training/networks.py}: SynthesisLayer).
 */
final class SynthesisLayer extends Module {
    private static final int KERNEL = 3;

    private final Tensor weight;
    private final Derived energy;
    private final Tensor noiseStrength;
    private final Tensor bias;
    private final ResampleFilter filter;
    private final Tensor noiseConst;
    private final FullyConnected affine;
    private final boolean up;
    private final BiasAct act;

    /** @param height, width of the output */
    SynthesisLayer(int in, int out, int wDim, int height, int width, boolean up, SynthesisConfig config,
                   Initializer init) {
        this.weight = parameter("weight", init.normal(out, in, KERNEL, KERNEL));
        this.energy = new Derived(weight, ModulatedConvolution::energy);
        this.noiseStrength = config.useNoise() ? parameter("noise_strength", Tensor.zeros()) : null;
        this.bias = parameter("bias", Tensor.zeros(out));
        // Official layers that do not resample are not told of the filter, and save the default one.
        this.filter = new ResampleFilter(buffer("resample_filter",
                ResampleFilter.setup((up ? config : SynthesisConfig.DEFAULT).resampleFilter())));
        this.noiseConst = config.useNoise() ? buffer("noise_const", init.normal(height, width)) : null;
        this.affine = child("affine", new FullyConnected(wDim, in, Activation.LINEAR, 1, 1, init));
        this.up = up;
        this.act = BiasAct.of(config.activation()).withClamp((float) config.convClamp());
    }

    /** w [N, w_dim] → [N, in]. */
    Tensor styles(Tensor w) {
        return affine.forward(w);
    }

    /**
     * @param x [N, in, h, w]
     * @param given the styles, [N, in]
     * @param gain factor on the output
     * @param features how the output is stored, where the device keeps half types
     * @return [N, out, H, W]
     */
    Tensor forward(String name, Tensor x, Tensor given, Noise noise, double gain, DType features) {
        // In binary16 the products of features and styles must not overflow; demodulation takes the factor out again.
        Tensor styles = features == DType.F16 && given.backend().convolvesHalf()
                ? given.div(given.abs().max(1).unsqueeze(1)) : given;
        Tensor map = noiseConst == null ? null : noise.map(name, x.size(0),
                noiseConst.reshape(1, 1, noiseConst.size(0), noiseConst.size(1)));
        Tensor demodulation = ModulatedConvolution.demodulation(energy.get(), styles);
        return FusedConvolution.conv2d(x, weight, up ? Resample.UP : Resample.NONE, up ? filter.fir() : null,
                new Operation(styles, demodulation, map, map == null ? null : noiseStrength, bias),
                Conv2dLayer.scaled(act, gain), features);
    }
}
