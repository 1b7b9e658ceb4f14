package stylegan4j.stylegan.loss;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

    /** Sum of {@link #each} over the batch, a scalar. */
    public static Tensor of(Collection<Tensor> maps) {
        return each(maps).sum();
    }

    /** {@link #of(Collection)} of one map. */
    public static Tensor of(Tensor map) {
        return of(List.of(map));
    }

    /**
     * Squared correlation with the neighbour to the left and above, over a pyramid of halvings down to 8×8, summed over
     * the maps, [N]. Maps and levels of one size go through it together: most are so small that the number of
     * operations decides.
     *
     * @param maps [N, 1, H, W] each, one or more
     */
    public static Tensor each(Collection<Tensor> maps) {
        TreeMap<Size, List<Tensor>> waiting = new TreeMap<>();
        maps.forEach(map -> waiting.computeIfAbsent(Size.of(map), size -> new ArrayList<>()).add(map));
        Tensor loss = null;
        while (!waiting.isEmpty()) {
            Map.Entry<Size, List<Tensor>> largest = waiting.pollLastEntry();
            List<Tensor> same = largest.getValue();
            Tensor level = same.size() == 1 ? same.getFirst() : Views.concat(same, 1);
            Tensor correlation = correlation(level);
            loss = loss == null ? correlation : loss.add(correlation);
            if (largest.getKey().height > SMALLEST) {
                Tensor half = Interpolation.avgPool2d(level, 2, 2, 0);
                waiting.computeIfAbsent(Size.of(half), size -> new ArrayList<>()).add(half);
            }
        }
        return loss;
    }

    private record Size(int height, int width) implements Comparable<Size> {
        private static final Comparator<Size> ORDER = Comparator.comparingInt(Size::height)
                .thenComparingInt(Size::width);

        static Size of(Tensor map) {
            return new Size(map.size(2), map.size(3));
        }

        @Override
        public int compareTo(Size other) {
            return ORDER.compare(this, other);
        }
    }

    /** Of maps [N, M, H, W], summed over M. */
    private static Tensor correlation(Tensor maps) {
        return meanOfProducts(maps, rolled(maps, 3)).square().add(meanOfProducts(maps, rolled(maps, 2)).square())
                .sum(1);
    }

    private static Tensor meanOfProducts(Tensor a, Tensor b) {
        return Reductions.sumOfProducts(a, b, false, 2, 3).div((double) a.size(2) * a.size(3));
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
