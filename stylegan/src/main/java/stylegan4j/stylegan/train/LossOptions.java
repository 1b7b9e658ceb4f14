package stylegan4j.stylegan.train;

/**
 * Weights of the loss (stylegan2-ada-pytorch, {@code training/loss.py}: StyleGAN2Loss).
 *
 * @param gamma weight of R1
 * @param pathLengthWeight weight of the path length regularisation, 0 for none
 * @param styleMixing share of batches whose finer layers get another code
 * @param noise whether the generator gets its random noise; pictures of flat colour may do better without, as noise is
 *     the easy way to sharpness
 */
public record LossOptions(double gamma, double pathLengthWeight, double styleMixing, boolean noise) {
    /** How fast the mean path length follows. */
    static final double PATH_LENGTH_DECAY = 0.01;

    /** The path length is taken on this fraction of a batch. */
    static final int PATH_LENGTH_SHRINK = 2;

    public LossOptions {
        if (!(gamma >= 0) || !(pathLengthWeight >= 0) || !(styleMixing >= 0 && styleMixing <= 1)) {
            throw new IllegalArgumentException("training: expected gamma and path length weight of 0 or more and style "
                    + "mixing of 0 to 1, got " + gamma + ", " + pathLengthWeight + " and " + styleMixing);
        }
    }
}
