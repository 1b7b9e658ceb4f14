package stylegan4j.nn;

import java.util.List;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** Layers one after another. Those that are modules are children named by their index, as in torch.nn.Sequential. */
public final class Sequential extends Module implements Layer {
    private final List<Layer> layers;

    public Sequential(List<? extends Layer> layers) {
        this.layers = List.copyOf(layers);
        for (int i = 0; i < layers.size(); i++) {
            if (layers.get(i) instanceof Module module) {
                child(Integer.toString(i), module);
            }
        }
    }

    public Sequential(Layer... layers) {
        this(List.of(layers));
    }

    /** Frees each layer's result when the next one has it, unless a gradient graph needs it. */
    @Override
    public Tensor forward(Tensor x) {
        Tensor y = x;
        for (Layer layer : layers) {
            Tensor in = y;
            y = Scope.local(() -> layer.forward(in));
            if (in != x && in != y) {
                in.close();
            }
        }
        return y;
    }
}
