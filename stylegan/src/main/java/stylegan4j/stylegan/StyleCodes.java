package stylegan4j.stylegan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import stylegan4j.tensor.Tensor;

/**
 * A point of S space (arXiv 2011.12799): the styles of every layer, as its affine transformation gives them.
 *
 * @param layers [N, C] by layer name ({@code b4.conv1}, {@code b4.torgb}, {@code b8.conv0}, …), in the order of
 *     synthesis; C is the layer's number of input channels
 */
public record StyleCodes(Map<String, Tensor> layers) {
    public StyleCodes {
        layers = Collections.unmodifiableMap(new LinkedHashMap<>(layers));
    }

    /**
     * The styles of one layer, [N, C].
     *
     * @throws IllegalArgumentException if there is no such layer
     */
    public Tensor of(String layer) {
        Tensor styles = layers.get(layer);
        if (styles == null) {
            throw new IllegalArgumentException("styles: no layer " + layer + ", there are " + layers.keySet());
        }
        return styles;
    }

    /** The same with one layer's styles replaced. */
    public StyleCodes with(String layer, Tensor styles) {
        of(layer);
        Map<String, Tensor> changed = new LinkedHashMap<>(layers);
        changed.put(layer, styles);
        return new StyleCodes(changed);
    }
}
