package stylegan4j.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

class LossScaleTest {
    private final Device device = Device.cpu();
    private final Scope scope = device.open();
    private final Tensor x = Tensor.of(new float[] {1e-9f, -3, 0.5f}, 3).requiresGrad(true);
    private final LossScale scale = new LossScale();

    @AfterEach
    void close() {
        scope.close();
        device.close();
    }

    private boolean step(double slope) {
        x.zeroGrad();
        scale.scaled(x.mul(slope).sum()).backward();
        return scale.unscale(List.of(x));
    }

    @Test
    void gradientsAreThoseOfTheLoss() {
        scale.scaled(x.square().sum()).backward();
        assertEquals(-6 * scale.factor(), x.grad().toArray()[1]);
        assertTrue(scale.unscale(List.of(x, Tensor.ones(2))));
        // a power of two multiplies exactly
        assertArrayEquals(new float[] {2e-9f, -6, 1}, x.grad().toArray());
    }

    @Test
    void overflowHalvesTheFactorAndLeavesTheStepOut() {
        double before = scale.factor();
        assertFalse(step(Double.POSITIVE_INFINITY));
        assertFalse(step(Float.NaN));
        assertEquals(before / 4, scale.factor());
        assertTrue(step(1));
        assertEquals(before / 4, scale.factor());
    }

    @Test
    void manyGoodStepsDoubleIt() {
        double before = scale.factor();
        for (int i = 0; i < 1999; i++) {
            step(1);
        }
        assertEquals(before, scale.factor());
        LossScale other = new LossScale();
        other.load(scale.save());
        step(1);
        assertEquals(2 * before, scale.factor());
        assertEquals(before, other.factor());
        x.zeroGrad();
        assertTrue(other.unscale(List.of(x)));
        assertEquals(2 * before, other.factor(), "the number of good steps is part of the state");
    }

    @Test
    void otherTensorsAreNoState() {
        assertThrows(IllegalArgumentException.class, () -> scale.load(StoredTensor.of(new float[] {1}, 1)));
        assertThrows(IllegalArgumentException.class, () -> scale.load(StoredTensor.of(new float[] {-1, 0}, 2)));
    }
}
