package stylegan4j.stylegan.inversion;

import java.util.Map;
import stylegan4j.nn.optim.LearningRate;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.encoder.EncoderModel;
import stylegan4j.stylegan.feature.CaffeVgg16Distance;
import stylegan4j.stylegan.idinvert.DomainObjective;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * In-domain inversion (IDInvert, arXiv 2004.00049, section 3.2): codes begin where an encoder puts them, and are
 * optimised for pixels and features while what the encoder makes of their picture stays near them.
 *
 * @param model the encoder
 * @param distance of features
 * @param steps 100 in the official code
 * @param learningRate of Adam
 * @param perceptualWeight factor of the distance
 * @param domainWeight factor of the mean squared difference from the encoder's codes
 */
public record DomainInversion(EncoderModel model, PerceptualDistance distance, int steps, double learningRate,
                              double perceptualWeight, double domainWeight) implements Inversion {
    /** The phase's name. */
    public static final String PHASE = "in-domain optimisation";

    public DomainInversion {
        if (steps < 1) {
            throw new IllegalArgumentException("idInvert: expected at least one step, got " + steps);
        }
    }

    /** The official settings, with weight 1 for a distance of LPIPS' range where it is not that of raw features. */
    public static DomainInversion of(EncoderModel model, PerceptualDistance distance) {
        double perceptual = distance instanceof CaffeVgg16Distance ? CaffeVgg16Distance.OFFICIAL_WEIGHT : 1;
        return new DomainInversion(model, distance, 100, 0.01, perceptual, DomainObjective.OFFICIAL_DOMAIN_WEIGHT);
    }

    public DomainInversion withSteps(int value) {
        return new DomainInversion(model, distance, value, learningRate, perceptualWeight, domainWeight);
    }

    public DomainInversion withLearningRate(double value) {
        return new DomainInversion(model, distance, steps, value, perceptualWeight, domainWeight);
    }

    public DomainInversion withWeights(double perceptual, double domain) {
        return new DomainInversion(model, distance, steps, learningRate, perceptual, domain);
    }

    @Override
    public InversionResult invert(Generator generator, Tensor targets, InversionRun run) {
        Session session = new Session(run);
        EncoderModel with = new EncoderModel(model.kind(), model.encoder(), generator, model.average(), model.steps());
        DomainObjective objective = new DomainObjective(codes -> generator.synthesis(codes, Noise.CONST),
                with::encode, distance, perceptualWeight, domainWeight);
        try (Scope scope = Scope.open()) {
            Tensor code = Autograd.noGrad(() -> Copies.of(with.encode(targets)));
            var features = Autograd.noGrad(() -> distance.features(targets));
            boolean complete = new Optimization(session, PHASE, steps, LearningRate.constant(learningRate),
                    Map.of(Image2StyleGan.CODE, code), generator).minimize(step -> Optimization.Loss.of(
                            objective.loss(objective.terms(code, targets, features))), () -> code);
            return new InversionResult(scope.release(code), Map.of(), generator, session.history(),
                    session.seconds(), complete);
        }
    }
}
