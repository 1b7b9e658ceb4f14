package stylegan4j.stylegan;

import java.util.Map;
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
 * The layers of one resolution (stylegan2-ada-pytorch, {@code training/networks.py}: SynthesisBlock). The first has the
 * learned constant and one convolution, the others two.
 */
final class SynthesisBlock extends Module {
    private final String name;
    private final Tensor constant;
    private final ResampleFilter filter;
    private final SynthesisLayer conv0;
    private final SynthesisLayer conv1;
    private final ToRgbLayer toRgb;
    private final Conv2dLayer skip;
    private DType features = DType.F32;

    /** Features and picture between blocks, each null where there is none yet. */
    record State(Tensor x, Tensor img) {
        static final State NOTHING = new State(null, null);

        void close() {
            if (x != null) {
                x.close();
            }
            if (img != null) {
                img.close();
            }
        }
    }

    SynthesisBlock(int resolution, int wDim, int imgResolution, int imgChannels, SynthesisConfig config,
                   Initializer init) {
        boolean first = resolution == Resolutions.LOWEST;
        int in = config.channels().at(first ? resolution : resolution / 2);
        int out = config.channels().at(resolution);
        int height = resolution / Resolutions.LOWEST * config.constHeight();
        int width = resolution / Resolutions.LOWEST * config.constWidth();
        this.name = nameAt(resolution);
        this.constant = first ? parameter("const", init.normal(out, height, width)) : null;
        this.filter = new ResampleFilter(buffer("resample_filter", ResampleFilter.setup(config.resampleFilter())));
        this.conv0 = first ? null
                : child("conv0", new SynthesisLayer(in, out, wDim, height, width, true, config, init));
        this.conv1 = child("conv1", new SynthesisLayer(out, out, wDim, height, width, false, config, init));
        boolean showsPicture = config.architecture() == Architecture.SKIP || resolution == imgResolution;
        this.toRgb = showsPicture ? child("torgb", new ToRgbLayer(out, imgChannels, wDim, config, init)) : null;
        this.skip = config.architecture() == Architecture.RESNET && !first
                ? child("skip", new Conv2dLayer(in, out, 1, false, Activation.LINEAR, Resample.UP,
                        config.resampleFilter(), -1, init)) : null;
    }

    /** {@code b8} */
    static String nameAt(int resolution) {
        return "b" + resolution;
    }

    String name() {
        return name;
    }

    /** How many of the codes this block's convolutions take; toRGB takes the one after, shared with the next block. */
    int numConv() {
        return conv0 == null ? 1 : 2;
    }

    boolean hasToRgb() {
        return toRgb != null;
    }

    /** Adds this block's styles, from the codes [N, num_ws, w_dim] from index {@code first} on. */
    void styles(Tensor ws, int first, Map<String, Tensor> styles) {
        int index = first;
        if (conv0 != null) {
            styles.put(name + ".conv0", conv0.styles(ws.select(1, index++)));
        }
        styles.put(name + ".conv1", conv1.styles(ws.select(1, index++)));
        if (toRgb != null) {
            styles.put(name + ".torgb", toRgb.styles(ws.select(1, index)));
        }
    }

    /** How features are stored, where the device keeps half types. */
    void features(DType type) {
        features = type;
    }

    State forward(State state, StyleCodes styles, Noise noise, LayerListener listener) {
        Tensor x = features(state.x, styles, noise, listener);
        listener.output(name + ".x", x);
        if (toRgb == null) {
            return new State(x, state.img);
        }
        Tensor given = styles.of(name + ".torgb");
        if (listener == LayerListener.NONE) {
            return new State(x, Scope.local(() -> toRgb.forward(x, given, state.img, filter.fir())));
        }
        Tensor y = Scope.local(() -> toRgb.forward(x, given, null, null));
        listener.output(name + ".torgb", y);
        Tensor img = state.img == null ? y : Upfirdn2d.upsample2d(state.img, filter.fir(), 2).add(y);
        listener.output(name + ".img", img);
        return new State(x, img);
    }

    private Tensor features(Tensor x, StyleCodes styles, Noise noise, LayerListener listener) {
        if (constant != null) {
            int batch = styles.of(name + ".conv1").size(0);
            return conv("conv1", conv1, constant.unsqueeze(0).expand(batch, -1, -1, -1), styles, noise, 1, listener);
        }
        Tensor y = conv("conv0", conv0, x, styles, noise, 1, listener);
        if (skip == null) {
            return conv("conv1", conv1, y, styles, noise, 1, listener);
        }
        double gain = Math.sqrt(0.5);
        return skip.forward(x, gain).add(conv("conv1", conv1, y, styles, noise, gain, listener));
    }

    private Tensor conv(String layer, SynthesisLayer conv, Tensor x, StyleCodes styles, Noise noise, double gain,
                        LayerListener listener) {
        String path = name + "." + layer;
        Tensor y = Scope.local(() -> conv.forward(path, x, styles.of(path), noise, gain, features));
        listener.output(path, y);
        return y;
    }
}
