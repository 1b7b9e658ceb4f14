package stylegan4j.stylegan.inversion;

import java.util.Map;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;

/**
 * What an {@link Inversion} found.
 *
 * @param codes [N, num_ws, w_dim]
 * @param noiseMaps [N, 1, H, W] by layer, optimised ones; empty if the generator's own are meant
 * @param generator the one that shows the pictures: the given one, or a tuned copy
 * @param history losses of each phase
 * @param seconds how long it took, interruptions left out
 * @param complete false if a listener ended it early
 */
public record InversionResult(Tensor codes, Map<String, Tensor> noiseMaps, Generator generator, LossHistory history,
                              double seconds, boolean complete) {
    /** The noise to synthesise with. */
    public Noise noise() {
        return noiseMaps.isEmpty() ? Noise.CONST : Noise.of(noiseMaps);
    }

    /** The pictures found, [N, 3, H, W], −1…1. */
    public Tensor picture() {
        return Autograd.noGrad(() -> generator.synthesis(codes, noise()));
    }
}
