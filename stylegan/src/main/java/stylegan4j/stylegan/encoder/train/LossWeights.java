package stylegan4j.stylegan.encoder.train;

/**
 * Factors of the terms of an encoder's loss, by the official options' names; terms of factor 0 are not computed.
 *
 * @param l2 mean squared difference of pixels
 * @param lpips perceptual distance
 * @param id 1 − similarity of identity embeddings
 * @param moco 1 − similarity of MoCo's features, for domains without faces
 * @param wNorm norm of the codes' offsets from the average
 * @param l2Crop as {@code l2}, of the inner face
 * @param lpipsCrop as {@code lpips}, of the inner face
 */
public record LossWeights(double l2, double lpips, double id, double moco, double wNorm, double l2Crop,
                          double lpipsCrop) {
    /** pSp's and e4e's defaults. */
    public static final LossWeights OFFICIAL = new LossWeights(1, 0.8, 0.1, 0, 0, 0, 0);

    public LossWeights {
        for (double weight : new double[] {l2, lpips, id, moco, wNorm, l2Crop, lpipsCrop}) {
            if (!(weight >= 0)) {
                throw new IllegalArgumentException("encoder training: weights of losses expected from 0 on, got "
                        + weight);
            }
        }
        if (l2 + lpips + id + moco + l2Crop + lpipsCrop == 0) {
            throw new IllegalArgumentException("encoder training: no loss that looks at pictures has a weight");
        }
        if (id > 0 && moco > 0) {
            throw new IllegalArgumentException("encoder training: id_lambda and moco_lambda exclude each other, got "
                    + id + " and " + moco);
        }
    }

    /** Whether pictures have to be compared by features. */
    public boolean needsPerceptual() {
        return lpips > 0 || lpipsCrop > 0;
    }
}
