package stylegan4j.nn;

import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Indexing;

/** A table of trained vectors (torch.nn.Embedding; normal first values). */
public final class Embedding extends Module implements Layer {
    private final Tensor weight;

    /** @param rows number of vectors */
    public Embedding(int rows, int features, Initializer init) {
        weight = parameter("weight", init.normal(rows, features));
    }

    /** index [...] of type I32 → [..., features]. */
    @Override
    public Tensor forward(Tensor index) {
        return Indexing.embedding(weight, index);
    }
}
