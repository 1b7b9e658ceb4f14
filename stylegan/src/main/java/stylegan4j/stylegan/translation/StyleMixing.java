package stylegan4j.stylegan.translation;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.LatentCodes;
import stylegan4j.stylegan.Truncation;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * Several results of one input: some layers of its code are mixed with those of random codes (arXiv 2008.00951,
 * section 4.3; pixel2style2pixel, {@code scripts/style_mixing.py}).
 *
 * @param layers that are mixed: {@code latent_mask}
 * @param alpha weight of the random code: {@code mix_alpha}; 1 replaces the layers
 * @param outputs of each input: {@code n_outputs_to_generate}
 */
public record StyleMixing(List<Integer> layers, double alpha, int outputs) {
    /** The first of the layers that the official examples mix; the others follow. */
    public static final int FIRST_LAYER = 8;

    /** @throws IllegalArgumentException if there are no outputs, or alpha is not a number from 0 to 1 */
    public StyleMixing {
        if (outputs < 1) {
            throw new IllegalArgumentException("styleMixing: outputs expected from 1 on, got " + outputs);
        }
        if (!(alpha >= 0 && alpha <= 1)) {
            throw new IllegalArgumentException("styleMixing: alpha expected from 0 to 1, got " + alpha);
        }
        layers = List.copyOf(layers);
    }

    /** The layers that the official examples mix, of a generator with so many. */
    public static List<Integer> fineLayers(int styles) {
        return IntStream.range(Math.min(FIRST_LAYER, styles - 1), styles).boxed().toList();
    }

    /**
     * The mixed codes of one input.
     *
     * @param code [1, styles, wDim]
     * @param label [1, c_dim], or null for a generator without classes
     * @param firstSeed of the random codes, which are those of this seed and the ones after it
     * @return [outputs, styles, wDim]
     * @throws IllegalArgumentException if the generator has no such layer
     */
    public Tensor mix(Generator generator, Tensor code, Tensor label, long firstSeed) {
        return Scope.local(() -> {
            Tensor z = generator.latents(LongStream.range(firstSeed, firstSeed + outputs).toArray());
            Tensor random = generator.mapping(z, label == null ? null : label.expand(outputs, -1), Truncation.NONE);
            return LatentCodes.mix(code.expand(outputs, -1, -1), random, alpha,
                    layers.stream().mapToInt(Integer::intValue).toArray());
        });
    }
}
