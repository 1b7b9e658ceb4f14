package stylegan4j.golden;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;

/** The gradients that a case stores under one prefix, followed by what they are taken of. */
final class Gradients {
    private final GoldenCase golden;
    private final String prefix;

    Gradients(GoldenCase golden, String prefix) {
        this.golden = golden;
        this.prefix = prefix;
    }

    boolean any() {
        return !golden.wanted(prefix).isEmpty();
    }

    /** Differentiates a scalar by the wanted ones of some tensors; the graph is kept. */
    void check(Tensor loss, Map<String, Tensor> parameters, Map<String, Tensor> others) throws IOException {
        Map<String, Tensor> known = new HashMap<>(parameters);
        known.putAll(others);
        List<String> names = new ArrayList<>();
        List<Tensor> inputs = new ArrayList<>();
        for (String name : golden.wanted(prefix)) {
            if (known.containsKey(name)) {
                names.add(name);
                inputs.add(known.get(name));
            }
        }
        List<Tensor> gradients = Autograd.grad(loss.mul(golden.lossFactor()), inputs, null, false, true);
        for (int i = 0; i < names.size(); i++) {
            golden.check(prefix + names.get(i), gradients.get(i).mul(1 / golden.lossFactor())
                    .reshape(golden.shape(prefix + names.get(i))));
        }
    }
}
