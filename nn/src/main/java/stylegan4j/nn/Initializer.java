package stylegan4j.nn;

import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/** Where the first values of randomly initialised weights come from. */
@FunctionalInterface
public interface Initializer {
    /** Zeros, for a network whose values are about to be loaded. */
    Initializer NONE = Tensor::zeros;

    /** Independent normal numbers, mean 0, variance 1: what equalised-learning-rate layers start from. */
    Tensor normal(int... shape);

    /** Weights that depend on the seed alone. */
    static Initializer random(long seed) {
        return new RandomNumbers(seed)::normal;
    }
}
