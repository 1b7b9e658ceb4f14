package stylegan4j.tensor.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** Functions in one pass give what the plain operations give that they are made of; gradients too. */
class PointwiseTest {
    /** Smooth and defined everywhere, so that no order of rounding turns into another branch. */
    private static final List<UnaryOp> SMOOTH = List.of(UnaryOp.AFFINE, UnaryOp.SIN, UnaryOp.COS, UnaryOp.TANH,
            UnaryOp.SIGMOID, UnaryOp.SOFTPLUS, UnaryOp.ABS, UnaryOp.LEAKY_RELU, UnaryOp.CLAMP);
    private static final List<BinaryOp> BINARY = List.of(BinaryOp.ADD, BinaryOp.SUBTRACT, BinaryOp.MULTIPLY,
            BinaryOp.MAXIMUM, BinaryOp.MINIMUM);

    private final Device device = Device.cpu();
    private final Random random = new Random(17);
    private AutoCloseable opened;
    private Scope scope;

    @BeforeEach
    void open() {
        opened = device.open();
        scope = Scope.open();
    }

    @AfterEach
    void close() throws Exception {
        scope.close();
        opened.close();
        device.close();
    }

    private Tensor normal(int... shape) {
        float[] values = new float[(int) Tensor.zeros(shape).numel()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.of(values, shape);
    }

    private Expression randomFormula(List<Expression> inputs, int steps) {
        List<Expression> made = new ArrayList<>(inputs);
        for (int i = 0; i < steps; i++) {
            Expression a = made.get(Math.max(0, made.size() - 1 - random.nextInt(2)));
            Expression b = made.get(random.nextInt(made.size()));
            made.add(switch (random.nextInt(5)) {
                case 0, 1 -> new Expression.Unary(SMOOTH.get(random.nextInt(SMOOTH.size())), a, -0.75, 0.5);
                case 2, 3 -> new Expression.Binary(BINARY.get(random.nextInt(BINARY.size())), a, b);
                default -> inputs.getFirst().greater(0.1).where(a, b);
            });
        }
        return made.getLast().add(new Expression.Constant(0.25));
    }

    /** Inputs in every layout that tensors have: dense, turned, cut out, broadcast. */
    private List<Tensor> layouts(int n) {
        return List.of(normal(3, n, 4), normal(4, n, 3).transpose(0, 2), normal(n, 1), normal(3, n, 9).slice(2, 1, 9, 2),
                normal(1, 1, 4));
    }

    @Test
    void randomFunctionsEqualTheirCompositeBitForBit() {
        for (int n : new int[] {0, 1, 13, 207}) {
            for (int trial = 0; trial < 12; trial++) {
                Pointwise f = Pointwise.of("random", 3, x -> randomFormula(x, 10));
                List<Tensor> all = layouts(n);
                Tensor[] x = {all.get(trial % 5), all.get((trial + 1) % 5), all.get((trial / 2) % 5)};
                assertArrayEquals(f.composite(x).toArray(), f.apply(x).toArray());
            }
        }
    }

    /**
     * Both routes sum at most some hundred products of the same factors, in other orders: errors of a few hundred
     * roundings of the largest term, 6e-8 each.
     */
    @Test
    void gradientsOfFirstAndSecondOrderEqualTheComposites() {
        for (int n : new int[] {1, 13}) {
            for (int trial = 0; trial < 12; trial++) {
                Pointwise f = Pointwise.of("random", 3, x -> randomFormula(x, 8));
                List<Tensor> all = layouts(n);
                List<Tensor> x = List.of(all.get(trial % 5).detach().requiresGrad(true),
                        all.get((trial + 2) % 5).detach().requiresGrad(true), normal(3, n, 4).requiresGrad(true));
                Tensor[] arguments = x.toArray(Tensor[]::new);
                assertClose(derivatives(f.composite(arguments), x), derivatives(f.apply(arguments), x));
            }
        }
    }

    /** The gradients, and those of the sum of their sines, which is no symmetric function of them. */
    private static List<Tensor> derivatives(Tensor y, List<Tensor> x) {
        List<Tensor> results = new ArrayList<>(Autograd.gradWithGraph(y.sin().sum(), x));
        Tensor sum = Tensor.scalar(0);
        for (Tensor g : results) {
            sum = sum.add(g.sin().sum());
        }
        if (sum.requiresGrad()) {
            results.addAll(Autograd.grad(sum, x));
        }
        return results;
    }

    private static void assertClose(List<Tensor> expected, List<Tensor> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            float[] want = expected.get(i).toArray();
            double size = 1;
            for (float v : want) {
                size = Math.max(size, Math.abs(v));
            }
            assertArrayEquals(want, actual.get(i).toArray(), (float) (3e-5 * size), "result " + i);
        }
    }

    @Test
    void keepsOnlyWhatItsGradientReads() {
        Pointwise f = Pointwise.of("sum", (a, b) -> a.add(b).sub(1));
        Tensor a = normal(5).requiresGrad(true);
        Tensor y;
        Tensor b = normal(5);
        try (Scope inner = Scope.open()) {
            y = inner.release(f.apply(a, b.add(1)));
        }
        b.assign(Tensor.zeros(5));
        assertArrayEquals(new float[] {1, 1, 1, 1, 1}, Autograd.grad(y.sum(), List.of(a)).getFirst().toArray());
    }

    @Test
    void piecewiseConstantFunctionsAreInNoGraph() {
        Tensor x = normal(5).requiresGrad(true);
        assertFalse(Pointwise.of("steps", v -> v.floor().sign().add(2)).apply(x).requiresGrad());
        assertTrue(Pointwise.of("sum", v -> v.floor().add(v)).apply(x).requiresGrad());
    }

    @Test
    void assignsInPlace() {
        Pointwise lerp = Pointwise.of("lerp", (a, b) -> a.sub(a.sub(b).mul(0.25)));
        Tensor a = normal(3, 70);
        Tensor b = normal(70, 3).transpose(0, 1);
        Tensor expected = a.sub(a.sub(b).mul(0.25));
        int version = a.version();
        lerp.assign(a, a, b);
        assertArrayEquals(expected.toArray(), a.toArray());
        assertTrue(a.version() > version);

        Tensor square = normal(4, 4);
        Tensor turned = square.transpose(0, 1);
        Tensor mean = square.sub(square.sub(turned).mul(0.25));
        lerp.assign(square, square, turned);
        assertArrayEquals(mean.toArray(), square.toArray());
        assertThrows(IllegalStateException.class, () -> lerp.assign(normal(3).requiresGrad(true).exp(), normal(3),
                normal(3)));
    }

    @Test
    void moreInputsThanABackendTakesGoStepByStep() {
        Tensor[] x = new Tensor[20];
        for (int i = 0; i < x.length; i++) {
            x[i] = Tensor.full(i, 2);
        }
        Pointwise sum = Pointwise.of("sum of 20", 20, v -> v.stream().reduce(Expression::add).orElseThrow());
        assertArrayEquals(new float[] {190, 190}, sum.apply(x).toArray());
    }

    @Test
    void refusesWrongArguments() {
        Pointwise f = Pointwise.of("mean", (a, b) -> a.add(b).div(2));
        assertEquals("mean: expected 2 tensors, got 1",
                assertThrows(IllegalArgumentException.class, () -> f.apply(normal(2))).getMessage());
        assertEquals("mean: shapes [2] and [3] do not broadcast",
                assertThrows(IllegalArgumentException.class, () -> f.apply(normal(2), normal(3))).getMessage());
    }
}
