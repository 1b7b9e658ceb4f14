package stylegan4j.nn;

import java.util.ArrayList;
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
        return run(x, 0, layers.size());
    }

    /**
     * Results of some layers; those after the last of them are not computed.
     *
     * @param after positions of layers, ascending
     */
    public List<Tensor> taps(Tensor x, int... after) {
        List<Tensor> taps = new ArrayList<>();
        Tensor y = x;
        int from = 0;
        for (int position : after) {
            y = run(y, from, position + 1);
            from = position + 1;
            taps.add(y);
        }
        return taps;
    }

    private Tensor run(Tensor x, int from, int to) {
        Tensor y = x;
        int i = from;
        while (i < to) {
            Step step = step(i, to);
            Tensor in = y;
            y = Scope.local(() -> step.layer.forward(in));
            if (in != x && in != y) {
                in.close();
            }
            i = step.end;
        }
        return y;
    }

    /** One layer, or a convolution with what follows it; {@code end} is the next one's position. */
    private record Step(Layer layer, int end) {
    }

    private Step step(int position, int to) {
        if (!(layers.get(position) instanceof Conv2d convolution)) {
            return new Step(layers.get(position), position + 1);
        }
        int next = position + 1;
        BatchNorm norm = next < to && layers.get(next) instanceof BatchNorm found ? found : null;
        next += norm == null ? 0 : 1;
        Activate act = next < to && layers.get(next) instanceof Activate found ? found : null;
        next += act == null ? 0 : 1;
        return new Step(v -> convolution.forward(v, norm, act == null ? Activate.LINEAR : act.spec()), next);
    }
}
