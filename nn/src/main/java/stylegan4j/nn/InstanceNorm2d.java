package stylegan4j.nn;

import stylegan4j.tensor.Tensor;

/** Normalises each channel of each sample by its own mean and variance (torch.nn.InstanceNorm2d, no tracking). */
public final class InstanceNorm2d extends Module implements Layer {
    private final int channels;
    private final double epsilon;
    private final Tensor weight;
    private final Tensor bias;

    /** @param affine whether there are a weight and a bias; PyTorch's default is no */
    public InstanceNorm2d(int channels, double epsilon, boolean affine) {
        this.channels = channels;
        this.epsilon = epsilon;
        this.weight = affine ? parameter("weight", Tensor.ones(channels)) : null;
        this.bias = affine ? parameter("bias", Tensor.zeros(channels)) : null;
    }

    /** x [N, C, H, W] → the same shape. */
    @Override
    public Tensor forward(Tensor x) {
        Normalization.requireChannels("instanceNorm2d", x, 4, channels);
        return Normalization.scaleChannels(Normalization.standardize(x, epsilon, 2), weight, bias);
    }
}
