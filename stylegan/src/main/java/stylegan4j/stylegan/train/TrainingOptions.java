package stylegan4j.stylegan.train;

/**
 * Everything that decides the bytes of a training but the data's pictures and the weights it starts from.
 *
 * @param data folder or zip archive of pictures
 * @param conditional whether the networks get the labels
 * @param mirror whether the mirror image of every picture is trained on too
 * @param seed of initial weights, order of pictures and everything random
 * @param batch pictures in an iteration
 * @param freezeD how many layers of the discriminator, from the picture on, keep their weights
 */
public record TrainingOptions(String data, boolean conditional, boolean mirror, long seed, int batch,
                              NetworkShape networks, LossOptions loss, OptimizerOptions optimizers,
                              AugmentOptions augment, int freezeD) {
    public TrainingOptions {
        if (batch < 1) {
            throw new IllegalArgumentException("training: batch expected at least 1, got " + batch);
        }
        if (batch % Math.min(batch, networks.mbstdGroup()) != 0) {
            throw new IllegalArgumentException("training: batch " + batch + " is not divided by groups of "
                    + networks.mbstdGroup() + " for the minibatch standard deviation");
        }
    }
}
