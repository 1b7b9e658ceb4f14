package stylegan4j.stylegan.encoder.train;

/**
 * e4e's adversarial loss on codes (arXiv 2102.02766, section 3.2).
 *
 * @param weight of the encoder's part; 0 for no discriminator ({@code w_discriminator_lambda})
 * @param learningRate of the discriminator ({@code w_discriminator_lr})
 * @param r1 weight γ of its gradient penalty
 * @param r1Every steps from one penalty to the next ({@code d_reg_every})
 * @param poolSize codes in each pool of former ones, 0 for no pools ({@code use_w_pool}, {@code w_pool_size})
 */
public record LatentGame(double weight, double learningRate, double r1, int r1Every, int poolSize) {
    /** No discriminator: the official default. */
    public static final LatentGame NONE = new LatentGame(0, 2e-5, 10, 16, 50);

    public LatentGame {
        if (!(weight >= 0) || !(learningRate > 0) || !(r1 >= 0) || r1Every < 1 || poolSize < 0) {
            throw new IllegalArgumentException("encoder training: latent discriminator: expected weight and r1 from 0, "
                    + "learning rate above 0, interval from 1 and pool size from 0 on, got " + weight + ", " + r1
                    + ", " + learningRate + ", " + r1Every + ", " + poolSize);
        }
    }
}
