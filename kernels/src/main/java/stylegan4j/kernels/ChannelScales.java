package stylegan4j.kernels;

/**
 * Factors that a convolution applies on the way: sample n's input channel c is multiplied by {@code input[n, c]} while
 * loading, its output channel o by {@code output[n, o]} while storing. The convolution is linear in each of x, weight,
 * input and output factors, so its gradients are convolutions with scales again.
 *
 * @param input [N, C] (the styles), or null for ones
 * @param output [N, O] (the demodulation), or null for ones
 */
public record ChannelScales(NdArray input, NdArray output) {
    public static final ChannelScales NONE = new ChannelScales(null, null);
}
