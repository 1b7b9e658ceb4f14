package stylegan4j.stylegan.encoder.train;

import java.util.SplittableRandom;
import stylegan4j.tensor.Tensor;

/**
 * What an encoder reads, and what it is to make of it. Inversion reads the picture it is to make; tasks of translation
 * make their inputs of pictures, or read pictures of another kind.
 */
@FunctionalInterface
public interface EncodingTask {
    /** The task of inversion. */
    EncodingTask INVERSION = (sources, targets, random) -> new Pair(sources, targets);

    /**
     * A batch as the networks see it.
     *
     * @param source [N, channels of the encoder, H, W]
     * @param target [N, 3, H, W] in −1…1
     */
    record Pair(Tensor source, Tensor target) {
    }

    /**
     * Makes the encoder's input; called without recording gradients.
     *
     * @param sources [N, C, H, W] in −1…1 as read; the targets again where there are no pictures of another kind
     * @param targets [N, 3, H, W] in −1…1
     * @param random depends on the step alone, and in validation on the place of the batch
     */
    Pair pair(Tensor sources, Tensor targets, SplittableRandom random);

    /** An encoder's inputs [N, C, H, W] as people look at them: [N, 3, H, W] in −1…1. */
    default Tensor shown(Tensor inputs) {
        return inputs;
    }
}
