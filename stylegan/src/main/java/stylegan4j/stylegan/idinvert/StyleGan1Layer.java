package stylegan4j.stylegan.idinvert;

import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.Fir;
import stylegan4j.nn.Activate;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.InstanceNorm2d;
import stylegan4j.nn.Module;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Convolution;
import stylegan4j.tensor.op.Interpolation;
import stylegan4j.tensor.op.Pointwise;
import stylegan4j.tensor.op.Upfirdn2d;

/**
 * A layer of StyleGAN1's synthesis (arXiv 1812.04948, figure 1): a constant or a convolution, then noise, bias, leaky
 * ReLU, instance normalisation and a style.
 */
final class StyleGan1Layer extends Module {
    static final BiasAct LEAKY = Activate.leakyRelu(0.2).spec();
    private static final double EPSILON = 1e-8;
    private static final Fir BLUR = Fir.separable(1, 2, 1);
    /** {@code x + noise·strength + bias} */
    private static final Pointwise NOISY = Pointwise.of("noise and bias", 4,
            x -> x.get(0).add(x.get(1).mul(x.get(2))).add(x.get(3)));
    /** {@code x·(scale + 1) + shift} */
    private static final Pointwise STYLED = Pointwise.of("style", 3,
            x -> x.get(0).mul(x.get(1).add(1)).add(x.get(2)));

    /** Where a layer's map comes from. */
    enum Kind {
        /** A learned constant. */
        CONST,
        /** A convolution of the same size. */
        SAME,
        /** Pixels doubled, a convolution, and a blur. */
        UP,
        /** The first two as one transposed convolution, and a blur. */
        UP_FUSED
    }

    private final Kind kind;
    private final Tensor weight;
    private final Tensor bias;
    private final Tensor noiseWeight;
    private final Tensor noise;
    private final ScaledDense style;
    private final double scale;
    private final int channels;

    /** @param resolution side of the result */
    StyleGan1Layer(Kind kind, int in, int out, int resolution, int wDim, Initializer init) {
        this.kind = kind;
        this.channels = out;
        this.scale = Math.sqrt(2) / Math.sqrt(in * 9.0);
        weight = switch (kind) {
            case CONST -> parameter("const", Tensor.ones(1, out, resolution, resolution));
            case SAME, UP -> parameter("conv.weight", init.normal(out, in, 3, 3));
            case UP_FUSED -> parameter("weight", init.normal(3, 3, in, out));
        };
        if (kind == Kind.UP || kind == Kind.UP_FUSED) {
            buffer("blur.kernel", Tensor.of(BLUR.taps(), 1, 1, 3, 3).expand(out, 1, 3, 3).contiguous());
        }
        bias = parameter("epilogue.bias", Tensor.zeros(out));
        noiseWeight = parameter("epilogue.apply_noise.weight", Tensor.zeros(out));
        noise = buffer("epilogue.apply_noise.noise", init.normal(1, 1, resolution, resolution));
        style = child("epilogue.style_mod.dense", new ScaledDense(wDim, 2 * out, 1, 1, Activate.LINEAR, init));
    }

    /**
     * @param x the map before, not looked at by a constant
     * @param w [N, wDim]
     */
    Tensor forward(Tensor x, Tensor w) {
        return Scope.local(() -> epilogue(switch (kind) {
            case CONST -> weight.expand(w.size(0), -1, -1, -1);
            case SAME -> convolution(x);
            case UP -> Upfirdn2d.filter2d(convolution(Interpolation.interpolate(x, 2 * x.size(2), 2 * x.size(3),
                    Interpolation.Mode.NEAREST)), BLUR);
            case UP_FUSED -> Upfirdn2d.filter2d(Convolution.convTranspose2d(x, doubling(), ConvGeometry.of(2, 1), 0),
                    BLUR);
        }, w));
    }

    private Tensor convolution(Tensor x) {
        return Convolution.conv2d(x.mul(scale), weight, ConvGeometry.of(1, 1));
    }

    /** The kernel [in, out, 4, 4] of doubling pixels and convolving: the sum of its four places. */
    private Tensor doubling() {
        Tensor padded = Interpolation.pad(weight.permute(2, 3, 0, 1).mul(scale), 1, 1, 1, 1, 0);
        Tensor sum = null;
        for (int place = 0; place < 4; place++) {
            int y = place / 2;
            int x = place % 2;
            Tensor part = padded.slice(2, y, y + 4).slice(3, x, x + 4);
            sum = sum == null ? part : sum.add(part);
        }
        return sum;
    }

    private Tensor epilogue(Tensor x, Tensor w) {
        Tensor active = Scope.local(() -> new Activate(LEAKY).forward(NOISY.apply(x, noise, column(noiseWeight),
                column(bias))));
        Tensor normalized = new InstanceNorm2d(channels, EPSILON, false).forward(active);
        Tensor styles = style.forward(w).reshape(-1, 2, channels, 1, 1);
        return STYLED.apply(normalized, styles.select(1, 0), styles.select(1, 1));
    }

    private Tensor column(Tensor values) {
        return values.reshape(1, channels, 1, 1);
    }
}
