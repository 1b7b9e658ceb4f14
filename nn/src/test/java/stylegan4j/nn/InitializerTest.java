package stylegan4j.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Tensor;

class InitializerTest {
    /** [out, in, k, k] with fans of 450 and 630: 31,500 numbers. */
    private static final int[] SHAPE = {70, 50, 3, 3};

    @Test
    void deviationsFollowTheFans() {
        try (Device device = Device.cpu(); var _ = device.open()) {
            Initializer init = Initializer.random(3);
            check(Math.sqrt(2 / 450.0), false, init.kaimingNormal(0, SHAPE));
            check(Math.sqrt(2 / 1.04 / 450), false, init.kaimingNormal(0.2, SHAPE));
            check(Math.sqrt(2 / 630.0), false, init.kaimingNormalFanOut(0, SHAPE));
            check(Math.sqrt(1 / 450.0), true, init.kaimingUniform(1, SHAPE));
            check(Math.sqrt(2 / 1080.0), false, init.xavierNormal(SHAPE));
            check(Math.sqrt(2 / 1080.0), true, init.xavierUniform(SHAPE));
            check(0.02, false, init.scaledNormal(0.02, SHAPE));
            check(0.5 / Math.sqrt(3), true, init.uniform(0.5, SHAPE));
        }
    }

    /** Mean and deviation within five of their standard errors; uniform numbers end at √3 deviations. */
    private static void check(double deviation, boolean uniform, Tensor tensor) {
        float[] values = tensor.toArray();
        double sum = 0;
        double squares = 0;
        double most = 0;
        for (float v : values) {
            sum += v;
            squares += v * (double) v;
            most = Math.max(most, Math.abs(v));
        }
        int n = values.length;
        assertEquals(0, sum / n, 5 * deviation / Math.sqrt(n));
        assertEquals(deviation, Math.sqrt(squares / n), 5 * deviation / Math.sqrt(2 * n));
        assertEquals(uniform, most <= deviation * Math.sqrt(3) * (1 + 1e-6));
        assertTrue(most > 1.7 * deviation);
    }

    @Test
    void theSeedDecidesAndTheStreamGoesOn() {
        try (Device device = Device.cpu(); var _ = device.open()) {
            Initializer init = Initializer.random(3);
            float[] first = init.normal(13).toArray();
            assertArrayEquals(first, Initializer.random(3).normal(13).toArray());
            assertEquals(false, Arrays.equals(first, init.normal(13).toArray()));
        }
    }

    @Test
    void noneGivesZeros() {
        try (Device device = Device.cpu(); var _ = device.open()) {
            assertEquals(0, new Linear(3, 4, true, Initializer.NONE).parameters().values().stream()
                    .mapToDouble(p -> p.abs().sum().item()).sum());
        }
    }

    @Test
    void fansNeedTwoDimensions() {
        try (Device device = Device.cpu(); var _ = device.open()) {
            assertThrows(IllegalArgumentException.class, () -> Initializer.random(1).xavierNormal(5));
        }
    }
}
