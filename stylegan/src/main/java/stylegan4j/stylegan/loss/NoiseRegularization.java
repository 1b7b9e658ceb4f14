package stylegan4j.stylegan.loss;

import java.util.Collection;
import java.util.List;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Interpolation;
import stylegan4j.tensor.op.Reductions;
import stylegan4j.tensor.op.Views;

/**
 * Keeps optimised noise maps noise, so that they do not carry the picture (arXiv 1912.04958, appendix D;
 * stylegan2-ada-pytorch, {@code projector.py}; stylegan2-pytorch, {@code projector.py}). Maps are [N, 1, H, W], one
 * for each picture, and independent of each other.
 */
public final class NoiseRegularization {
    /** The weight of both official projectors. */
    public static final double WEIGHT = 1e5;

    private static final int SMALLEST = 8;

    private NoiseRegularization() {
    }

    /** Sum of {@link #of(Tensor)} over maps, a scalar. */
    public static Tensor of(Collection<Tensor> maps) {
        return maps.stream().map(NoiseRegularization::of).reduce(Tensor::add).orElseGet(() -> Tensor.scalar(0));
    }

    /** Sum of {@link #each} over the batch, a scalar. */
    public static Tensor of(Tensor map) {
        return each(map).sum();
    }

    /** Squared correlation with the neighbour to the left and above, over a pyramid of halvings down to 8×8, [N]. */
    public static Tensor each(Tensor map) {
        Tensor level = map;
        Tensor loss = correlation(level);
        while (level.size(2) > SMALLEST) {
            level = Interpolation.avgPool2d(level, 2, 2, 0);
            loss = loss.add(correlation(level));
        }
        return loss;
    }

    private static Tensor correlation(Tensor map) {
        return meanOfProducts(map, rolled(map, 3)).square().add(meanOfProducts(map, rolled(map, 2)).square());
    }

    private static Tensor meanOfProducts(Tensor a, Tensor b) {
        return Reductions.sumOfProducts(a, b, false, 1, 2, 3).div((double) a.size(1) * a.size(2) * a.size(3));
    }

    /** Each element moves one step on, the last one to the front. */
    private static Tensor rolled(Tensor map, int dim) {
        int size = map.size(dim);
        return Views.concat(List.of(map.slice(dim, size - 1, size), map.slice(dim, 0, size - 1)), dim);
    }

    /** NVlabs' rule: mean 0, mean square 1. */
    public static Tensor normalized(Tensor map) {
        Tensor centred = map.sub(map.meanKeep(1, 2, 3));
        return centred.mul(centred.square().meanKeep(1, 2, 3).rsqrt());
    }

    /** rosinality's rule: mean 0, unbiased variance 1. */
    public static Tensor normalizedUnbiased(Tensor map) {
        Tensor centred = map.sub(map.meanKeep(1, 2, 3));
        double n = (double) map.size(1) * map.size(2) * map.size(3);
        return centred.div(centred.square().sumKeep(1, 2, 3).div(n - 1).sqrt());
    }
}
