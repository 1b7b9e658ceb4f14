package stylegan4j.stylegan.encoder;

import stylegan4j.kernels.ConvGeometry;
import stylegan4j.nn.Activate;
import stylegan4j.nn.BatchNorm;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Layer;
import stylegan4j.nn.Module;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Convolution;

/** A block of IDInvert's encoder: two 3×3 convolutions beside a 1×1 one where the width changes ({@code ResBlock}). */
final class ResidualUnit extends Module implements Layer {
    static final Activate LEAKY = Activate.leakyRelu(0.2);

    private final Unit shortcut;
    private final Unit first;
    private final Unit second;

    /** A convolution without bias, a factor, a bias and a normalisation, each of which may be missing. */
    private record Unit(Tensor weight, double scale, Tensor bias, BatchNorm norm) {
        Tensor apply(Tensor x) {
            Tensor y = Convolution.conv2d(scale == 1 ? x : x.mul(scale), weight,
                    ConvGeometry.of(1, weight.size(2) / 2));
            Tensor biased = bias == null ? y : y.add(bias.reshape(1, -1, 1, 1));
            return LEAKY.forward(norm == null ? biased : norm.forward(biased));
        }
    }

    ResidualUnit(int in, int out, boolean scaled, boolean normalized, Initializer init) {
        int hidden = Math.min(in, out);
        shortcut = in == out ? null : new Unit(weight("conv", in, out, 1, init), scale(in, scaled), null,
                norm("bn", out, normalized));
        first = new Unit(weight("conv1", in, hidden, 3, init), scale(9 * in, scaled),
                parameter("wscale1.bias", Tensor.zeros(hidden)), norm("bn1", hidden, normalized));
        second = new Unit(weight("conv2", hidden, out, 3, init), scale(9 * hidden, scaled),
                parameter("wscale2.bias", Tensor.zeros(out)), norm("bn2", out, normalized));
    }

    private Tensor weight(String name, int in, int out, int kernel, Initializer init) {
        return parameter(name + ".weight", init.scaledNormal(IdInvertEncoder.DEVIATION, out, in, kernel, kernel));
    }

    private BatchNorm norm(String name, int channels, boolean normalized) {
        return normalized ? child(name + ".bn", new BatchNorm(channels)) : null;
    }

    static double scale(int fanIn, boolean scaled) {
        return scaled ? Math.sqrt(2.0 / fanIn) : 1;
    }

    /** x [N, in, H, W] → [N, out, H, W]. */
    @Override
    public Tensor forward(Tensor x) {
        return Scope.local(() -> second.apply(first.apply(x)).add(shortcut == null ? x : shortcut.apply(x)));
    }
}
