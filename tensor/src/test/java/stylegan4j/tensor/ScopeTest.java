package stylegan4j.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScopeTest {
    @Test
    void closingFreesEverything() {
        try (Device device = Device.cpu(1)) {
            Tensor kept;
            try (var _ = device.open()) {
                kept = Tensor.ones(3, 4).add(1).exp();
                kept.reshape(12).slice(0, 2, 7);
                assertTrue(device.memory().buffers() > 0);
            }
            assertEquals(0, device.memory().buffers());
            assertEquals(0, device.memory().live());
            assertTrue(kept.isClosed());
            IllegalStateException e = assertThrows(IllegalStateException.class, kept::array);
            assertEquals("tensor F32[3, 4] was used after its scope closed", e.getMessage());
            assertEquals("F32[3, 4] (closed)", kept.toString());
        }
    }

    @Test
    void localKeepsOnlyTheResult() {
        try (Device device = Device.cpu(1); Scope scope = device.open()) {
            Tensor y = Autograd.noGrad(() -> Scope.local(() -> Tensor.ones(2).mul(3).add(1)));
            assertEquals(1, device.memory().buffers());
            assertArrayEquals(new float[] {4, 4}, y.toArray());
            assertEquals(1, scope.size());
        }
    }

    @Test
    void aViewKeepsTheMemoryOfItsBase() {
        try (Device device = Device.cpu(1); var _ = device.open()) {
            Tensor base = Tensor.range(6);
            Tensor view = base.slice(0, 1, 6, 2);
            base.close();
            assertArrayEquals(new float[] {1, 3, 5}, view.toArray());
            view.close();
            assertEquals(0, device.memory().buffers());
        }
    }

    @Test
    void theGraphKeepsWhatItNeedsAndNoMore() {
        try (Device device = Device.cpu(1); var _ = device.open()) {
            Tensor x = Tensor.range(5).requiresGrad(true);
            long before = device.memory().buffers();
            Tensor y = Scope.local(() -> x.add(1).square().mul(2).sum());
            // square keeps x + 1; neither x² nor 2x² is needed by any rule.
            assertEquals(before + 2, device.memory().buffers());
            Tensor g = Autograd.grad(y, List.of(x)).getFirst();
            assertArrayEquals(new float[] {4, 8, 12, 16, 20}, g.toArray());
            g.close();
            y.close();
            assertEquals(before, device.memory().buffers());
        }
    }

    @Test
    void anOutputSavedByItsOwnRuleDoesNotLeak() {
        try (Device device = Device.cpu(1); var _ = device.open()) {
            Tensor x = Tensor.range(5).requiresGrad(true);
            Scope.local(() -> x.exp().tanh()).close();
            assertEquals(1, device.memory().buffers());
        }
    }

    @Test
    void aHundredStepsOfEveryKindLeaveNoMemoryBehind() {
        try (Device device = Device.cpu(2); var _ = device.open()) {
            Tensor w = Tensor.range(12).reshape(3, 4).detach().requiresGrad(true);
            for (int i = 0; i < 100; i++) {
                try (var _ = Scope.open()) {
                    Tensor y = Tensor.ones(2, 3).matmul(w).tanh();
                    Tensor penalty = Autograd.gradWithGraph(y.sum(), List.of(w)).getFirst().square().sum();
                    y.square().sum().add(penalty).backward();
                    w.zeroGrad();
                }
                assertEquals(1, device.memory().buffers(), "after step " + i);
            }
        }
    }

    @Test
    void outOfOrderClosingIsRefused() {
        try (Device device = Device.cpu(1); Scope outer = device.open()) {
            try (var _ = Scope.open()) {
                assertThrows(IllegalStateException.class, outer::close);
            }
        }
    }

    @Test
    void withoutAScopeTheMessageSaysHowToOpenOne() {
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> Tensor.zeros(1));
        assertTrue(e.getMessage().contains("device.open()"), e.getMessage());
    }

    @Test
    void gradientsOfLeavesOutliveTheStep() {
        try (Device device = Device.cpu(1); var _ = device.open()) {
            Tensor x = Tensor.range(3).requiresGrad(true);
            for (int i = 0; i < 2; i++) {
                try (var _ = Scope.open()) {
                    x.square().sum().backward();
                }
            }
            assertArrayEquals(new float[] {0, 4, 8}, x.grad().toArray());
            x.zeroGrad();
            assertEquals(1, device.memory().buffers());
            assertFalse(x.isClosed());
        }
    }

    @Test
    void aScopeClosesWithLeavesAndTheirGradientsInAnyOrder() {
        try (Device device = Device.cpu(1); var _ = device.open()) {
            try (var _ = Scope.open()) {
                for (int i = 0; i < 100; i++) {
                    Tensor.range(3).requiresGrad(true).square().sum().backward();
                }
            }
            assertEquals(0, device.memory().buffers());
        }
    }
}
