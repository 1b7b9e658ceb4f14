package stylegan4j.nn;

import java.util.Arrays;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.MatMul;

/**
 * Scaled dot-product attention of several heads (Vaswani et al. 2017, section 3.2; torch.nn.MultiheadAttention, and its
 * first values).
 */
public final class MultiheadAttention extends Module {
    private final int heads;
    private final Tensor inProjectionWeight;
    private final Tensor inProjectionBias;
    private final Linear outProjection;
    private final Dropout dropout;

    /**
     * @param features a multiple of {@code heads}
     * @param dropout of the attention weights in training, or null for none
     */
    public MultiheadAttention(int features, int heads, Dropout dropout, Initializer init) {
        if (heads < 1 || features % heads != 0) {
            throw new IllegalArgumentException("multiheadAttention: " + features + " features do not divide into "
                    + heads + " heads");
        }
        this.heads = heads;
        this.inProjectionWeight = parameter("in_proj_weight", init.xavierUniform(3 * features, features));
        this.inProjectionBias = parameter("in_proj_bias", Tensor.zeros(3 * features));
        this.outProjection = child("out_proj", new Linear(features, features, true, init));
        outProjection.parameters().get("bias").assign(Tensor.zeros(features));
        this.dropout = dropout == null ? null : child("dropout", dropout);
    }

    /** {@link #forward(Tensor, Tensor, Tensor, Tensor)} without a mask. */
    public Tensor forward(Tensor query, Tensor key, Tensor value) {
        return forward(query, key, value, null);
    }

    /**
     * @param query [L, N, E]
     * @param key [S, N, E]
     * @param value [S, N, E]
     * @param mask [L, S], added to the scores before the softmax (−∞ hides), or null
     * @return [L, N, E]
     * @throws IllegalArgumentException if shapes do not fit together
     */
    public Tensor forward(Tensor query, Tensor key, Tensor value, Tensor mask) {
        check(query, key, value);
        int features = query.size(2);
        // [N·heads, L, d], [N·heads, d, S], [N·heads, S, d]
        Tensor q = heads(project(query, 0).mul(1 / Math.sqrt(features / heads)));
        Tensor k = heads(project(key, 1)).t();
        Tensor v = heads(project(value, 2));
        Tensor scores = q.matmul(k);
        Tensor weights = (mask == null ? scores : scores.add(mask)).softmax();
        Tensor attended = (dropout == null ? weights : dropout.forward(weights)).matmul(v);
        return outProjection.forward(attended.transpose(0, 1).reshape(query.shape()));
    }

    /** One of the three stacked projections, 0 for queries, 1 for keys, 2 for values. */
    private Tensor project(Tensor x, int which) {
        int features = x.size(2);
        return MatMul.linear(x, inProjectionWeight.slice(0, which * features, (which + 1) * features),
                inProjectionBias.slice(0, which * features, (which + 1) * features));
    }

    /** [L, N, E] → [N·heads, L, E/heads] */
    private Tensor heads(Tensor x) {
        return x.reshape(x.size(0), x.size(1) * heads, x.size(2) / heads).transpose(0, 1);
    }

    private void check(Tensor query, Tensor key, Tensor value) {
        int features = inProjectionWeight.size(1);
        boolean fits = query.rank() == 3 && key.rank() == 3 && query.size(2) == features && key.size(2) == features
                && query.size(1) == key.size(1) && Arrays.equals(key.shape(), value.shape());
        if (!fits) {
            throw new IllegalArgumentException("multiheadAttention: expected query [L, N, " + features
                    + "], key and value [S, N, " + features + "], got " + query.describe() + ", " + key.describe()
                    + ", " + value.describe());
        }
    }
}
