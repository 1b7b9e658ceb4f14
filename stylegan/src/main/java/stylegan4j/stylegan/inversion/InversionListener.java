package stylegan4j.stylegan.inversion;

import stylegan4j.tensor.Tensor;

/** Watches an inversion, and may end it. */
@FunctionalInterface
public interface InversionListener {
    /** Goes on to the end. */
    InversionListener NONE = (step, codes) -> true;

    /**
     * Called after each step.
     *
     * @param codes [N, num_ws, w_dim] after the step; valid during this call
     * @return whether to go on; if not, the result is what there is by now
     */
    boolean step(InversionStep step, Tensor codes);
}
