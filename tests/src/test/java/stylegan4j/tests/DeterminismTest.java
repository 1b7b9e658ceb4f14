package stylegan4j.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import stylegan4j.nn.Module;
import stylegan4j.stylegan.Discriminator;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.Truncation;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/** Pictures and gradients are the same to the last bit whatever the number of threads. */
class DeterminismTest {
    @Test
    void generatorOfSkipArchitecture() {
        sameForAnyThreads(() -> generatorGradients("skip"));
    }

    @Test
    void generatorOfResnetArchitecture() {
        sameForAnyThreads(() -> generatorGradients("resnet"));
    }

    @Test
    void discriminatorWithItsPenalty() {
        sameForAnyThreads(DeterminismTest::penaltyGradients);
    }

    private static Map<String, float[]> generatorGradients(String architecture) {
        Generator generator = SmallNetworks.generator(64,
                Map.of("channel_base", 832, "channel_max", 40, "architecture", architecture));
        var numbers = new RandomNumbers(4);
        Tensor z = numbers.normal(3, SmallNetworks.Z_DIM).requiresGrad(true);
        Tensor pictures = generator.forward(z, null, Truncation.psi(0.7), Noise.random(numbers));
        Tensor loss = pictures.mul(numbers.normal(pictures.shape())).sum();
        Map<String, float[]> values = gradients(loss, generator, Map.of("z", z));
        values.put("pictures", pictures.toArray());
        return values;
    }

    private static Map<String, float[]> penaltyGradients() {
        Discriminator discriminator = SmallNetworks.discriminator(64, 832, 40);
        Tensor real = new RandomNumbers(5).normal(4, 3, 64, 64).requiresGrad(true);
        Tensor logits = discriminator.forward(real, null);
        Tensor slope = Autograd.gradWithGraph(logits.sum(), List.of(real)).getFirst();
        Tensor loss = logits.neg().softplus().mean().add(slope.square().sum(1, 2, 3).mean().mul(5));
        Map<String, float[]> values = gradients(loss, discriminator, Map.of("real", real));
        values.put("logits", logits.toArray());
        values.put("slope", slope.toArray());
        return values;
    }

    private static Map<String, float[]> gradients(Tensor loss, Module network, Map<String, Tensor> others) {
        Map<String, Tensor> inputs = new LinkedHashMap<>(network.parameters());
        inputs.putAll(others);
        List<Tensor> gradients = Autograd.grad(loss, new ArrayList<>(inputs.values()));
        Map<String, float[]> values = new LinkedHashMap<>();
        for (String name : inputs.keySet()) {
            values.put(name, gradients.get(values.size()).toArray());
        }
        return values;
    }

    private static void sameForAnyThreads(Supplier<Map<String, float[]>> work) {
        Map<String, float[]> expected = with(1, work);
        for (int threads = 2; threads <= 3; threads++) {
            Map<String, float[]> got = with(threads, work);
            assertEquals(expected.keySet(), got.keySet());
            for (String name : expected.keySet()) {
                assertArrayEquals(expected.get(name), got.get(name), name + " with " + threads + " threads");
            }
        }
    }

    private static Map<String, float[]> with(int threads, Supplier<Map<String, float[]>> work) {
        try (Device device = Device.cpu(threads); var _ = device.open()) {
            return work.get();
        }
    }
}
