package stylegan4j.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import stylegan4j.nn.BatchNorm;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.Linear;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Tensor;

class EmaTest {
    @Test
    void averagesParametersAndCopiesBuffers() {
        try (Device device = Device.cpu(); var _ = device.open()) {
            BatchNorm average = new BatchNorm(2);
            BatchNorm source = new BatchNorm(2);
            source.requiresGrad(true);
            source.state().get("weight").assign(Tensor.of(new float[] {3, -5}, 2));
            source.state().get("running_mean").assign(Tensor.of(new float[] {7, 8}, 2));
            Ema ema = new Ema(average, source);
            ema.update(0.75);
            // 0.75·1 + 0.25·{3, −5}, exact in binary.
            assertArrayEquals(new float[] {1.5f, -0.5f}, average.state().get("weight").toArray());
            assertArrayEquals(new float[] {7, 8}, average.state().get("running_mean").toArray());
            assertArrayEquals(new float[] {3, -5}, source.state().get("weight").toArray());
            ema.update(0);
            assertArrayEquals(new float[] {3, -5}, average.state().get("weight").toArray());
            ema.update(1);
            assertArrayEquals(new float[] {3, -5}, average.state().get("weight").toArray());
            assertThrows(IllegalArgumentException.class,
                    () -> new Ema(average, new Linear(2, 2, true, Initializer.NONE)));
        }
    }

    @Test
    void betaHalvesOverTheHalfLifeAndRampsUp() {
        assertEquals(Math.pow(0.5, 32 / 10_000.0), Ema.beta(32, 10, 123, Double.POSITIVE_INFINITY), 1e-15);
        assertEquals(Math.pow(0.5, 32 / 50.0), Ema.beta(32, 10, 1000, 0.05), 1e-15);
        assertEquals(Math.pow(0.5, 32 / 10_000.0), Ema.beta(32, 10, 1_000_000, 0.05), 1e-15);
        assertEquals(0, Ema.beta(32, 10, 0, 0.05));
    }
}
