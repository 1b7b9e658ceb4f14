package stylegan4j.stylegan.loss;

import java.util.ArrayList;
import java.util.List;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Interpolation;

/**
 * A distance without a network: the mean squared difference of pixels, at the full size and at every halving down to 4
 * pixels, averaged over the sizes. Coarse sizes let shapes be found that do not overlap yet; what they are is not seen.
 */
public final class PixelPyramid implements PerceptualDistance {
    private static final int SMALLEST = 4;

    @Override
    public List<Tensor> features(Tensor pictures) {
        List<Tensor> levels = new ArrayList<>(List.of(pictures));
        while (Math.min(levels.getLast().size(2), levels.getLast().size(3)) >= 2 * SMALLEST) {
            levels.add(Interpolation.avgPool2d(levels.getLast(), 2, 2, 0));
        }
        return levels;
    }

    @Override
    public Tensor between(List<Tensor> a, List<Tensor> b) {
        Tensor sum = null;
        for (int i = 0; i < a.size(); i++) {
            Tensor level = PixelDistance.SQUARED_DIFFERENCE.apply(a.get(i), b.get(i)).mean(1, 2, 3);
            sum = sum == null ? level : sum.add(level);
        }
        return sum.div((double) a.size());
    }
}
