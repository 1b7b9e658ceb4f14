package stylegan4j.stylegan.train;

import stylegan4j.kernels.DType;
import stylegan4j.kernels.Precision;

/**
 * Everything that decides the bytes of a training but the data's pictures and the weights it starts from.
 *
 * @param data folder or zip archive of pictures
 * @param conditional whether the networks get the labels
 * @param mirror whether the mirror image of every picture is trained on too
 * @param seed of initial weights, order of pictures and everything random
 * @param batch pictures in an iteration
 * @param freezeD how many layers of the discriminator, from the picture on, keep their weights
 * @param precision how a GPU computes: F16 and BF16 store the features of both networks' four highest resolutions so
 *     and clamp them, as the official code does (in F16); without effect on the CPU but for the clamp
 */
public record TrainingOptions(String data, boolean conditional, boolean mirror, long seed, int batch,
                              NetworkShape networks, LossOptions loss, OptimizerOptions optimizers,
                              AugmentOptions augment, int freezeD, Precision precision) {
    private static final int HALF_RESOLUTIONS = 4;
    private static final double HALF_CLAMP = 256;

    public TrainingOptions {
        // Runs of earlier versions did not name it.
        precision = precision == null ? Precision.F32 : precision;
        if (batch < 1) {
            throw new IllegalArgumentException("training: batch expected at least 1, got " + batch);
        }
        if (batch % Math.min(batch, networks.mbstdGroup()) != 0) {
            throw new IllegalArgumentException("training: batch " + batch + " is not divided by groups of "
                    + networks.mbstdGroup() + " for the minibatch standard deviation");
        }
    }

    /** In F32. */
    public TrainingOptions(String data, boolean conditional, boolean mirror, long seed, int batch,
                           NetworkShape networks, LossOptions loss, OptimizerOptions optimizers,
                           AugmentOptions augment, int freezeD) {
        this(data, conditional, mirror, seed, batch, networks, loss, optimizers, augment, freezeD, Precision.F32);
    }

    public TrainingOptions withPrecision(Precision value) {
        return new TrainingOptions(data, conditional, mirror, seed, batch, networks, loss, optimizers, augment, freezeD,
                value);
    }

    private boolean half() {
        return precision == Precision.F16 || precision == Precision.BF16;
    }

    /** The official {@code conv_clamp}. */
    double clamp() {
        return half() ? HALF_CLAMP : -1;
    }

    /** How features are stored in the {@link #halfResolutions}. */
    DType features() {
        return half() ? DType.valueOf(precision.name()) : DType.F32;
    }

    /** The official {@code num_fp16_res}. */
    int halfResolutions() {
        return half() ? HALF_RESOLUTIONS : 0;
    }
}
