package stylegan4j.stylegan.inversion;

import java.util.LinkedHashMap;
import java.util.Map;
import stylegan4j.stylegan.Generator;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/** Tensors to be changed. */
final class Copies {
    private Copies() {
    }

    /** A dense tensor of its own memory with the same elements. */
    static Tensor of(Tensor values) {
        Tensor copy = Tensor.allocate(values.shape());
        return Autograd.noGrad(() -> copy.assign(values));
    }

    /** Noise maps [n, 1, H, W] of every layer, drawn once for all pictures. */
    static Map<String, Tensor> noise(Generator generator, int n, RandomNumbers random) {
        Map<String, Tensor> maps = new LinkedHashMap<>();
        generator.synthesis().noiseMaps().forEach((layer, own) ->
                maps.put(layer, Scope.local(() -> of(random.normal(own.shape()).expand(n, -1, -1, -1)))));
        return maps;
    }

    /** Noise maps [n, 1, H, W] of every layer, the generator's own. */
    static Map<String, Tensor> ownNoise(Generator generator, int n) {
        Map<String, Tensor> maps = new LinkedHashMap<>();
        generator.synthesis().noiseMaps().forEach((layer, own) ->
                maps.put(layer, Scope.local(() -> of(own.expand(n, -1, -1, -1)))));
        return maps;
    }
}
