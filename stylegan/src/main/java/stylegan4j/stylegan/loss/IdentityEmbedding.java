package stylegan4j.stylegan.loss;

import stylegan4j.tensor.Tensor;

/** Who, or what, is in a picture: unit vectors whose dot product is the similarity. */
public interface IdentityEmbedding {
    /** Pictures [N, 3, H, W] in −1…1 → [N, D], each row of norm 1. */
    Tensor embed(Tensor pictures);

    /** Similarity of each pair of pictures, −1…1, [N]. */
    default Tensor similarity(Tensor x, Tensor y) {
        return embed(x).mul(embed(y)).sum(1);
    }
}
