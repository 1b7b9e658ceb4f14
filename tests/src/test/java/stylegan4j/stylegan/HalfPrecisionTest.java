package stylegan4j.stylegan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stylegan4j.kernels.Backend;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.cpu.CpuBackend;
import stylegan4j.kernels.cuda.CudaBackend;
import stylegan4j.kernels.cuda.host.HostCompiler;
import stylegan4j.kernels.cuda.host.HostGpu;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.optim.LossScale;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;
import stylegan4j.tensor.op.Views;

/**
 * Features kept as half types: the error against F32 is at most twice that of a naive low-precision computation, which
 * rounds what goes into each layer and what comes out of it, there and back (the rule of flash-attention's tests).
 */
class HalfPrecisionTest {
    private static final int RESOLUTION = 16;

    /** @param gradient of the codes; {@code weights}: of a weight in each resolution that is kept as a half type */
    private record Result(float[] picture, float[] gradient, float[] weights) {
    }

    /**
     * Rounding moves a few values across leaky ReLU's kink, where their gradient jumps by a factor of five, and which
     * ones is luck. The codes' gradient sums over all of them, so that luck evens out; a weight's sums over few, so
     * weights' gradients are compared where there is no kink.
     */
    @ParameterizedTest
    @CsvSource({"F16, lrelu", "F16, linear", "BF16, lrelu", "BF16, linear"})
    void errsAtMostTwiceAsMuchAsTheNaiveWay(DType type, String activation) {
        assumeTrue(HostCompiler.isAvailable(), "no g++ on this machine");
        Result exact = run(new CpuBackend(1), DType.F32, activation);
        Result naive = run(NaiveHalf.layers(type, RESOLUTION / 2), DType.F32, activation);
        Result ours = run(new CudaBackend(HostGpu.platform()), type, activation);
        check("picture", exact.picture, naive.picture, ours.picture);
        check("gradient", exact.gradient, naive.gradient, ours.gradient);
        if (activation.equals("linear")) {
            check("weights' gradient", exact.weights, naive.weights, ours.weights);
        }
    }

    @Test
    void theCpuStaysExact() {
        assertArrayEquals(run(new CpuBackend(1), DType.F32, "lrelu").picture,
                run(new CpuBackend(1), DType.F16, "lrelu").picture);
    }

    private static void check(String what, float[] exact, float[] naive, float[] ours) {
        double allowed = 2 * distance(exact, naive);
        double error = distance(exact, ours);
        assertTrue(error > 0 && error <= allowed, what + ": error " + error + ", allowed " + allowed);
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.pow(a[i] - (double) b[i], 2);
        }
        return Math.sqrt(sum / a.length);
    }

    /** The same of a discriminator; the picture's gradient sums over few values too. */
    @ParameterizedTest
    @CsvSource({"F16, lrelu", "F16, linear", "BF16, linear"})
    void discriminatorErrsAtMostTwiceAsMuchAsTheNaiveWay(DType type, String activation) {
        assumeTrue(HostCompiler.isAvailable(), "no g++ on this machine");
        Result exact = judge(new CpuBackend(1), DType.F32, activation);
        Result naive = judge(NaiveHalf.layers(type, RESOLUTION / 2), DType.F32, activation);
        Result ours = judge(new CudaBackend(HostGpu.platform()), type, activation);
        check("logits", exact.picture, naive.picture, ours.picture);
        if (activation.equals("linear")) {
            check("gradient", exact.gradient, naive.gradient, ours.gradient);
            check("weights' gradient", exact.weights, naive.weights, ours.weights);
        }
    }

    private static Result judge(Backend backend, DType features, String activation) {
        try (Device device = Device.of(backend); var _ = device.open()) {
            var discriminator = new Discriminator(DiscriminatorConfig.of(Map.of("c_dim", 0,
                    "img_resolution", RESOLUTION, "img_channels", 3, "channel_base", 256, "channel_max", 24,
                    "conv_clamp", 256, "block_kwargs", Map.of("activation", activation),
                    "epilogue_kwargs", Map.of("activation", activation))),
                    Initializer.random(1));
            discriminator.features(features, 2);
            RandomNumbers numbers = new RandomNumbers(4);
            Tensor pictures = numbers.normal(4, 3, RESOLUTION, RESOLUTION).requiresGrad(true);
            List<Tensor> wanted = new ArrayList<>(List.of(pictures));
            discriminator.parameters().forEach((name, weight) -> {
                if (name.matches("b(8|16)\\.(fromrgb|conv[01]|skip)\\.weight")) {
                    wanted.add(weight.requiresGrad(true));
                }
            });
            Tensor logits = discriminator.forward(pictures, null);
            return result(logits, logits.softplus().mean(), wanted);
        }
    }

    private static Result run(Backend backend, DType features, String activation) {
        try (Device device = Device.of(backend); var _ = device.open()) {
            var generator = new Generator(GeneratorConfig.of(Map.of("z_dim", 8, "c_dim", 0, "w_dim", 8,
                    "img_resolution", RESOLUTION, "img_channels", 3, "mapping_kwargs", Map.of("num_layers", 1),
                    "synthesis_kwargs", Map.of("channel_base", 256, "channel_max", 24, "conv_clamp", 256,
                    "activation", activation))),
                    Initializer.random(1));
            generator.synthesis().features(features, 2);
            RandomNumbers numbers = new RandomNumbers(4);
            Tensor ws = numbers.normal(2, generator.numWs(), 8).requiresGrad(true);
            Tensor factors = numbers.normal(2, 3, RESOLUTION, RESOLUTION);
            List<Tensor> wanted = new ArrayList<>(List.of(ws));
            generator.synthesis().parameters().forEach((name, weight) -> {
                if (name.matches("b(8|16)\\.(conv[01]|torgb)\\.weight")) {
                    wanted.add(weight.requiresGrad(true));
                }
            });
            Tensor picture = generator.synthesis(ws, Noise.CONST);
            return result(picture, picture.mul(factors).mean(), wanted);
        }
    }

    private static Result result(Tensor output, Tensor loss, List<Tensor> wanted) {
        LossScale scale = new LossScale();
        List<Tensor> gradients = Autograd.grad(scale.scaled(loss), wanted);
        return new Result(output.toArray(), gradients.getFirst().mul(1 / scale.factor()).toArray(),
                Views.concat(gradients.stream().skip(1).map(g -> g.reshape(-1).mul(1 / scale.factor())).toList(), 0)
                        .toArray());
    }
}
