package stylegan4j.stylegan.encoder.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import stylegan4j.stylegan.loss.IdentityEmbedding;
import stylegan4j.stylegan.loss.LatentNorm;
import stylegan4j.stylegan.loss.PixelDistance;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;

/**
 * The terms of an encoder's loss that compare pictures, and pSp's norm of codes (eladrich/pixel2style2pixel,
 * {@code training/coach.py}: calc_loss), under the official names.
 */
final class EncoderLoss {
    /** Where the face lies in a picture aligned as FFHQ's, of 256 rows and columns: rows, then columns. */
    private static final int[] INNER = {35, 223, 32, 220};
    private static final double ALIGNED = 256;

    private final LossWeights weights;
    private final EncoderTools tools;
    private final Tensor average;

    /** @param average [styles, wDim] that the norm of codes is taken from, or null */
    EncoderLoss(LossWeights weights, EncoderTools tools, Tensor average) {
        this.weights = weights;
        this.tools = tools;
        this.average = average;
    }

    /** What is wanted, with what has to be known of it. */
    record Target(Tensor picture, List<Tensor> features, List<Tensor> cropFeatures, Tensor identity,
                  Tensor similarity) {
    }

    /** A weighted sum, and its terms by name, without their weights. */
    static final class Sum {
        private final Map<String, Double> terms = new LinkedHashMap<>();
        private Tensor total = Tensor.scalar(0);

        void add(String name, double weight, Tensor term) {
            terms.put(name, (double) term.item());
            total = total.add(term.mul(weight));
        }

        Tensor total() {
            return total;
        }

        Map<String, Double> terms() {
            Map<String, Double> all = new LinkedHashMap<>(terms);
            all.put("loss", (double) total.item());
            return all;
        }
    }

    Target target(Tensor picture) {
        return Autograd.noGrad(() -> new Target(picture,
                weights.lpips() > 0 ? tools.perceptual().features(picture) : null,
                weights.lpipsCrop() > 0 ? tools.perceptual().features(inner(picture)) : null,
                weights.id() > 0 ? tools.identity().embed(picture) : null,
                weights.moco() > 0 ? tools.similarity().embed(picture) : null));
    }

    /** The inner face of pictures [N, C, H, W]. */
    private static Tensor inner(Tensor x) {
        List<Integer> edges = new ArrayList<>();
        for (int i = 0; i < INNER.length; i++) {
            edges.add((int) Math.round(INNER[i] / ALIGNED * x.size(i < 2 ? 2 : 3)));
        }
        return x.slice(2, edges.get(0), edges.get(1)).slice(3, edges.get(2), edges.get(3)).contiguous();
    }

    /**
     * Adds the terms of one reconstruction.
     *
     * @param picture [N, 3, H, W] of the target's size
     * @param codes [N, styles, wDim], the average included
     */
    void add(Sum sum, Tensor picture, Target target, Tensor codes) {
        if (weights.id() > 0) {
            sum.add("loss_id", weights.id(), unlike(tools.identity(), picture, target.identity));
        }
        if (weights.l2() > 0) {
            sum.add("loss_l2", weights.l2(), PixelDistance.l2(picture, target.picture).mean());
        }
        if (weights.lpips() > 0) {
            sum.add("loss_lpips", weights.lpips(), tools.perceptual()
                    .between(target.features, tools.perceptual().features(picture)).mean());
        }
        if (weights.lpipsCrop() > 0) {
            sum.add("loss_lpips_crop", weights.lpipsCrop(), tools.perceptual()
                    .between(target.cropFeatures, tools.perceptual().features(inner(picture))).mean());
        }
        if (weights.l2Crop() > 0) {
            sum.add("loss_l2_crop", weights.l2Crop(),
                    PixelDistance.l2(inner(picture), inner(target.picture)).mean());
        }
        if (weights.wNorm() > 0) {
            sum.add("loss_w_norm", weights.wNorm(), LatentNorm.wNorm(codes, average));
        }
        if (weights.moco() > 0) {
            sum.add("loss_moco", weights.moco(), unlike(tools.similarity(), picture, target.similarity));
        }
    }

    private static Tensor unlike(IdentityEmbedding network, Tensor picture, Tensor target) {
        return network.embed(picture).mul(target).sum(1).mean().neg().add(1);
    }
}
