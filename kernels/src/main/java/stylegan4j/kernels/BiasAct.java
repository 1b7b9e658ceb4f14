package stylegan4j.kernels;

/**
 * {@code y = clamp(gain · activation(x + b))}.
 *
 * @param channelDim the dimension of x that the bias runs along
 * @param alpha slope of {@link Activation#LRELU} below zero, unused elsewhere
 * @param gain factor after the activation
 * @param clamp bound on |y|, or a negative number for none
 */
public record BiasAct(int channelDim, Activation activation, float alpha, float gain, float clamp) {
    /** The activation's own slope and gain, no clamp, channels in dimension 1. */
    public static BiasAct of(Activation activation) {
        return new BiasAct(1, activation, activation.defaultAlpha(), activation.defaultGain(), -1);
    }

    public BiasAct withGain(float newGain) {
        return new BiasAct(channelDim, activation, alpha, newGain, clamp);
    }

    public BiasAct withClamp(float newClamp) {
        return new BiasAct(channelDim, activation, alpha, gain, newClamp);
    }

    public BiasAct withChannelDim(int dim) {
        return new BiasAct(dim, activation, alpha, gain, clamp);
    }

    public boolean clamps() {
        return clamp >= 0;
    }
}
