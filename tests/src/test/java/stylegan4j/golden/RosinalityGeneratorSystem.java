package stylegan4j.golden;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.LatentCodes;
import stylegan4j.stylegan.LayerListener;
import stylegan4j.stylegan.NetworkPart;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.Truncation;
import stylegan4j.stylegan.layout.Layout;
import stylegan4j.stylegan.layout.TensorRule;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** stylegan2-pytorch's Generator. */
final class RosinalityGeneratorSystem implements GoldenSystem {
    @Override
    public void run(GoldenCase golden) throws IOException {
        Map<String, StoredTensor> parameters = golden.parameters();
        float[] average = golden.hasInput("mean_latent") ? golden.input("mean_latent").toArray()
                : new float[golden.integer("style_dim")];
        Generator generator = new NetworkPart(Path.of("golden"), "", NetworkPart.Kind.GENERATOR, Layout.ROSINALITY,
                parameters, null).generator(Map.of("mapping.w_avg", StoredTensor.of(average, average.length)));
        for (var result : Autograd.noGrad(() -> results(golden, generator)).entrySet()) {
            golden.check(result.getKey(), result.getValue());
        }
        Gradients gradients = new Gradients(golden, "g.");
        if (gradients.any()) {
            generator.requiresGrad(true);
            Tensor wplus = golden.input("wplus").requiresGrad(true);
            try (var _ = Scope.open()) {
                Tensor loss = generator.synthesis(wplus, Noise.CONST).square().mean();
                gradients.check(loss, renamed(generator.parameters(),
                        Layout.ROSINALITY.generatorRules(parameters.keySet())), Map.of("wplus", wplus));
            }
        }
    }

    private static Map<String, Tensor> results(GoldenCase golden, Generator generator) {
        Map<String, Tensor> results = new LinkedHashMap<>();
        Map<String, Tensor> layers = new HashMap<>();
        LayerListener collector = LayerListener.collect(layers);
        Tensor fromCodes = generator.synthesis().forward(golden.input("wplus"), Noise.CONST, (layer, output) -> {
            if (layer.endsWith(".img")) {
                collector.output(layer, output);
            }
        });
        layers.forEach((layer, img) -> results.put("skip" + layer.substring(1, layer.indexOf('.')), img));
        if (!golden.hasInput("z")) {
            results.put("img", fromCodes);
            return results;
        }
        results.put("img_wplus", fromCodes);
        Tensor z = golden.input("z");
        Tensor latents = generator.mapping(z, null, Truncation.NONE);
        results.put("w", generator.mapping().forward(z, null));
        results.put("latents", latents);
        results.put("img", generator.synthesis(latents, Noise.CONST));
        results.put("img_nonoise", generator.synthesis(latents, Noise.NONE));
        double psi = ((Number) golden.config().get("truncation")).doubleValue();
        results.put("latents_trunc", generator.mapping(z, null, Truncation.psi(psi)));
        results.put("img_trunc", generator.synthesis(results.get("latents_trunc"), Noise.CONST));
        results.put("latents_mix", LatentCodes.mix(generator.mapping(golden.input("z2"), null, Truncation.NONE),
                latents, IntStream.range(0, golden.integer("inject_index")).toArray()));
        results.put("img_mix", generator.synthesis(results.get("latents_mix"), Noise.CONST));
        return results;
    }

    /** A network's tensors by the file's names. */
    static Map<String, Tensor> renamed(Map<String, Tensor> tensors, List<TensorRule> rules) {
        Map<String, Tensor> renamed = new HashMap<>();
        for (TensorRule rule : rules) {
            if (tensors.containsKey(rule.name())) {
                renamed.put(rule.stored(), tensors.get(rule.name()));
            }
        }
        return renamed;
    }
}
