package stylegan4j.stylegan.encoder;

import java.util.ArrayList;
import java.util.List;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.nn.Activate;
import stylegan4j.nn.Conv2d;
import stylegan4j.nn.FullyConnected;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Layer;
import stylegan4j.nn.Module;
import stylegan4j.nn.Sequential;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * From a feature map to one style: convolutions that halve the map until one pixel is left, and a linear layer (pSp's
 * map2style, {@code GradualStyleBlock}).
 */
public final class StyleBlock extends Module implements Layer {
    private static final double SLOPE = 0.01;

    private final Sequential convs;
    private final FullyConnected linear;
    private final int width;

    /** The official block: as many channels between as a style has numbers. */
    public StyleBlock(int in, int out, int side, Initializer init) {
        this(in, out, out, side, init);
    }

    /**
     * @param width channels of the convolutions
     * @param side of the map, a power of two; others are halved as often, and must end at one pixel
     */
    StyleBlock(int in, int width, int out, int side, Initializer init) {
        if (Integer.bitCount(side) != 1 || side < 2) {
            throw new IllegalArgumentException("styleBlock: side expected a power of two from 2 on, got " + side);
        }
        this.width = width;
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < Integer.numberOfTrailingZeros(side); i++) {
            layers.add(new Conv2d(i == 0 ? in : width, width, 3, ConvGeometry.of(2, 1), true, init));
            layers.add(Activate.leakyRelu(SLOPE));
        }
        convs = child("convs", new Sequential(layers));
        linear = child("linear", new FullyConnected(width, out, Activation.LINEAR, 1, 0, init));
    }

    /** x [N, in, side, side] → [N, out]. */
    @Override
    public Tensor forward(Tensor x) {
        return Scope.local(() -> {
            Tensor pixel = convs.forward(x);
            if (pixel.size(2) != 1 || pixel.size(3) != 1) {
                throw new IllegalArgumentException("styleBlock: a map that the convolutions bring to one pixel was "
                        + "expected, got " + x.describe());
            }
            return linear.forward(pixel.reshape(-1, width));
        });
    }

    /** The convolutions, which bring a map to one pixel. */
    public Sequential convs() {
        return convs;
    }
}
