package stylegan4j.stylegan.feature;

import java.util.List;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.nn.Activate;
import stylegan4j.nn.Conv2d;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Layer;
import stylegan4j.nn.Module;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Views;

/** SqueezeNet's block: few channels in the middle, then 1×1 and 3×3 convolutions side by side (arXiv 1602.07360). */
final class Fire extends Module implements Layer {
    private final Conv2d squeeze;
    private final Conv2d expand1x1;
    private final Conv2d expand3x3;

    /** @param expanded output channels of each of the two convolutions */
    Fire(int in, int squeezed, int expanded, Initializer init) {
        squeeze = child("squeeze", new Conv2d(in, squeezed, 1, ConvGeometry.of(1, 0), true, init));
        expand1x1 = child("expand1x1", new Conv2d(squeezed, expanded, 1, ConvGeometry.of(1, 0), true, init));
        expand3x3 = child("expand3x3", new Conv2d(squeezed, expanded, 3, ConvGeometry.of(1, 1), true, init));
    }

    /** x [N, in, H, W] → [N, 2·expanded, H, W]. */
    @Override
    public Tensor forward(Tensor x) {
        Tensor middle = relu(squeeze, x);
        return Views.concat(List.of(relu(expand1x1, middle), relu(expand3x3, middle)), 1);
    }

    private static Tensor relu(Conv2d convolution, Tensor x) {
        return convolution.forward(x, null, Activate.RELU.spec());
    }
}
