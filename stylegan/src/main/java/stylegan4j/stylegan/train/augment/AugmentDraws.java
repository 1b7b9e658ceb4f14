package stylegan4j.stylegan.train.augment;

import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/** Where an augment pipe's random numbers come from, in the order it asks for them. */
public interface AugmentDraws {
    /** n numbers in [0, 1). */
    float[] uniform(int n);

    /** n normal numbers, mean 0, variance 1. */
    float[] normal(int n);

    /** A field of normal numbers. */
    Tensor normalField(int... shape);

    static AugmentDraws of(RandomNumbers numbers) {
        return new AugmentDraws() {
            @Override
            public float[] uniform(int n) {
                try (var _ = Scope.open()) {
                    return numbers.uniform(n).toArray();
                }
            }

            @Override
            public float[] normal(int n) {
                try (var _ = Scope.open()) {
                    return numbers.normal(n).toArray();
                }
            }

            @Override
            public Tensor normalField(int... shape) {
                return numbers.normal(shape);
            }
        };
    }
}
