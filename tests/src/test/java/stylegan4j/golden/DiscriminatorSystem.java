package stylegan4j.golden;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import stylegan4j.nn.Initializer;
import stylegan4j.stylegan.Discriminator;
import stylegan4j.stylegan.DiscriminatorConfig;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** stylegan2-ada-pytorch's Discriminator. */
final class DiscriminatorSystem implements GoldenSystem {
    @Override
    public void run(GoldenCase golden) throws IOException {
        Discriminator discriminator = new Discriminator(config(golden), Initializer.NONE);
        discriminator.load(golden.parameters());
        discriminator.features(golden.features(), GoldenCase.HALF_RESOLUTIONS);
        Tensor c = golden.hasInput("c") ? golden.input("c") : null;
        discriminator.requiresGrad(true);
        check(golden, golden.integer("img_resolution"), x -> discriminator.forward(x, c),
                discriminator.parameters());
    }

    private static DiscriminatorConfig config(GoldenCase golden) {
        Map<String, Object> given = golden.config();
        Map<String, Object> epilogue = new HashMap<>();
        Map<String, Object> kwargs = new HashMap<>(Map.of("c_dim", 0, "img_channels", 3));
        for (String key : List.of("mbstd_group_size", "mbstd_num_channels")) {
            if (given.containsKey(key)) {
                epilogue.put(key, given.get(key));
            }
        }
        for (String key : List.of("c_dim", "img_resolution", "architecture", "channel_base", "channel_max",
                "conv_clamp")) {
            if (given.containsKey(key)) {
                kwargs.put(key, given.get(key));
            }
        }
        if (given.get("mapping") != null) {
            kwargs.put("mapping_kwargs", given.get("mapping"));
        }
        kwargs.put("epilogue_kwargs", epilogue);
        return DiscriminatorConfig.of(kwargs);
    }

    /** What the discriminator cases of both repositories have in common. */
    static void check(GoldenCase golden, int resolution, Function<Tensor, Tensor> network,
                      Map<String, Tensor> parameters) throws IOException {
        try (var _ = Scope.open()) {
            Tensor x = picture(golden, resolution).requiresGrad(true);
            Tensor logits = network.apply(x);
            golden.check("logits", logits);
            new Gradients(golden, "g.").check(logits.neg().softplus().mean(), parameters, Map.of());
        }
        if (golden.wants("r1")) {
            try (var _ = Scope.open()) {
                Tensor x = picture(golden, resolution).requiresGrad(true);
                Tensor gradient = Autograd.gradWithGraph(network.apply(x).sum(), List.of(x)).getFirst();
                Tensor r1 = gradient.square().sum(1, 2, 3).mean();
                golden.check("r1", r1);
                golden.check("r1.grad_x", gradient);
                new Gradients(golden, "r1.g.").check(r1, parameters, Map.of());
            }
        }
    }

    /** Coarse blocks of different strength under fine detail: {@code amp·base} enlarged, plus {@code img}. */
    static Tensor picture(GoldenCase golden, int resolution) {
        Tensor base = golden.input("amp").mul(golden.input("base"));
        int n = base.size(0);
        int c = base.size(1);
        int size = base.size(2);
        int k = resolution / size;
        return base.reshape(n, c, size, 1, size, 1).expand(n, c, size, k, size, k)
                .reshape(n, c, resolution, resolution).add(golden.input("img")).detach();
    }
}
