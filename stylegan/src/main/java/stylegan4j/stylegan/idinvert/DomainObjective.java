package stylegan4j.stylegan.idinvert;

import java.util.List;
import java.util.function.UnaryOperator;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.stylegan.loss.PixelDistance;
import stylegan4j.tensor.Tensor;

/**
 * What domain-regularised optimisation minimises (arXiv 2004.00049, equation 5; {@code utils/inverter.py}): pixels,
 * features, and the distance of a code from what the encoder makes of its picture.
 *
 * @param generator codes [N, num_ws, w_dim] → pictures [N, 3, H, W]
 * @param encoder pictures → codes
 * @param perceptual distance of features
 */
public record DomainObjective(UnaryOperator<Tensor> generator, UnaryOperator<Tensor> encoder,
                              PerceptualDistance perceptual, double perceptualWeight, double domainWeight) {
    /** Goes with {@link stylegan4j.stylegan.feature.CaffeVgg16Distance#OFFICIAL_WEIGHT}. */
    public static final double OFFICIAL_DOMAIN_WEIGHT = 2;

    /**
     * The three terms, unweighted, [N] each.
     *
     * @param pixels mean squared difference of colours
     * @param features the perceptual distance
     * @param domain mean squared difference of codes
     */
    public record Terms(Tensor pixels, Tensor features, Tensor domain) {
    }

    /** @param targetFeatures the target's, from {@link PerceptualDistance#features} */
    public Terms terms(Tensor codes, Tensor target, List<Tensor> targetFeatures) {
        Tensor picture = generator.apply(codes);
        return new Terms(PixelDistance.l2(target, picture),
                perceptual.between(targetFeatures, perceptual.features(picture)),
                PixelDistance.l2(codes, encoder.apply(picture)));
    }

    /** The weighted sum, [N]. */
    public Tensor loss(Terms terms) {
        return terms.pixels.add(terms.features.mul(perceptualWeight)).add(terms.domain.mul(domainWeight));
    }
}
