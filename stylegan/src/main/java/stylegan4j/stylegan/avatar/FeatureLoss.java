package stylegan4j.stylegan.avatar;

import java.util.List;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Views;

/** What the feature network is trained by. */
final class FeatureLoss {
    /** Of the contrastive loss (arXiv 2002.05709, section 5.1). */
    private static final double TEMPERATURE = 0.1;
    /** Takes a picture's similarity to itself out of a softmax. */
    private static final double NEVER = 1e4;

    private FeatureLoss() {
    }

    /**
     * Cross-entropy of each attribute's softmax, averaged over attributes and pictures.
     *
     * @param scores [N, L]
     * @param labels [N, L], a one-hot run for each attribute
     * @return a scalar
     */
    static Tensor attributes(Tensor scores, Tensor labels, AvatarVocabulary vocabulary) {
        Tensor sum = null;
        int offset = 0;
        for (AvatarVocabulary.Attribute attribute : vocabulary.attributes()) {
            int end = offset + attribute.values().size();
            Tensor term = scores.slice(1, offset, end).logSoftmax().mul(labels.slice(1, offset, end)).sum();
            sum = sum == null ? term : sum.add(term);
            offset = end;
        }
        return sum.mul(-1.0 / (scores.size(0) * vocabulary.attributes().size()));
    }

    /**
     * An avatar's embedding is to be found by its other view's, and the other way round, among all others
     * (arXiv 2002.05709, equation 1).
     *
     * @param embeddings [N + P, D], rows of norm 1; the last P are of the same avatars as the first P
     * @return a scalar
     */
    static Tensor contrastive(Tensor embeddings, int pairs) {
        int all = embeddings.size(0);
        Tensor logits = embeddings.matmul(embeddings.t()).mul(1 / TEMPERATURE).sub(Tensor.eye(all).mul(NEVER));
        float[] same = new float[all * all];
        for (int i = 0; i < pairs; i++) {
            int other = all - pairs + i;
            same[i * all + other] = 1;
            same[other * all + i] = 1;
        }
        return logits.logSoftmax().mul(Tensor.of(same, all, all)).sum().mul(-1.0 / (2 * pairs));
    }
}
