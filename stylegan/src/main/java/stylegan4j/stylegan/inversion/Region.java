package stylegan4j.stylegan.inversion;

import java.util.ArrayList;
import java.util.List;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Interpolation;
import stylegan4j.tensor.op.Interpolation.Mode;
import stylegan4j.tensor.op.Pointwise;

/** A picture that is wanted under a mask. */
final class Region {
    private static final Pointwise MASKED_SQUARES = Pointwise.of("masked squares", 3,
            x -> x.get(0).sub(x.get(1)).mul(x.get(2)).square());

    private final PerceptualDistance distance;
    private final Tensor mask;
    private final Tensor picture;
    private final Tensor masked;
    private final List<Tensor> features;

    /**
     * @param mask [N or 1, 1, H, W], 0 … 1
     * @param picture [N, 3, H, W]
     */
    Region(PerceptualDistance distance, Tensor mask, Tensor picture) {
        this.distance = distance;
        this.mask = mask;
        this.picture = picture;
        this.masked = Autograd.noGrad(() -> picture.mul(mask));
        this.features = Autograd.noGrad(() -> distance.features(masked));
    }

    /** Perceptual distance under the mask, [N]. */
    Tensor perceptual(Tensor made) {
        return distance.between(distance.features(made.mul(mask)), features);
    }

    /** Mean over all pixels of the squared difference under the mask, [N]. */
    Tensor pixels(Tensor made) {
        return MASKED_SQUARES.apply(made, picture, mask).mean(1, 2, 3);
    }

    /** Mean squared difference of the features' Gram matrices under the mask, summed over the layers, [N]. */
    Tensor style(Tensor made) {
        List<Tensor> got = grams(distance.features(made.mul(mask)));
        List<Tensor> wanted = Autograd.noGrad(() -> grams(features));
        Tensor sum = null;
        for (int i = 0; i < got.size(); i++) {
            Tensor difference = got.get(i).sub(wanted.get(i)).square().mean(1, 2);
            sum = sum == null ? difference : sum.add(difference);
        }
        return sum;
    }

    private List<Tensor> grams(List<Tensor> layers) {
        List<Tensor> grams = new ArrayList<>();
        for (Tensor layer : layers) {
            Tensor share = Interpolation.interpolate(mask, layer.size(2), layer.size(3), Mode.AREA);
            Tensor rows = layer.mul(share).flatten(2, 3);
            Tensor area = share.sumKeep(1, 2, 3).squeeze(3).add(1e-8);
            grams.add(rows.matmul(rows.t()).div(area));
        }
        return grams;
    }
}
