package stylegan4j.stylegan.inversion;

import stylegan4j.stylegan.Generator;
import stylegan4j.tensor.Tensor;

/**
 * Finds what a generator needs to show given pictures. Methods are immutable; what belongs to one call (seed, listener,
 * journal) is in an {@link InversionRun}.
 *
 * {@snippet :
 * Inversion method = PivotalTuning.of(distance).withSteps(350);
 * InversionResult me = method.invert(generator, target, InversionRun.DEFAULT);
 * Tensor same = me.picture();
 * }
 */
@FunctionalInterface
public interface Inversion {
    /**
     * Inverts a batch. The result's tensors belong to the scope that is open when this is called.
     *
     * @param generator is not changed
     * @param targets pictures [N, 3, H, W] of the generator's size, −1…1
     * @throws IllegalArgumentException if the targets are not of the generator's size
     */
    InversionResult invert(Generator generator, Tensor targets, InversionRun run);
}
