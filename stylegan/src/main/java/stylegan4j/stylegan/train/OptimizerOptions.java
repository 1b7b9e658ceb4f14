package stylegan4j.stylegan.train;

import stylegan4j.nn.optim.Adam;
import stylegan4j.nn.optim.LazyRegularization;

/**
 * How weights are updated.
 *
 * @param learningRate of both networks
 * @param emaKimg half-life of the averaged generator, in thousands of pictures
 * @param emaRampUp bound on the half-life as a share of the pictures so far, 0 for none
 */
public record OptimizerOptions(double learningRate, double emaKimg, double emaRampUp) {
    /** Iterations from one path length regularisation to the next. */
    static final LazyRegularization GENERATOR = new LazyRegularization(4);

    /** Iterations from one R1 to the next. */
    static final LazyRegularization DISCRIMINATOR = new LazyRegularization(16);

    static final Adam ADAM = Adam.of(0, 0.99);

    public OptimizerOptions {
        if (!(learningRate > 0) || !(emaKimg > 0) || !(emaRampUp >= 0)) {
            throw new IllegalArgumentException("training: expected a learning rate and a half-life of the average "
                    + "above 0, got " + learningRate + " and " + emaKimg);
        }
    }
}
