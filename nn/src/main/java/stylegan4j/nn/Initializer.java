package stylegan4j.nn;

import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/**
 * Where the first values of randomly initialised weights come from. Fans are those of a weight [out, in, ...]: the
 * fan-in is in times the kernel's size, the fan-out is out times it.
 */
public interface Initializer {
    /** Zeros, for a network whose values are about to be loaded. */
    Initializer NONE = new Initializer() {
        @Override
        public Tensor normal(int... shape) {
            return Tensor.zeros(shape);
        }

        @Override
        public Tensor uniform(double bound, int... shape) {
            return Tensor.zeros(shape);
        }
    };

    /** Independent normal numbers, mean 0, variance 1: what equalised-learning-rate layers start from. */
    Tensor normal(int... shape);

    /** Independent uniform numbers in −bound … bound. */
    Tensor uniform(double bound, int... shape);

    /** Weights that depend on the seed alone. */
    static Initializer random(long seed) {
        return random(new RandomNumbers(seed));
    }

    /** Weights drawn from a stream, which goes on where others have stopped. */
    static Initializer random(RandomNumbers numbers) {
        return new Initializer() {
            @Override
            public Tensor normal(int... shape) {
                return numbers.normal(shape);
            }

            @Override
            public Tensor uniform(double bound, int... shape) {
                return Scope.local(() -> numbers.uniform(shape).mul(2 * bound).sub(bound));
            }
        };
    }

    /** Normal numbers of the given standard deviation. */
    default Tensor scaledNormal(double deviation, int... shape) {
        return Scope.local(() -> normal(shape).mul(deviation));
    }

    /**
     * Normal numbers that keep the variance of activations through a leaky ReLU (He et al. 2015, equations 10 and 15).
     *
     * @param slope of the leaky ReLU, 0 for a ReLU, 1 for none
     */
    default Tensor kaimingNormal(double slope, int... shape) {
        return scaledNormal(gain(slope) / Math.sqrt(fanIn(shape)), shape);
    }

    /** {@link #kaimingNormal} by the fan-out: keeps the variance of gradients (He et al. 2015, equation 14). */
    default Tensor kaimingNormalFanOut(double slope, int... shape) {
        return scaledNormal(gain(slope) / Math.sqrt(fanOut(shape)), shape);
    }

    /** Uniform numbers of the variance of {@link #kaimingNormal}. */
    default Tensor kaimingUniform(double slope, int... shape) {
        return uniform(gain(slope) * Math.sqrt(3.0 / fanIn(shape)), shape);
    }

    /** Normal numbers of variance 2 / (fan-in + fan-out) (Glorot and Bengio 2010, section 4.2.1). */
    default Tensor xavierNormal(int... shape) {
        return scaledNormal(Math.sqrt(2.0 / (fanIn(shape) + fanOut(shape))), shape);
    }

    /** Uniform numbers of the variance of {@link #xavierNormal}. */
    default Tensor xavierUniform(int... shape) {
        return uniform(Math.sqrt(6.0 / (fanIn(shape) + fanOut(shape))), shape);
    }

    private static double gain(double slope) {
        return Math.sqrt(2 / (1 + slope * slope));
    }

    private static long fanIn(int[] shape) {
        return kernelSize(shape) * shape[1];
    }

    private static long fanOut(int[] shape) {
        return kernelSize(shape) * shape[0];
    }

    private static long kernelSize(int[] shape) {
        if (shape.length < 2) {
            throw new IllegalArgumentException("initializer: fans need a weight of rank 2 or more, got rank "
                    + shape.length);
        }
        long size = 1;
        for (int i = 2; i < shape.length; i++) {
            size *= shape[i];
        }
        return size;
    }
}
