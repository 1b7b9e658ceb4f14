package stylegan4j.nn;

import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Pointwise;

/** A leaky ReLU with a trained slope for each channel (He et al. 2015; torch.nn.PReLU). */
public final class PReLU extends Module implements Layer {
    private static final float INITIAL_SLOPE = 0.25f;
    private static final Pointwise PRELU = Pointwise.of("prelu", (x, slope) -> x.greater(0).where(x, x.mul(slope)));

    private final Tensor weight;

    /** @param channels the number of channels, or 1 for a slope that all share */
    public PReLU(int channels) {
        weight = parameter("weight", Tensor.full(INITIAL_SLOPE, channels));
    }

    /** x [N, C, ...] → the same shape. */
    @Override
    public Tensor forward(Tensor x) {
        boolean shared = weight.size(0) == 1;
        if (!shared) {
            Normalization.requireChannels("prelu", x, 2, weight.size(0));
        }
        Tensor slopes = shared ? weight : Normalization.alongChannels(weight, x.rank());
        return PRELU.apply(x, slopes);
    }
}
