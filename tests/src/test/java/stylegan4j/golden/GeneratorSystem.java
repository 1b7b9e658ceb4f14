package stylegan4j.golden;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import stylegan4j.nn.Initializer;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.GeneratorConfig;
import stylegan4j.stylegan.LayerListener;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.Truncation;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** stylegan2-ada-pytorch's Generator. */
final class GeneratorSystem implements GoldenSystem {
    /** The target of path lengths that the cases were computed with. */
    private static final double PATH_LENGTH = 0.3;

    @Override
    public void run(GoldenCase golden) throws IOException {
        Generator generator = new Generator(config(golden), Initializer.NONE);
        generator.load(golden.parameters());
        generator.synthesis().features(golden.features(), GoldenCase.HALF_RESOLUTIONS);
        Tensor z = golden.input("z");
        Tensor c = golden.hasInput("c") ? golden.input("c") : null;
        pictures(golden, generator, z, c);
        gradients(golden, generator, z, c);
        pathLengths(golden, generator, z, c);
        layers(golden, generator, z, c);
        runningAverage(golden, generator, z, c);
    }

    /** The manifest's official constructor arguments, which it holds less deeply nested. */
    private static GeneratorConfig config(GoldenCase golden) {
        Map<String, Object> given = golden.config();
        Map<String, Object> synthesis = new HashMap<>();
        if (given.get("block_kwargs") instanceof Map<?, ?> block) {
            block.forEach((key, value) -> synthesis.put((String) key, value));
        }
        synthesis.put("channel_base", given.get("channel_base"));
        synthesis.put("channel_max", given.get("channel_max"));
        Map<String, Object> kwargs = new HashMap<>();
        for (String key : List.of("z_dim", "c_dim", "w_dim", "img_resolution", "img_channels")) {
            kwargs.put(key, given.getOrDefault(key, key.equals("c_dim") ? 0L : 3L));
        }
        kwargs.put("mapping_kwargs", Map.of("num_layers", given.get("num_layers")));
        kwargs.put("synthesis_kwargs", synthesis);
        return GeneratorConfig.of(kwargs);
    }

    private static void pictures(GoldenCase golden, Generator generator, Tensor z, Tensor c) throws IOException {
        Map<String, Tensor> results = new LinkedHashMap<>();
        Autograd.noGrad(() -> {
            Tensor ws = generator.mapping(z, c, Truncation.NONE);
            results.put("ws", ws);
            if (golden.wants("ws_trunc")) {
                Tensor truncated = generator.mapping(z, c,
                        new Truncation(number(golden, "psi"), golden.integer("cutoff")));
                results.put("ws_trunc", truncated);
                results.put("img_trunc", generator.synthesis(truncated, Noise.CONST));
            }
            if (golden.wants("ws_trunc_all")) {
                results.put("ws_trunc_all", generator.mapping(z, c, Truncation.psi(number(golden, "psi_all"))));
            }
            if (golden.wants("img_const")) {
                results.put("img_const", generator.synthesis(ws, Noise.CONST));
                results.put("img_none", generator.synthesis(ws, Noise.NONE));
            }
            if (golden.wants("img_wplus")) {
                results.put("img_wplus", generator.synthesis(golden.input("wplus"), Noise.CONST));
            }
        });
        for (var result : results.entrySet()) {
            golden.check(result.getKey(), result.getValue());
        }
    }

    private static double number(GoldenCase golden, String key) {
        return ((Number) golden.config().get(key)).doubleValue();
    }

    private static void gradients(GoldenCase golden, Generator generator, Tensor z, Tensor c) throws IOException {
        Gradients wanted = new Gradients(golden, "g.");
        if (!wanted.any()) {
            return;
        }
        try (var _ = Scope.open()) {
            generator.requiresGrad(true);
            Tensor input = z.detach().requiresGrad(true);
            Tensor ws = generator.mapping(input, c, Truncation.NONE);
            Tensor loss = generator.synthesis(ws, Noise.CONST).square().mean();
            wanted.check(loss, generator.parameters(), Map.of("z", input, "ws", ws));
        } finally {
            generator.requiresGrad(false);
        }
    }

    private static void pathLengths(GoldenCase golden, Generator generator, Tensor z, Tensor c) throws IOException {
        if (!golden.wants("pl.grads")) {
            return;
        }
        try (var _ = Scope.open()) {
            generator.requiresGrad(true);
            Tensor ws = generator.mapping(z, c, Truncation.NONE);
            Tensor y = generator.synthesis(ws, Noise.CONST).mul(golden.input("pl_noise")).sum();
            Tensor grads = Autograd.gradWithGraph(y, List.of(ws)).getFirst();
            Tensor lengths = grads.square().sum(2).mean(1).sqrt();
            Tensor penalty = lengths.sub(PATH_LENGTH).square().mean();
            golden.check("pl.grads", grads);
            golden.check("pl.lengths", lengths);
            golden.check("pl.penalty", penalty);
            new Gradients(golden, "pl.g.").check(penalty, generator.parameters(), Map.of("ws", ws));
        } finally {
            generator.requiresGrad(false);
        }
    }

    private static void layers(GoldenCase golden, Generator generator, Tensor z, Tensor c) throws IOException {
        if (golden.wanted("4.").isEmpty()) {
            return;
        }
        Map<String, Tensor> found = new LinkedHashMap<>();
        Autograd.noGrad(() -> {
            Tensor ws = generator.mapping(z, c, Truncation.NONE);
            generator.synthesis().styles(ws).layers().forEach((layer, s) -> found.put(layer + ".style", s));
            generator.synthesis().forward(ws, Noise.CONST, LayerListener.collect(found));
        });
        for (var layer : found.entrySet()) {
            golden.check(layer.getKey().substring(1), layer.getValue());
        }
    }

    private static void runningAverage(GoldenCase golden, Generator generator, Tensor z, Tensor c)
            throws IOException {
        generator.training(true);
        generator.mapping().forward(z, c);
        golden.check("train_w_avg", generator.mapping().wAvg());
    }
}
