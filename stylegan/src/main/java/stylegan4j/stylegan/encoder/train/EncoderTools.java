package stylegan4j.stylegan.encoder.train;

import stylegan4j.stylegan.Discriminator;
import stylegan4j.stylegan.loss.IdentityEmbedding;
import stylegan4j.stylegan.loss.PerceptualDistance;

/**
 * Networks that judge an encoder's pictures; null where no loss asks for them. Those that compare are not trained.
 *
 * @param perceptual for {@code lpips_lambda}
 * @param identity for {@code id_lambda}
 * @param similarity for {@code moco_lambda}
 * @param discriminator IDInvert's opponent, which is trained too
 */
public record EncoderTools(PerceptualDistance perceptual, IdentityEmbedding identity, IdentityEmbedding similarity,
                           Discriminator discriminator) {
    /**
     * @param side rows and columns of the pictures that are compared
     * @throws IllegalArgumentException naming the loss whose network is missing, or does not fit
     */
    void requireFor(EncoderTrainingOptions options, int side) {
        LossWeights w = options.losses();
        require(!w.needsPerceptual() || perceptual != null, "lpips_lambda", "a perceptual distance");
        require(w.id() == 0 || identity != null, "id_lambda", "an identity network");
        require(w.moco() == 0 || similarity != null, "moco_lambda", "MoCo's network");
        if (options.pictureGame().weight() > 0) {
            require(discriminator != null, "adv_lambda", "a discriminator of pictures");
            int judged = discriminator.config().imgResolution();
            require(judged == side, "adv_lambda", "a discriminator of " + side + " pixels, as the encoder sees them, "
                    + "got one of " + judged);
        }
    }

    private static void require(boolean holds, String loss, String network) {
        if (!holds) {
            throw new IllegalArgumentException("encoder training: " + loss + " needs " + network);
        }
    }
}
