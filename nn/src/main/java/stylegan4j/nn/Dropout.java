package stylegan4j.nn;

import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/** In training, zeroes elements at random and scales up the others, so that the mean stays; else does nothing. */
public final class Dropout extends Module implements Layer {
    private final double probability;
    private final RandomNumbers numbers;

    /**
     * @param probability of an element to become zero, 0 … 1
     * @param numbers where chance comes from, each call going on where the last one stopped
     */
    public Dropout(double probability, RandomNumbers numbers) {
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("dropout: probability expected 0..1, got " + probability);
        }
        this.probability = probability;
        this.numbers = numbers;
    }

    @Override
    public Tensor forward(Tensor x) {
        if (!isTraining() || probability == 0) {
            return x;
        }
        // Uniform numbers stay below 1, so that with probability 1 nothing is kept.
        Tensor kept = numbers.uniform(x.shape()).sub(probability).greater(0);
        return x.mul(probability == 1 ? kept : kept.div(1 - probability));
    }
}
