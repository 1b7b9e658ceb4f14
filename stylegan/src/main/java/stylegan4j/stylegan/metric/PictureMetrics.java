package stylegan4j.stylegan.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import stylegan4j.stylegan.loss.IdentityEmbedding;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.stylegan.loss.PixelDistance;
import stylegan4j.stylegan.loss.Ssim;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * What the papers on inversion report of each reconstruction beside its original (HyperStyle, arXiv 2111.15666, table
 * 1).
 *
 * @param perceptual the distance reported as LPIPS, or null for none
 * @param identity the network that tells who is shown, or null for none
 */
public record PictureMetrics(PerceptualDistance perceptual, IdentityEmbedding identity) {
    /**
     * Of one picture; not a number where nothing was given to compute it with.
     *
     * @param l2 mean squared difference of colours in −1…1
     * @param psnr in dB
     * @param msSsim multi-scale structural similarity, at most 1
     * @param perceptual distance, 0 for equal pictures
     * @param identity similarity, at most 1
     */
    public record Scores(double l2, double psnr, double msSsim, double perceptual, double identity) {
        /** The mean of each. */
        public static Scores mean(List<Scores> scores) {
            return new Scores(mean(scores, Scores::l2), mean(scores, Scores::psnr), mean(scores, Scores::msSsim),
                    mean(scores, Scores::perceptual), mean(scores, Scores::identity));
        }

        private static double mean(List<Scores> scores, ToDoubleFunction<Scores> column) {
            return scores.stream().mapToDouble(column).average().orElse(Double.NaN);
        }
    }

    /** Scores of each pair of pictures [N, 3, H, W] in −1…1. */
    public List<Scores> of(Tensor originals, Tensor pictures) {
        return Autograd.noGrad(() -> {
            try (var _ = Scope.open()) {
                return scores(originals, pictures);
            }
        });
    }

    private List<Scores> scores(Tensor originals, Tensor pictures) {
        float[] l2 = PixelDistance.l2(originals, pictures).toArray();
        float[] psnr = PixelDistance.psnr(originals, pictures).toArray();
        float[] msSsim = Ssim.msSsim(originals, pictures).toArray();
        float[] distances = perceptual == null ? null : perceptual.between(originals, pictures).toArray();
        float[] similarities = identity == null ? null : identity.similarity(originals, pictures).toArray();
        List<Scores> scores = new ArrayList<>();
        for (int i = 0; i < l2.length; i++) {
            scores.add(new Scores(l2[i], psnr[i], msSsim[i], distances == null ? Double.NaN : distances[i],
                    similarities == null ? Double.NaN : similarities[i]));
        }
        return scores;
    }
}
