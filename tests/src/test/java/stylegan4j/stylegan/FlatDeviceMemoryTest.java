package stylegan4j.stylegan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.MemoryStats;
import stylegan4j.kernels.cuda.CudaBackend;
import stylegan4j.kernels.cuda.host.HostCompiler;
import stylegan4j.kernels.cuda.host.HostGpu;
import stylegan4j.nn.Initializer;
import stylegan4j.stylegan.inversion.InversionResult;
import stylegan4j.stylegan.inversion.InversionRun;
import stylegan4j.stylegan.inversion.PivotalTuning;
import stylegan4j.stylegan.loss.PixelPyramid;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/**
 * Many steps of tuning on the CUDA backend, in half precision: they work, and leave device memory as it was. The system
 * property {@code flat.steps} says how many; a thousand take a minute.
 */
class FlatDeviceMemoryTest {
    private static final int STEPS = Integer.getInteger("flat.steps", 150);

    @Test
    void stepsTakeNoMoreMemory() {
        assumeTrue(HostCompiler.isAvailable(), "no g++ on this machine");
        try (Device device = Device.of(new CudaBackend(HostGpu.platform())); var _ = device.open()) {
            var generator = new Generator(GeneratorConfig.of(Map.of("z_dim", 4, "c_dim", 0, "w_dim", 4,
                    "img_resolution", 8, "img_channels", 3, "mapping_kwargs", Map.of("num_layers", 1),
                    "synthesis_kwargs", Map.of("channel_base", 16, "channel_max", 2, "conv_clamp", 256))),
                    Initializer.random(1));
            generator.synthesis().features(DType.F16, 1);
            var numbers = new RandomNumbers(2);
            Tensor codes = numbers.normal(1, generator.numWs(), 4);
            Tensor target = numbers.normal(1, 3, 8, 8).mul(0.3);
            List<MemoryStats> memory = new ArrayList<>();
            List<Double> losses = new ArrayList<>();
            InversionResult result = PivotalTuning.of(new PixelPyramid()).withPivot(codes).withSteps(STEPS)
                    .withLearningRate(3e-3).withThreshold(-1)
                    .invert(generator, target, InversionRun.DEFAULT.withListener((step, _) -> {
                        memory.add(device.memory());
                        losses.add((double) step.losses()[0]);
                        return true;
                    }));
            assertTrue(result.complete());
            assertTrue(losses.getLast() < 0.8 * losses.getFirst(), losses.getFirst() + " to " + losses.getLast());
            // The first steps find the loss scale, and make the moments.
            assertEquals(memory.get(STEPS / 3), memory.getLast());
        }
    }
}
