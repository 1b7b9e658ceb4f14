package stylegan4j.stylegan;

import java.util.List;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.FusedConv.Resample;
import stylegan4j.nn.Conv2dLayer;
import stylegan4j.nn.FullyConnected;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Module;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Views;

/**
 * The last block, from 4×4 features to logits (stylegan2-ada-pytorch, {@code training/networks.py}:
 * DiscriminatorEpilogue).
 */
final class DiscriminatorEpilogue extends Module {
    private static final int RESOLUTION = Resolutions.LOWEST;

    private final EpilogueConfig config;
    private final Conv2dLayer fromRgb;
    private final Conv2dLayer conv;
    private final FullyConnected fc;
    private final FullyConnected out;

    /** @param cmapDim size of the mapped label, 0 for an unconditional network */
    DiscriminatorEpilogue(int cmapDim, DiscriminatorConfig network, Initializer init) {
        this.config = network.epilogue();
        int channels = network.channels().at(RESOLUTION);
        float[] filter = SynthesisConfig.DEFAULT.resampleFilter();
        this.fromRgb = network.architecture() == Architecture.SKIP
                ? child("fromrgb", new Conv2dLayer(network.imgChannels(), channels, 1, true, config.activation(),
                        Resample.NONE, filter, -1, init)) : null;
        this.conv = child("conv", new Conv2dLayer(channels + config.mbstdNumChannels(), channels, 3, true,
                config.activation(), Resample.NONE, filter, network.convClamp(), init));
        this.fc = child("fc", new FullyConnected(channels * RESOLUTION * RESOLUTION, channels, config.activation(),
                1, 0, init));
        this.out = child("out", new FullyConnected(channels, Math.max(1, cmapDim), Activation.LINEAR, 1, 0, init));
    }

    /**
     * @param x [N, C, 4, 4]
     * @param img [N, img_channels, 4, 4], null where none is needed
     * @return [N, 1], or [N, cmap_dim] before the projection on the label
     */
    Tensor forward(Tensor x, Tensor img) {
        Tensor in = fromRgb == null ? x : x.add(fromRgb.forward(img));
        if (config.mbstdNumChannels() > 0) {
            in = Views.concat(List.of(in, MinibatchStd.of(in, config.mbstdGroupSize(), config.mbstdNumChannels())), 1);
        }
        return out.forward(fc.forward(conv.forward(in).flatten(1, 3)));
    }
}
