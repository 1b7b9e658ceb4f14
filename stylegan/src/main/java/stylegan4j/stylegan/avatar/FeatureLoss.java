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
     * Each embedding is to find its other view among all the others (arXiv 2002.05709, equation 1).
     *
     * @param a [N, D], rows of norm 1
     * @param b [N, D], the same avatars seen otherwise
     * @return a scalar
     */
    static Tensor contrastive(Tensor a, Tensor b) {
        int n = a.size(0);
        Tensor all = Views.concat(List.of(a, b), 0);
        Tensor logits = all.matmul(all.t()).mul(1 / TEMPERATURE).sub(Tensor.eye(2 * n).mul(NEVER));
        float[] pairs = new float[4 * n * n];
        for (int i = 0; i < 2 * n; i++) {
            pairs[i * 2 * n + (i + n) % (2 * n)] = 1;
        }
        return logits.logSoftmax().mul(Tensor.of(pairs, 2 * n, 2 * n)).sum().mul(-1.0 / (2 * n));
    }
}
