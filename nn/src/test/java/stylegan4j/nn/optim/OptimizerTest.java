package stylegan4j.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Linear;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

class OptimizerTest {
    private Device device;
    private Scope scope;

    @BeforeEach
    void open() {
        device = Device.cpu();
        scope = device.open();
    }

    @AfterEach
    void close() {
        scope.close();
        device.close();
    }

    private static void train(Linear network, Optimizer optimizer, RandomNumbers numbers, int steps) {
        for (int i = 0; i < steps; i++) {
            try (var _ = Scope.open()) {
                network.forward(numbers.normal(13, 5)).tanh().sub(1).square().mean().backward();
                optimizer.step();
                optimizer.zeroGrad();
            }
        }
    }

    private static Linear network() {
        Linear network = new Linear(5, 3, true, Initializer.random(2));
        network.requiresGrad(true);
        return network;
    }

    @Test
    void aResumedTrainingEndsInTheSameBytes() {
        for (UpdateRule rule : List.of(Adam.of(0.9, 0.99), new Sgd(0.9, true, 0.01), Ranger.rule())) {
            Linear straight = network();
            Optimizer whole = new Optimizer(straight.parameters(), rule, 0.01);
            train(straight, whole, new RandomNumbers(4), 9);

            Linear before = network();
            Optimizer first = new Optimizer(before.parameters(), rule, 0.01);
            RandomNumbers numbers = new RandomNumbers(4);
            train(before, first, numbers, 4);
            Map<String, StoredTensor> weights = before.save();
            Map<String, StoredTensor> saved = first.save();
            train(before, first, new RandomNumbers(5), 2);

            Linear after = network();
            after.load(weights);
            Optimizer second = new Optimizer(after.parameters(), rule, 7);
            second.load(saved);
            train(after, second, numbers, 5);
            straight.state().forEach((name, tensor) ->
                    assertArrayEquals(tensor.toArray(), after.state().get(name).toArray(), rule + " " + name));
            assertSame(whole.save(), second.save());
        }
    }

    private static void assertSame(Map<String, StoredTensor> expected, Map<String, StoredTensor> actual) {
        assertEquals(List.copyOf(expected.keySet()), List.copyOf(actual.keySet()));
        expected.forEach((name, tensor) -> assertEquals(-1, tensor.data().mismatch(actual.get(name).data()), name));
    }

    @Test
    void saysWhatItRemembers() {
        Linear network = network();
        Optimizer optimizer = new Optimizer(network.parameters(), Ranger.rule(), 0.25);
        assertEquals(List.of("learning_rate"), List.copyOf(optimizer.save().keySet()));
        train(network, optimizer, new RandomNumbers(4), 3);
        Map<String, StoredTensor> saved = optimizer.save();
        assertEquals(List.of("learning_rate", "weight.step", "weight.slow_buffer", "weight.exp_avg",
                "weight.exp_avg_sq", "bias.step", "bias.slow_buffer", "bias.exp_avg", "bias.exp_avg_sq"),
                List.copyOf(saved.keySet()));
        assertEquals(0.25f, saved.get("learning_rate").toFloats()[0]);
        assertEquals(3, saved.get("bias.step").toFloats()[0]);
    }

    @Test
    void refusesAStateThatDoesNotFitAndKeepsItsOwn() {
        Linear network = network();
        Optimizer optimizer = new Optimizer(network.parameters(), Adam.of(0.9, 0.99), 0.01);
        train(network, optimizer, new RandomNumbers(4), 2);
        Map<String, StoredTensor> saved = optimizer.save();
        assertRefused(optimizer, saved, "learning_rate", null);
        assertRefused(optimizer, saved, "weight.step", null);
        assertRefused(optimizer, saved, "weight.step", StoredTensor.of(new float[] {2}));
        assertRefused(optimizer, saved, "bias.exp_avg", StoredTensor.of(new float[3], 1, 3));
        assertRefused(optimizer, saved, "other.exp_avg", StoredTensor.of(new float[3], 3));
        assertSame(saved, optimizer.save());
    }

    private static void assertRefused(Optimizer optimizer, Map<String, StoredTensor> saved, String key,
                                      StoredTensor value) {
        Map<String, StoredTensor> broken = new LinkedHashMap<>(saved);
        broken.put("learning_rate", new Optimizer(Map.of(), Sgd.plain(), 5).save().get("learning_rate"));
        if (value == null) {
            broken.remove(key);
        } else {
            broken.put(key, value);
        }
        var e = assertThrows(IllegalArgumentException.class, () -> optimizer.load(broken));
        assertTrue(e.getMessage().contains(key), e.getMessage());
    }

    @Test
    void leavesParametersWithoutAGradient() {
        Tensor a = Tensor.ones(3).requiresGrad(true);
        Tensor b = Tensor.ones(3).requiresGrad(true);
        Optimizer optimizer = new Optimizer(Map.of("a", a, "b", b), Adam.decoupled(0.9, 0.99, 0.5), 0.1);
        a.sum().backward();
        optimizer.step();
        assertArrayEquals(new float[] {1, 1, 1}, b.toArray());
        assertTrue(a.toArray()[0] < 1);
        assertFalse(optimizer.save().containsKey("b.step"));
    }

    @Test
    void updatesASharedTensorOnce() {
        Tensor a = Tensor.ones(3).requiresGrad(true);
        Map<String, Tensor> names = new LinkedHashMap<>();
        names.put("first", a);
        names.put("second", a);
        Optimizer optimizer = new Optimizer(names, Sgd.plain(), 0.25);
        a.sum().backward();
        optimizer.step();
        assertArrayEquals(new float[] {0.75f, 0.75f, 0.75f}, a.toArray());
    }

    @Test
    void stepsLeaveNoMemoryBehind() {
        Linear network = network();
        Optimizer optimizer = new Optimizer(network.parameters(), Ranger.rule(), 0.01);
        RandomNumbers numbers = new RandomNumbers(1);
        train(network, optimizer, numbers, 1);
        long buffers = device.memory().buffers();
        train(network, optimizer, numbers, 20);
        optimizer.load(optimizer.save());
        assertEquals(buffers, device.memory().buffers());
    }
}
