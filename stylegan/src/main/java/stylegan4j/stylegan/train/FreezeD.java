package stylegan4j.stylegan.train;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import stylegan4j.stylegan.Discriminator;
import stylegan4j.tensor.Tensor;

/** Keeps a discriminator's first layers as they are, for transfer to little data (arXiv 2002.10964). */
final class FreezeD {
    private static final String LAST_BLOCK = "b4.";

    private FreezeD() {
    }

    /**
     * The parameters that are trained.
     *
     * @param layers how many layers keep their weights, counted from the picture on as the official code does: the
     *     layers of each block in their order, not those of the last block
     * @throws IllegalArgumentException if there are fewer layers
     */
    static Map<String, Tensor> trained(Discriminator discriminator, int layers) {
        Map<String, Tensor> parameters = new LinkedHashMap<>(discriminator.parameters());
        Set<String> order = new LinkedHashSet<>();
        for (String name : parameters.keySet()) {
            if (name.startsWith("b") && !name.startsWith(LAST_BLOCK)) {
                order.add(name.substring(0, name.lastIndexOf('.')));
            }
        }
        if (layers < 0 || layers > order.size()) {
            throw new IllegalArgumentException("freeze-D: layers expected 0 to " + order.size() + ", got " + layers);
        }
        Set<String> frozen = new LinkedHashSet<>(order.stream().limit(layers).toList());
        parameters.keySet().removeIf(name -> frozen.contains(name.substring(0, name.lastIndexOf('.'))));
        return parameters;
    }
}
