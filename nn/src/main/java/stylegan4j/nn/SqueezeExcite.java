package stylegan4j.nn;

import stylegan4j.kernels.ConvGeometry;
import stylegan4j.tensor.Tensor;

/**
 * Scales each channel by a factor computed from all channels' means (Hu et al. 2018; the SE module of the IR-SE
 * backbones of ArcFace and pSp, convolutions 1×1 without bias).
 */
public final class SqueezeExcite extends Module implements Layer {
    private final Conv2d squeeze;
    private final Conv2d excite;

    /** @param reduction channels for each channel in the middle */
    public SqueezeExcite(int channels, int reduction, Initializer init) {
        ConvGeometry pointwise = ConvGeometry.of(1, 0);
        squeeze = child("fc1", new Conv2d(channels, channels / reduction, 1, pointwise, false, init));
        excite = child("fc2", new Conv2d(channels / reduction, channels, 1, pointwise, false, init));
    }

    /** x [N, C, H, W] → the same shape. */
    @Override
    public Tensor forward(Tensor x) {
        return x.mul(excite.forward(squeeze.forward(x.meanKeep(2, 3)).relu()).sigmoid());
    }
}
