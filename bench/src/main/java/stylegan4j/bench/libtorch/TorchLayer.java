package stylegan4j.bench.libtorch;

import org.bytedeco.pytorch.Tensor;
import stylegan4j.kernels.Fir;

/** One synthesis layer without its affine map: modulated convolution, noise, bias and leaky ReLU. */
public final class TorchLayer {
    private final Tensor x;
    private final Tensor weight;
    private final Tensor styles;
    private final Tensor noise;
    private final Tensor bias;
    private final Tensor filter = Libtorch.tensor(Fir.separable(1, 3, 3, 1).taps(), 4, 4);
    private final int up;

    /**
     * A layer of {@code styles.length} to {@code bias.length} channels and one picture.
     *
     * @param x [C, side, side]
     * @param weight [O, C, k, k]
     * @param noise [side·up, side·up]
     * @param up 1 or 2
     */
    public TorchLayer(float[] x, float[] weight, float[] styles, float[] noise, float[] bias, int kernel, int side,
                      int up) {
        int in = styles.length;
        this.x = Libtorch.tensor(x, 1, in, side, side);
        this.weight = Libtorch.tensor(weight, bias.length, in, kernel, kernel);
        this.styles = Libtorch.tensor(styles, 1, in);
        this.noise = Libtorch.tensor(noise, (long) side * up, (long) side * up);
        this.bias = Libtorch.tensor(bias, bias.length);
        this.up = up;
    }

    /** The layer's output [1, O, side·up, side·up]. */
    public Tensor forward() {
        return TorchOps.biasLrelu(TorchOps.modulatedConv2d(x, weight, styles, noise, up, filter, true), bias);
    }
}
