package stylegan4j.stylegan.encoder.train;

import stylegan4j.nn.optim.Adam;
import stylegan4j.nn.optim.LearningRate;
import stylegan4j.nn.optim.Ranger;
import stylegan4j.nn.optim.UpdateRule;
import stylegan4j.stylegan.encoder.EncoderKind;

/**
 * What decides the bytes of an encoder's training, beside data, generator and the networks that compare pictures.
 *
 * @param batch pictures in a step
 * @param steps length of the training
 * @param rule how weights follow gradients
 * @param schedule how the learning rate changes over the steps
 * @param startFromAverage whether codes are offsets from the generator's average one
 * @param trainDecoder whether the generator learns too
 * @param passes ReStyle's steps on each batch ({@code n_iters_per_batch})
 * @param testPasses its steps in validation, and of the model that is saved
 * @param deltaWeight of the norm of e4e's offsets
 */
public record EncoderTrainingOptions(EncoderKind kind, long seed, int batch, long steps, Rule rule, Schedule schedule,
                                     double learningRate, boolean startFromAverage, boolean trainDecoder, int passes,
                                     int testPasses, LossWeights losses, Stages stages, double deltaWeight,
                                     LatentGame latentGame, PictureGame pictureGame) {
    /** How weights follow gradients. */
    public enum Rule {
        /** pSp's, e4e's and ReStyle's. */
        RANGER,
        ADAM,
        /** Adam with IDInvert's constants. */
        IDINVERT;

        UpdateRule update() {
            return switch (this) {
                case RANGER -> Ranger.rule();
                case ADAM -> Adam.of(0.9, 0.999);
                case IDINVERT -> Adam.of(0.9, 0.99);
            };
        }
    }

    /** How the learning rate changes. */
    public enum Schedule {
        /** As published for pSp, e4e and ReStyle. */
        CONSTANT,
        /** IDInvert's: by a factor of 0.8 over each quarter of the steps. */
        EXPONENTIAL,
        /** Along half a cosine to zero, for short trainings. */
        COSINE;

        LearningRate of(double rate, long steps) {
            return switch (this) {
                case CONSTANT -> LearningRate.constant(rate);
                case EXPONENTIAL -> LearningRate.exponential(rate, Math.pow(0.8, 4.0 / steps));
                case COSINE -> LearningRate.cosine(rate, 0, steps);
            };
        }
    }

    public EncoderTrainingOptions {
        if (batch < 1 || steps < 1 || passes < 1 || testPasses < 1 || !(learningRate > 0) || !(deltaWeight >= 0)) {
            throw new IllegalArgumentException("encoder training: expected batch, steps and passes from 1 on, a "
                    + "learning rate above 0 and delta_norm_lambda from 0 on, got " + batch + ", " + steps + ", "
                    + passes + ", " + learningRate + " and " + deltaWeight);
        }
    }
}
