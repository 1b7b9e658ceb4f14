package stylegan4j.stylegan;

import java.util.Map;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Views;

/** Looks at what the layers of a synthesis network put out on the way. */
@FunctionalInterface
public interface LayerListener {
    /** Looks at nothing. */
    LayerListener NONE = (layer, output) -> { };

    /**
     * Called for each convolution ({@code b8.conv0}, after its activation), each {@code b8.torgb} (before it is added
     * to the picture so far), and the results of each block: features {@code b8.x} and picture {@code b8.img}.
     *
     * @param output [N, C, H, W], alive during this call only
     */
    void output(String layer, Tensor output);

    /** Keeps everything, connected to the gradient graph, in the scope that is open now. */
    static LayerListener collect(Map<String, Tensor> into) {
        Scope home = Scope.current();
        return (layer, output) -> into.put(layer, home.adopt(Views.identity(output)));
    }
}
