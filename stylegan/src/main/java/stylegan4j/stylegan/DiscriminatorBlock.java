package stylegan4j.stylegan;

import stylegan4j.kernels.Activation;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.FusedConv.Resample;
import stylegan4j.nn.Conv2dLayer;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Module;
import stylegan4j.nn.ResampleFilter;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Upfirdn2d;

/**
 * The layers of one resolution, halving it at the end (stylegan2-ada-pytorch, {@code training/networks.py}:
 * DiscriminatorBlock).
 */
final class DiscriminatorBlock extends Module {
    private final Architecture architecture;
    private final ResampleFilter filter;
    private final Conv2dLayer fromRgb;
    private final Conv2dLayer conv0;
    private final Conv2dLayer conv1;
    private final Conv2dLayer skip;
    private DType storage = DType.F32;

    DiscriminatorBlock(int resolution, DiscriminatorConfig config, Initializer init) {
        this.architecture = config.architecture();
        int in = config.channels().at(resolution);
        int out = config.channels().at(resolution / 2);
        this.filter = new ResampleFilter(buffer("resample_filter", ResampleFilter.setup(config.resampleFilter())));
        boolean seesPicture = architecture == Architecture.SKIP || resolution == config.imgResolution();
        this.fromRgb = seesPicture
                ? child("fromrgb", plain(config.imgChannels(), in, 1, config, init)) : null;
        this.conv0 = child("conv0", plain(in, in, 3, config, init));
        this.conv1 = child("conv1", new Conv2dLayer(in, out, 3, true, config.activation(), Resample.DOWN,
                config.resampleFilter(), config.convClamp(), init));
        this.skip = architecture == Architecture.RESNET
                ? child("skip", new Conv2dLayer(in, out, 1, false, Activation.LINEAR, Resample.DOWN,
                        config.resampleFilter(), -1, init)) : null;
    }

    private static Conv2dLayer plain(int in, int out, int kernel, DiscriminatorConfig config, Initializer init) {
        // Official layers that do not resample are not told of the filter, and save the default one.
        return new Conv2dLayer(in, out, kernel, true, config.activation(), Resample.NONE,
                SynthesisConfig.DEFAULT.resampleFilter(), config.convClamp(), init);
    }

    /** How features are stored, where the device keeps half types. */
    void storage(DType type) {
        storage = type;
    }

    /**
     * @param x features [N, C, H, W], null in the first block
     * @param img picture of this resolution, null where none is needed
     * @return features [N, C', H/2, W/2]
     */
    Tensor features(Tensor x, Tensor img) {
        return Scope.local(() -> {
            Tensor in = x;
            if (fromRgb != null) {
                Tensor y = fromRgb.forward(img, 1, storage);
                in = in == null ? y : sum(in, y);
            }
            if (skip == null) {
                return conv1.forward(conv0.forward(in, 1, storage), 1, storage);
            }
            double gain = Math.sqrt(0.5);
            return sum(skip.forward(in, gain, storage),
                    conv1.forward(conv0.forward(in, 1, storage), gain, storage));
        });
    }

    private Tensor sum(Tensor a, Tensor b) {
        Tensor sum = a.add(b);
        return sum.backend().convolvesHalf() ? sum.to(storage) : sum;
    }

    /** The picture for the next block, null where it needs none. */
    Tensor picture(Tensor img) {
        return architecture == Architecture.SKIP ? Upfirdn2d.downsample2d(img, filter.fir(), 2) : null;
    }
}
