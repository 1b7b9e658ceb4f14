package stylegan4j.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import stylegan4j.kernels.DType;
import stylegan4j.tensor.op.Reductions;

class AutogradTest {
    private Device device;
    private Scope scope;

    @BeforeEach
    void open() {
        device = Device.cpu(1);
        scope = device.open();
    }

    @AfterEach
    void close() {
        scope.close();
        device.close();
    }

    @Test
    void aTensorUsedTwiceGetsBothGradients() {
        Tensor x = Tensor.range(3).requiresGrad(true);
        Tensor g = Autograd.grad(x.mul(x).add(x).sum(), List.of(x)).getFirst();
        assertArrayEquals(new float[] {1, 3, 5}, g.toArray());
    }

    /** A sum of squares adds its gradient to that of younger operations in one pass; the values are exact. */
    @Test
    void aSumOfSquaresContinuesTheGradientSoFar() {
        Tensor x = Tensor.range(12).reshape(2, 2, 3).requiresGrad(true);
        Tensor factors = Tensor.of(new float[] {1, -2, 3, 4}, 2, 2);
        float[] expected = {5, 7, 9, 5 - 12, 5 - 16, 5 - 20, 5 + 36, 5 + 42, 5 + 48, 5 + 72, 5 + 80, 5 + 88};
        for (boolean squaresFirst : new boolean[] {true, false}) {
            Tensor early = squaresFirst ? squares(x, factors) : x.mul(5).sum();
            Tensor late = squaresFirst ? x.mul(5).sum() : squares(x, factors);
            List<Tensor> inputs = List.of(x);
            assertArrayEquals(expected, Autograd.grad(early.add(late), inputs, null, false, true).getFirst().toArray());
            assertArrayEquals(expected, Autograd.gradWithGraph(early.add(late), inputs).getFirst().toArray());
            Tensor g = Autograd.gradWithGraph(early.add(late), inputs).getFirst();
            assertArrayEquals(new float[] {2, 2, 2, -4, -4, -4, 6, 6, 6, 8, 8, 8},
                    Autograd.grad(g.sum(), inputs).getFirst().toArray());
        }
    }

    private static Tensor squares(Tensor x, Tensor factors) {
        return Reductions.sumOfSquares(x, false, 2).mul(factors).sum();
    }

    @Test
    void zerosWhereTheOutputDoesNotDepend() {
        Tensor x = Tensor.range(3).requiresGrad(true);
        Tensor other = Tensor.ones(2, 2).requiresGrad(true);
        List<Tensor> g = Autograd.grad(x.sum(), List.of(x, other));
        assertArrayEquals(new float[] {1, 1, 1}, g.get(0).toArray());
        assertArrayEquals(new float[4], g.get(1).toArray());
    }

    @Test
    void gradientsOfIntermediateResults() {
        Tensor x = Tensor.range(3).requiresGrad(true);
        Tensor middle = x.mul(2);
        List<Tensor> g = Autograd.grad(middle.square().sum(), List.of(middle, x));
        assertArrayEquals(new float[] {0, 4, 8}, g.get(0).toArray());
        assertArrayEquals(new float[] {0, 8, 16}, g.get(1).toArray());
    }

    @Test
    void nothingIsRecordedWithoutGrad() {
        Tensor x = Tensor.range(3).requiresGrad(true);
        Tensor y = Autograd.noGrad(() -> x.mul(2));
        assertFalse(y.requiresGrad());
        assertFalse(x.detach().mul(2).requiresGrad());
        assertTrue(Autograd.noGrad(() -> Autograd.recorded(() -> x.mul(2))).requiresGrad());
    }

    @Test
    void aFreedGraphIsReported() {
        Tensor x = Tensor.range(3).requiresGrad(true);
        Tensor y = x.square().sum();
        Autograd.grad(y, List.of(x));
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> Autograd.grad(y, List.of(x)));
        assertTrue(e.getMessage().contains("retainGraph"), e.getMessage());
    }

    @Test
    void aRetainedGraphServesTwice() {
        Tensor x = Tensor.range(3).requiresGrad(true);
        Tensor y = x.square().sum();
        Autograd.grad(y, List.of(x), null, false, true);
        assertArrayEquals(new float[] {0, 2, 4}, Autograd.grad(y, List.of(x)).getFirst().toArray());
    }

    @Test
    void aSavedTensorChangedInPlaceIsReported() {
        Tensor x = Tensor.range(3).requiresGrad(true);
        Tensor y = x.square().sum();
        Autograd.noGrad(() -> x.assign(Tensor.ones(3)));
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> Autograd.grad(y, List.of(x)));
        assertEquals("backward: square needs F32[3], which was changed in place since", e.getMessage());
    }

    @Test
    void aSeedIsNeededForMoreThanAScalar() {
        Tensor x = Tensor.range(3).requiresGrad(true);
        assertThrows(IllegalArgumentException.class, () -> Autograd.grad(x.mul(2), List.of(x)));
        Tensor g = Autograd.grad(x.mul(2), List.of(x), Tensor.range(3), false, false).getFirst();
        assertArrayEquals(new float[] {0, 2, 4}, g.toArray());
        assertThrows(IllegalArgumentException.class,
                () -> Autograd.grad(x.mul(2), List.of(x), Tensor.range(4), false, false));
    }

    @Test
    void checkpointingGivesTheSameGradientsFromLessMemory() {
        Tensor x = Tensor.range(6).mul(0.1).detach().requiresGrad(true);
        Tensor w = Tensor.ones(6).mul(0.3).detach().requiresGrad(true);
        Tensor plain = Scope.local(() -> deep(x, w));
        long plainBuffers = device.memory().buffers();
        List<Tensor> expected = Autograd.grad(plain, List.of(x, w));
        expected.forEach(Tensor::toArray);
        plain.close();
        long before = device.memory().buffers();
        Tensor saved = Scope.local(() -> Recomputation.checkpoint(List.of(x, w), in -> deep(in.get(0), in.get(1))));
        assertEquals(before + 1, device.memory().buffers());
        assertTrue(plainBuffers > before + 1);
        List<Tensor> got = Autograd.grad(saved, List.of(x, w));
        for (int i = 0; i < 2; i++) {
            assertArrayEquals(expected.get(i).toArray(), got.get(i).toArray());
        }
    }

    private static Tensor deep(Tensor x, Tensor w) {
        Tensor y = x;
        for (int i = 0; i < 5; i++) {
            y = y.mul(w).tanh().exp();
        }
        return y.sum();
    }

    @Test
    void derivedValuesAreKeptUntilTheirSourceChanges() {
        Tensor w = Tensor.range(3).requiresGrad(true);
        int[] computed = {0};
        Derived energy = new Derived(w, x -> {
            computed[0]++;
            return x.square().sum();
        });
        Autograd.noGrad(() -> {
            assertEquals(5, energy.get().item());
            assertEquals(5, energy.get().item());
            assertEquals(1, computed[0]);
            w.assign(Tensor.ones(3));
            assertEquals(3, energy.get().item());
            assertEquals(2, computed[0]);
        });
        assertArrayEquals(new float[] {2, 2, 2}, Autograd.grad(energy.get(), List.of(w)).getFirst().toArray());
        assertEquals(3, computed[0]);
    }

    @Test
    void halfTypesAreStorage() {
        Tensor x = Tensor.of(new float[] {1, 2.5f, 65504, 1e-8f}, 4).requiresGrad(true);
        Tensor half = x.to(DType.F16);
        assertEquals(DType.F16, half.type());
        Tensor y = half.mul(2);
        assertEquals(DType.F32, y.type());
        assertArrayEquals(new float[] {2, 5, 131008, 0}, y.toArray());
        assertArrayEquals(new float[] {2, 2, 2, 2}, Autograd.grad(y.sum(), List.of(x)).getFirst().toArray());
        assertArrayEquals(new float[] {1, 2.5f, 65536, 1.0012e-8f}, x.detach().to(DType.BF16).toArray(), 1e-10f);
    }

    @Test
    void aDeepGraphNeedsNoDeepStack() {
        Tensor x = Tensor.scalar(1).requiresGrad(true);
        Tensor y = x;
        for (int i = 0; i < 20_000; i++) {
            y = y.add(1);
        }
        assertEquals(1, Autograd.grad(y, List.of(x)).getFirst().item());
    }

    @Test
    void aReplacedGradientLivesWithItsTensor() {
        try (Device device = Device.cpu(1); var _ = device.open()) {
            Tensor x = Tensor.ones(2).requiresGrad(true);
            try (var _ = Scope.open()) {
                x.square().sum().backward();
                x.replaceGrad(x.grad().mul(0.25));
                x.replaceGrad(x.grad());
            }
            assertArrayEquals(new float[] {0.5f, 0.5f}, x.grad().toArray());
            assertEquals(2, device.memory().buffers());
            assertThrows(IllegalArgumentException.class, () -> x.replaceGrad(Tensor.ones(3)));
        }
    }
}
