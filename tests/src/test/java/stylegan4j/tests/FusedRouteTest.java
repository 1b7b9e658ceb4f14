package stylegan4j.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.SynthesisNetwork;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.FusedConvolution;
import stylegan4j.tensor.op.RandomNumbers;

/**
 * Whole generators on the fused route and on the route of plain operations: pictures, gradients, and gradients of
 * gradients.
 *
 * <p>Tolerance, as a share of a tensor's root mean square: a convolution here sums up to 9·19 products, which rounds by
 * about 6e-8·√171 = 8e-7; Winograd's transforms cost up to a factor of ten, 8e-6. There are up to seven layers, passed
 * once for pictures, twice for gradients and four times for gradients of gradients; random errors add as roots, √7, √14
 * and √28, to 2.1e-5, 3e-5 and 4.2e-5, and the largest of thousands of elements lies within five standard deviations:
 * 1.1e-4, 1.5e-4 and 2.1e-4. (A unit so near zero that rounding changes its sign would break this; of some ten thousand
 * units that is expected of one in a hundred.)
 */
class FusedRouteTest {
    private static final double PICTURES = 1.1e-4;
    private static final double FIRST_ORDER = 1.5e-4;
    private static final double SECOND_ORDER = 2.1e-4;

    @AfterEach
    void restore() {
        FusedConvolution.useFused(true);
    }

    /** What a route computes, each tensor by its name. */
    private record Results(Map<String, float[]> pictures, Map<String, float[]> first, Map<String, float[]> second) {
    }

    @ParameterizedTest
    @CsvSource({
        "skip, 16, 3, 5, -1",
        "resnet, 16, 3, 5, -1",
        "orig, 16, 3, 5, -1",
        "skip, 16, 1, 2, 0.5",
        "skip, 32, 4, 4, -1"})
    void routesAgree(String architecture, int resolution, int height, int width, double clamp) {
        try (Device device = Device.cpu(); var _ = device.open()) {
            Generator generator = SmallNetworks.generator(resolution, Map.of("architecture", architecture,
                    "channel_base", 208, "channel_max", 19, "conv_clamp", clamp, "const_height", height,
                    "const_width", width));
            FusedConvolution.useFused(true);
            Results fused = results(generator);
            FusedConvolution.useFused(false);
            Results plain = results(generator);
            assertClose(plain.pictures, fused.pictures, PICTURES);
            assertClose(plain.first, fused.first, FIRST_ORDER);
            assertClose(plain.second, fused.second, SECOND_ORDER);
        }
    }

    private static Results results(Generator generator) {
        SynthesisNetwork synthesis = generator.synthesis();
        var numbers = new RandomNumbers(6);
        Tensor ws = numbers.normal(2, generator.numWs(), generator.config().wDim()).requiresGrad(true);
        Map<String, Tensor> inputs = new LinkedHashMap<>(synthesis.parameters());
        inputs.put("ws", ws);
        try (var _ = Scope.open()) {
            Tensor pictures = synthesis.forward(ws, Noise.CONST);
            Tensor seed = numbers.normal(pictures.shape());
            Map<String, float[]> made = Map.of("pictures", pictures.toArray());
            Map<String, float[]> first = named(inputs, Autograd.grad(pictures,
                    new ArrayList<>(inputs.values()), seed, false, false));
            Tensor slope = Autograd.gradWithGraph(synthesis.forward(ws, Noise.CONST).mul(seed).sum(), List.of(ws))
                    .getFirst();
            Map<String, float[]> second = named(inputs, Autograd.grad(slope.square().sum(),
                    new ArrayList<>(inputs.values())));
            return new Results(made, first, second);
        }
    }

    private static Map<String, float[]> named(Map<String, Tensor> inputs, List<Tensor> gradients) {
        Map<String, float[]> values = new LinkedHashMap<>();
        for (String name : inputs.keySet()) {
            values.put(name, gradients.get(values.size()).toArray());
        }
        return values;
    }

    private static void assertClose(Map<String, float[]> expected, Map<String, float[]> got, double tolerance) {
        expected.forEach((name, values) -> {
            double squares = 0;
            for (float v : values) {
                squares += v * (double) v;
            }
            double rms = Math.sqrt(squares / values.length);
            assertTrue(Double.isFinite(rms), name);
            assertArrayEquals(values, got.get(name), (float) (tolerance * rms), name);
        });
    }
}
