package stylegan4j.tests;

import java.util.Map;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Module;
import stylegan4j.stylegan.Discriminator;
import stylegan4j.stylegan.DiscriminatorConfig;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.GeneratorConfig;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.op.RandomNumbers;

/** Networks of few channels whose every parameter matters and requires a gradient. */
final class SmallNetworks {
    static final int Z_DIM = 24;

    private SmallNetworks() {
    }

    /** @param synthesis official {@code synthesis_kwargs} */
    static Generator generator(int resolution, Map<String, ?> synthesis) {
        var generator = new Generator(GeneratorConfig.of(Map.of("z_dim", Z_DIM, "c_dim", 0, "w_dim", 21,
                "img_resolution", resolution, "img_channels", 3, "mapping_kwargs", Map.of("num_layers", 2),
                "synthesis_kwargs", synthesis)), Initializer.random(1));
        prepare(generator);
        return generator;
    }

    static Discriminator discriminator(int resolution, int channelBase, int channelMax) {
        var discriminator = new Discriminator(DiscriminatorConfig.of(Map.of("c_dim", 0, "img_resolution", resolution,
                "img_channels", 3, "channel_base", channelBase, "channel_max", channelMax)), Initializer.random(2));
        prepare(discriminator);
        return discriminator;
    }

    /** Moves parameters away from their start: a noise strength of 0 would hide the noise. */
    private static void prepare(Module network) {
        var numbers = new RandomNumbers(3);
        Autograd.noGrad(() -> {
            try (var _ = Scope.open()) {
                network.parameters().values().forEach(p -> p.assign(p.add(numbers.normal(p.shape()).mul(0.2))));
            }
        });
        network.requiresGrad(true);
    }
}
