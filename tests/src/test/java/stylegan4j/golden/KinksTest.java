package stylegan4j.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.BiasActivation;

class KinksTest {
    private static final BiasAct LRELU = BiasAct.of(Activation.LRELU).withGain(1);

    @Test
    void movesWhatRoundingMayExplainAndNothingElse() {
        var kinks = new Kinks();
        activate(kinks.recorded(Device.cpu(1)), 1, -1e-8f, 1e-8f, -1, 0);
        float[] kept = activate(kinks.kept(Device.cpu(1)), 1, 5e-8f, -5e-8f, 0.5f, 1e-7f);
        kinks.finish();
        assertArrayEquals(new float[] {1, -5e-8f, 1e-8f, 0.5f, -1e-7f}, kept, 1e-15f);
        assertEquals("3 of 5 activations moved across their kink", kinks.moved());
    }

    @Test
    void anotherNumberOfActivationsIsAnError() {
        var kinks = new Kinks();
        activate(kinks.recorded(Device.cpu(1)), 1, 2);
        assertThrows(IllegalStateException.class, kinks::finish);
        Device device = kinks.kept(Device.cpu(1));
        try (device; var _ = device.open()) {
            BiasActivation.biasAct(Tensor.of(new float[] {1, 2}, 1, 2), null, LRELU);
            assertThrows(IllegalStateException.class,
                    () -> BiasActivation.biasAct(Tensor.of(new float[] {1, 2}, 1, 2), null, LRELU));
        }
    }

    private static float[] activate(Device device, float... x) {
        try (device; var _ = device.open()) {
            return BiasActivation.biasAct(Tensor.of(x, 1, x.length), null, LRELU).toArray();
        }
    }
}
