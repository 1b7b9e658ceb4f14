package stylegan4j.tensor.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import stylegan4j.kernels.AdamStep;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Tensor;

class AdamUpdateTest {
    private static final AdamStep STEP = AdamStep.of(0.9, 0.99, 0.02, 1.5, 0.01, 0.1, 0.95);

    /**
     * Values are below 5, the step's factors below 1 and the smallest denominator 0.01 in 0.02·m: a result is a sum of
     * terms below 10 with a few roundings each, 8·10·2⁻²⁴.
     */
    private static final float TOLERANCE = 8 * 10 * 0x1p-24f;

    @Test
    void agreesWithTheComposite() {
        compare(x -> x, 207);
        compare(x -> x, 0);
        compare(x -> x, 3, 5, 1);
        compare(Tensor::t, 13, 7);
    }

    private static void compare(UnaryOperator<Tensor> layout, int... shape) {
        try (Device device = Device.cpu(); var _ = device.open()) {
            Tensor[] fused = tensors(layout, shape);
            Tensor[] plain = tensors(layout, shape);
            for (int i = 0; i < 2; i++) {
                AdamUpdate.apply(fused[0], fused[1], fused[2], fused[3], STEP);
                AdamUpdate.composite(plain[0], plain[1], plain[2], plain[3], STEP);
            }
            for (int i = 0; i < 4; i++) {
                assertArrayEquals(plain[i].toArray(), fused[i].toArray(), TOLERANCE);
            }
        }
    }

    private static Tensor[] tensors(UnaryOperator<Tensor> layout, int... shape) {
        RandomNumbers numbers = new RandomNumbers(3);
        Tensor parameter = layout.apply(numbers.normal(shape)).requiresGrad(true);
        Tensor gradient = layout.apply(numbers.normal(shape));
        return new Tensor[] {parameter, gradient, numbers.normal(parameter.shape()),
                numbers.uniform(parameter.shape())};
    }

    @Test
    void takesAGradientOfAnyLayout() {
        try (Device device = Device.cpu(); var _ = device.open()) {
            Tensor[] expanded = {Tensor.ones(4), Tensor.scalar(2).expand(4), Tensor.zeros(4), Tensor.zeros(4)};
            Tensor[] dense = {Tensor.ones(4), Tensor.full(2, 4), Tensor.zeros(4), Tensor.zeros(4)};
            AdamUpdate.apply(expanded[0], expanded[1], expanded[2], expanded[3], STEP);
            AdamUpdate.apply(dense[0], dense[1], dense[2], dense[3], STEP);
            assertArrayEquals(dense[0].toArray(), expanded[0].toArray());
        }
    }

    @Test
    void aGraphThatNeedsTheOldValueSaysSo() {
        try (Device device = Device.cpu(); var _ = device.open()) {
            Tensor parameter = Tensor.ones(3).requiresGrad(true);
            Tensor loss = parameter.square().sum();
            AdamUpdate.apply(parameter, Tensor.ones(3), Tensor.zeros(3), Tensor.zeros(3), STEP);
            assertThrows(IllegalStateException.class, loss::backward);
        }
    }

    @Test
    void shapesMustBeEqual() {
        try (Device device = Device.cpu(); var _ = device.open()) {
            assertThrows(IllegalArgumentException.class, () -> AdamUpdate.apply(Tensor.ones(3), Tensor.ones(1),
                    Tensor.zeros(3), Tensor.zeros(3), STEP));
        }
    }
}
