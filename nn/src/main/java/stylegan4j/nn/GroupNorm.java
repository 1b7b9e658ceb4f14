package stylegan4j.nn;

import stylegan4j.tensor.Tensor;

/** Normalises each group of channels of each sample (Wu and He 2018; torch.nn.GroupNorm). */
public final class GroupNorm extends Module implements Layer {
    private final int groups;
    private final double epsilon;
    private final Tensor weight;
    private final Tensor bias;

    public GroupNorm(int groups, int channels, double epsilon) {
        if (groups < 1 || channels % groups != 0) {
            throw new IllegalArgumentException("groupNorm: " + channels + " channels do not divide into " + groups
                    + " groups");
        }
        this.groups = groups;
        this.epsilon = epsilon;
        this.weight = parameter("weight", Tensor.ones(channels));
        this.bias = parameter("bias", Tensor.zeros(channels));
    }

    /** x [N, C, ...] → the same shape. */
    @Override
    public Tensor forward(Tensor x) {
        Normalization.requireChannels("groupNorm", x, 2, weight.size(0));
        Tensor grouped = x.reshape(x.size(0), groups, Math.toIntExact(x.numel() / Math.max(1, x.size(0)) / groups));
        return Normalization.scaleChannels(Normalization.standardize(grouped, epsilon, 1).reshape(x.shape()),
                weight, bias);
    }
}
