package stylegan4j.nn.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Tensor;

class GradientsTest {
    @Test
    void clipsToACommonNorm() {
        try (Device device = Device.cpu(); var _ = device.open()) {
            Tensor a = Tensor.zeros(2).requiresGrad(true);
            Tensor b = Tensor.zeros(1).requiresGrad(true);
            Tensor none = Tensor.zeros(1).requiresGrad(true);
            a.mul(Tensor.of(new float[] {3, 0}, 2)).sum().add(b.mul(-4).sum()).backward();
            List<Tensor> all = List.of(a, b, none);
            assertEquals(5, Gradients.clipNorm(all, 6));
            assertArrayEquals(new float[] {3, 0}, a.grad().toArray());
            assertEquals(5, Gradients.clipNorm(all, 1));
            assertArrayEquals(new float[] {0.6f, 0}, a.grad().toArray(), 1e-6f);
            assertEquals(-0.8f, b.grad().item(), 1e-6);
            assertNull(none.grad());
        }
    }

    /** Both parameters' gradients are the one seed: scaling in place would scale it twice. */
    @Test
    void gradientsThatShareMemoryAreClippedOnce() {
        try (Device device = Device.cpu(); var _ = device.open()) {
            Tensor a = Tensor.zeros(2).requiresGrad(true);
            Tensor b = Tensor.zeros(2).requiresGrad(true);
            a.add(b).sum().backward();
            assertEquals(2, Gradients.clipNorm(List.of(a, b), 1), 1e-6);
            assertArrayEquals(new float[] {0.5f, 0.5f}, a.grad().toArray(), 1e-6f);
            assertArrayEquals(new float[] {0.5f, 0.5f}, b.grad().toArray(), 1e-6f);
        }
    }

    @Test
    void makesFinite() {
        try (Device device = Device.cpu(); var _ = device.open()) {
            Tensor a = Tensor.zeros(4).requiresGrad(true);
            a.replaceGrad(Tensor.of(new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 7}, 4));
            Gradients.makeFinite(List.of(a));
            assertArrayEquals(new float[] {0, 1e5f, -1e5f, 7}, a.grad().toArray());
        }
    }
}
