package stylegan4j.stylegan.encoder.train;

/**
 * IDInvert's adversarial loss on pictures (arXiv 2004.00049, section 3.1; genforce/idinvert,
 * {@code training/loss_encoder.py}).
 *
 * @param weight of the encoder's part, 0 for no discriminator ({@code D_scale})
 * @param r1 weight γ of the discriminator's gradient penalty, taken at every step
 */
public record PictureGame(double weight, double r1) {
    public static final PictureGame NONE = new PictureGame(0, 10);
    /** The official weights. */
    public static final PictureGame OFFICIAL = new PictureGame(0.08, 10);

    public PictureGame {
        if (!(weight >= 0) || !(r1 >= 0)) {
            throw new IllegalArgumentException("encoder training: picture discriminator: expected weight and r1 from 0 "
                    + "on, got " + weight + " and " + r1);
        }
    }
}
