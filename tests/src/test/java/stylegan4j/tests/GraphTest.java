package stylegan4j.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stylegan4j.kernels.cuda.CudaBackend;
import stylegan4j.kernels.cuda.host.HostCompiler;
import stylegan4j.kernels.cuda.host.HostGpu;
import stylegan4j.nn.optim.Adam;
import stylegan4j.nn.optim.Optimizer;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Graph;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/** Computations that are recorded once and run again, on a device that records and on one that computes anew. */
class GraphTest {
    private static Device open(String name) {
        if (name.equals("cpu")) {
            return Device.cpu();
        }
        assumeTrue(HostCompiler.isAvailable(), "no g++ on this machine");
        return Device.of(new CudaBackend(HostGpu.platform()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "host-grid"})
    void aReplayReadsItsInputsAnew(String name) {
        try (Device device = open(name); var _ = device.open()) {
            Tensor x = Tensor.of(new float[] {1, 2, 3}, 3);
            try (Graph graph = device.graph(() -> x.square().add(1).sum())) {
                assertEquals(17, graph.result().item());
                x.assign(Tensor.of(new float[] {0, 2, 0}, 3));
                Tensor y = graph.replay();
                assertSame(graph.result(), y);
                assertEquals(7, y.item());
            }
        }
    }

    /** The optimiser's numbers change with each step, so it steps outside; gradients are the graph's own memory. */
    @ParameterizedTest
    @ValueSource(strings = {"cpu", "host-grid"})
    void anOptimisationTakesTheStepsItTakesWithoutAGraph(String name) {
        try (Device device = open(name); var _ = device.open()) {
            float[] plain = optimise(device, false, 20);
            assertArrayEquals(plain, optimise(device, true, 20));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "host-grid"})
    void aThousandStepsLeaveMemoryFlat(String name) {
        try (Device device = open(name); var _ = device.open()) {
            optimise(device, true, 10);
            var before = device.memory();
            optimise(device, true, 1000);
            assertEquals(before.live(), device.memory().live());
            assertEquals(before.reserved(), device.memory().reserved());
        }
    }

    private static float[] optimise(Device device, boolean graphs, int steps) {
        try (var _ = Scope.open()) {
            RandomNumbers numbers = new RandomNumbers(5);
            Tensor target = numbers.normal(13);
            Tensor x = Tensor.zeros(13).requiresGrad(true);
            Optimizer optimizer = new Optimizer(Map.of("x", x), Adam.of(0.9, 0.99), 0.05);
            Supplier<Tensor> step = () -> {
                optimizer.zeroGrad();
                Tensor loss = x.sub(target).square().mean();
                loss.backward();
                return loss.detach();
            };
            if (graphs) {
                try (Graph graph = device.graph(step)) {
                    for (int i = 0; i < steps; i++) {
                        graph.replay();
                        optimizer.step();
                    }
                }
            } else {
                for (int i = 0; i < steps; i++) {
                    try (var _ = Scope.open()) {
                        step.get();
                        optimizer.step();
                    }
                }
            }
            return x.toArray();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu", "host-grid"})
    void aSynthesisIsReplayed(String name) {
        try (Device device = open(name); var _ = device.open()) {
            Generator generator = SmallNetworks.generator(16, Map.of("channel_base", 64, "channel_max", 8));
            generator.requiresGrad(false);
            Tensor ws = new RandomNumbers(1).normal(1, generator.numWs(), 21);
            Tensor others = new RandomNumbers(2).normal(1, generator.numWs(), 21);
            float[] expected = Autograd.noGrad(() -> generator.synthesis(others, Noise.CONST).toArray());
            try (Graph graph = device.graph(() -> generator.synthesis(ws, Noise.CONST))) {
                ws.assign(others);
                assertArrayEquals(expected, graph.replay().toArray());
            }
        }
    }
}
