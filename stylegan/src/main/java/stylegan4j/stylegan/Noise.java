package stylegan4j.stylegan;

import java.util.Map;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/** The per-pixel noise that synthesis layers add, times their own strength. */
@FunctionalInterface
public interface Noise {
    /** The maps that the network was saved with: every picture has the same. */
    Noise CONST = (layer, batch, constant) -> constant;

    /** No noise. */
    Noise NONE = (layer, batch, constant) -> null;

    /**
     * The noise of one layer.
     *
     * @param layer its name, for example {@code b8.conv0}
     * @param batch N
     * @param constant the layer's own map [1, 1, H, W]
     * @return [1 or N, 1, H, W], or null for none
     */
    Tensor map(String layer, int batch, Tensor constant);

    /** Fresh normal noise for every picture, at every call. */
    static Noise random(RandomNumbers random) {
        return (layer, batch, constant) -> random.normal(batch, 1, constant.size(2), constant.size(3));
    }

    /**
     * Given maps, for example optimised ones.
     *
     * @param maps [1 or N, 1, H, W] for each layer, by its name
     */
    static Noise of(Map<String, Tensor> maps) {
        return (layer, batch, constant) -> {
            Tensor map = maps.get(layer);
            if (map == null) {
                throw new IllegalArgumentException("noise: no map for layer " + layer + ", given are "
                        + maps.keySet());
            }
            return map;
        };
    }
}
