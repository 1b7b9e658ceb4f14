package stylegan4j.stylegan.inversion;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.nn.Initializer;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.GeneratorConfig;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.Truncation;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Convolution;
import stylegan4j.tensor.op.RandomNumbers;

/** Things of test size. */
final class Small {
    static final int SIZE = 16;
    static final int W_DIM = 24;

    private Small() {
    }

    /** 16 px, 6 codes, few channels; every parameter is away from its start, so that noise can be seen. */
    static Generator generator() {
        Generator generator = new Generator(GeneratorConfig.of(Map.of("z_dim", W_DIM, "c_dim", 0, "w_dim", W_DIM,
                "img_resolution", SIZE, "img_channels", 3, "mapping_kwargs", Map.of("num_layers", 2),
                "synthesis_kwargs", Map.of("channel_base", 256, "channel_max", 24))), Initializer.random(1));
        var numbers = new RandomNumbers(3);
        Autograd.noGrad(() -> {
            try (var _ = Scope.open()) {
                generator.parameters().forEach((name, p) -> p.assign(p.add(numbers.normal(p.shape())
                        .mul(name.endsWith("noise_strength") ? 0.02 : 0.1))));
            }
        });
        return generator;
    }

    /** Pictures that the generator makes, [seeds, 3, 16, 16]. */
    static Tensor pictures(Generator generator, long... seeds) {
        return Autograd.noGrad(() -> Scope.local(() -> generator.synthesis(
                generator.mapping(generator.latents(seeds), null, Truncation.NONE), Noise.CONST)));
    }

    /** Features of two random convolutions. */
    static PerceptualDistance features() {
        var numbers = new RandomNumbers(5);
        List<Tensor> weights = List.of(numbers.normal(12, 3, 3, 3), numbers.normal(16, 12, 3, 3));
        return new PerceptualDistance() {
            @Override
            public List<Tensor> features(Tensor pictures) {
                List<Tensor> features = new ArrayList<>();
                Tensor x = pictures;
                for (Tensor weight : weights) {
                    x = Convolution.conv2d(x, weight, ConvGeometry.of(2, 1)).leakyRelu(0.2)
                            .mul(1 / Math.sqrt(9.0 * weight.size(1)));
                    features.add(x);
                }
                return features;
            }

            @Override
            public Tensor between(List<Tensor> a, List<Tensor> b) {
                Tensor sum = null;
                for (int i = 0; i < a.size(); i++) {
                    Tensor d = a.get(i).sub(b.get(i)).square().mean(1, 2, 3);
                    sum = sum == null ? d : sum.add(d);
                }
                return sum;
            }
        };
    }
}
