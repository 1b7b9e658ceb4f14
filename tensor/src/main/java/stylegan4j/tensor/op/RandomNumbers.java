package stylegan4j.tensor.op;

import stylegan4j.kernels.Distribution;
import stylegan4j.tensor.Tensor;

/**
 * A stream of random tensors from a seed: the same numbers on every device and for every number of threads. Each call
 * goes on where the last one stopped.
 */
public final class RandomNumbers {
    private final long seed;
    private long next;

    public RandomNumbers(long seed) {
        this.seed = seed;
    }

    /** Independent normal numbers, mean 0, variance 1. */
    public Tensor normal(int... shape) {
        return draw(Distribution.NORMAL, shape);
    }

    /** Independent uniform numbers in [0, 1). */
    public Tensor uniform(int... shape) {
        return draw(Distribution.UNIFORM, shape);
    }

    /** How many numbers were drawn: with the seed, the whole state. */
    public long position() {
        return next;
    }

    /** Goes on from an earlier {@link #position()}. */
    public void seek(long position) {
        next = position;
    }

    private Tensor draw(Distribution distribution, int... shape) {
        Tensor y = Tensor.allocate(shape);
        y.backend().random(distribution, seed, next, y.array());
        next = Math.ceilDiv(next + y.numel(), 4) * 4;
        return y;
    }
}
