package stylegan4j.stylegan;

import java.util.Arrays;
import stylegan4j.nn.Initializer;
import stylegan4j.tensor.Tensor;

/**
 * Zeros for a network that is about to be loaded. Its sizes are the file's word, so they are believed only as long as
 * the weights are not far more than the file holds; smaller differences are left to the comparison of shapes, which
 * can name the tensor.
 */
final class BoundedZeros implements Initializer {
    private static final double FACTOR = 2;
    private static final double ALLOWANCE = 1 << 20;

    private double left;

    /** @param elements that the file holds */
    BoundedZeros(long elements) {
        this.left = FACTOR * elements + ALLOWANCE;
    }

    @Override
    public Tensor normal(int... shape) {
        left -= Arrays.stream(shape).asDoubleStream().reduce(1, (a, b) -> a * b);
        if (left < 0) {
            throw new IllegalArgumentException("the network's sizes ask for far more weights than the file holds, "
                    + "at one of shape " + Arrays.toString(shape));
        }
        return Tensor.zeros(shape);
    }

    @Override
    public Tensor uniform(double bound, int... shape) {
        return normal(shape);
    }
}
