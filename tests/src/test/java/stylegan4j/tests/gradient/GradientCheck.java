package stylegan4j.tests.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * Compares derivatives along a random direction with a four-point difference quotient, order by order: the gradient of
 * the function, then the gradient of that gradient, and so on. Each order's quotient is taken of the analytic
 * derivative one order below.
 *
 * <p>Tolerance: with step h = 1/32 the quotient's truncation error is h⁴·f⁽⁵⁾/30 ≈ 3e-8·f⁽⁵⁾, its rounding error
 * about 1.5·ε·|f|/h ≈ 3e-6·|f| for sums of unit-sized terms; 2e-3 of the terms' size leaves room for functions whose
 * fifth derivative is in the thousands, and is far below what a wrong factor or sign would give.
 */
final class GradientCheck {
    private static final double STEP = 1.0 / 32;
    private static final double TOLERANCE = 2e-3;

    private GradientCheck() {
    }

    /** Checks derivatives of order 1 … {@code orders} of {@code function} at {@code points}. */
    static void check(String name, int orders, Function<List<Tensor>, Tensor> function, Point... points) {
        try (Device device = Device.cpu(); var _ = device.open()) {
            float[][] values = new float[points.length + 1][];
            int[][] shapes = new int[points.length + 1][];
            for (int i = 0; i < points.length; i++) {
                values[i] = points[i].values();
                shapes[i] = points[i].shape();
            }
            // The weights of the outputs are one more input: then every order depends on something.
            Random random = new Random(99);
            try (var _ = Scope.open()) {
                Tensor y = function.apply(tensors(values, shapes, points.length));
                shapes[points.length] = y.shape();
                values[points.length] = normal(random, (int) y.numel());
            }
            Function<List<Tensor>, Tensor> scalar = inputs ->
                    function.apply(inputs.subList(0, points.length)).mul(inputs.getLast()).sum();
            for (int order = 1; order <= orders; order++) {
                compare(name + ", derivative of order " + order, scalar, values, shapes, random);
                scalar = derivative(scalar, directions(values, random));
            }
        }
    }

    /** A point to differentiate at. */
    record Point(float[] values, int... shape) {
        /** Normal numbers times {@code scale} plus {@code shift}. */
        static Point normal(long seed, double scale, double shift, int... shape) {
            float[] values = GradientCheck.normal(new Random(seed), size(shape));
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (values[i] * scale + shift);
            }
            return new Point(values, shape);
        }

        /** Numbers of either sign at least 0.3 from zero, so that a step crosses no kink there. */
        static Point awayFromZero(long seed, int... shape) {
            float[] values = GradientCheck.normal(new Random(seed), size(shape));
            for (int i = 0; i < values.length; i++) {
                values[i] += Math.signum(values[i]) * 0.3f;
            }
            return new Point(values, shape);
        }

        /** Shuffled numbers at least 0.25 apart, so that a step changes no order. */
        static Point distinct(long seed, int... shape) {
            List<Integer> ranks = new ArrayList<>();
            for (int i = 0; i < size(shape); i++) {
                ranks.add(i);
            }
            Collections.shuffle(ranks, new Random(seed));
            float[] values = new float[ranks.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (ranks.get(i) - values.length / 2) * 0.25f;
            }
            return new Point(values, shape);
        }

        private static int size(int... shape) {
            int n = 1;
            for (int d : shape) {
                n *= d;
            }
            return n;
        }
    }

    private static void compare(String name, Function<List<Tensor>, Tensor> scalar, float[][] values, int[][] shapes,
                                Random random) {
        float[][] direction = directions(values, random);
        double analytic;
        double size = 1;
        try (var _ = Scope.open()) {
            List<Tensor> inputs = tensors(values, shapes, values.length);
            Tensor y = scalar.apply(inputs);
            // A derivative that is constant, as of a piecewise linear function, is in no graph.
            List<Tensor> gradients = y.requiresGrad() ? Autograd.grad(y, inputs)
                    : inputs.stream().map(x -> Tensor.zeros(x.shape())).toList();
            analytic = 0;
            double squares = 0;
            for (int i = 0; i < values.length; i++) {
                float[] g = gradients.get(i).toArray();
                for (int j = 0; j < g.length; j++) {
                    analytic += g[j] * (double) direction[i][j];
                    squares += g[j] * (double) g[j] * direction[i][j] * direction[i][j];
                }
            }
            size = Math.max(size, Math.sqrt(squares));
        }
        double numeric = (8 * (at(scalar, values, shapes, direction, STEP)
                - at(scalar, values, shapes, direction, -STEP))
                - (at(scalar, values, shapes, direction, 2 * STEP)
                - at(scalar, values, shapes, direction, -2 * STEP))) / (12 * STEP);
        assertEquals(numeric, analytic, TOLERANCE * size, name);
    }

    /** {@code inputs → Σ ⟨direction, ∇scalar⟩}, differentiable again. */
    private static Function<List<Tensor>, Tensor> derivative(Function<List<Tensor>, Tensor> scalar,
                                                             float[][] direction) {
        return inputs -> {
            Tensor y = scalar.apply(inputs);
            Tensor sum = Tensor.scalar(0);
            if (!y.requiresGrad()) {
                return sum;
            }
            List<Tensor> gradients = Autograd.gradWithGraph(y, inputs);
            for (int i = 0; i < gradients.size(); i++) {
                Tensor g = gradients.get(i);
                sum = sum.add(g.mul(Tensor.of(direction[i], g.shape())).sum());
            }
            return sum;
        };
    }

    private static double at(Function<List<Tensor>, Tensor> scalar, float[][] values, int[][] shapes,
                             float[][] direction, double step) {
        float[][] moved = new float[values.length][];
        for (int i = 0; i < values.length; i++) {
            moved[i] = values[i].clone();
            for (int j = 0; j < moved[i].length; j++) {
                moved[i][j] += (float) (step * direction[i][j]);
            }
        }
        try (var _ = Scope.open()) {
            return scalar.apply(tensors(moved, shapes, moved.length)).item();
        }
    }

    private static List<Tensor> tensors(float[][] values, int[][] shapes, int count) {
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tensors.add(Tensor.of(values[i], shapes[i]).requiresGrad(true));
        }
        return tensors;
    }

    private static float[][] directions(float[][] values, Random random) {
        float[][] direction = new float[values.length][];
        for (int i = 0; i < values.length; i++) {
            direction[i] = normal(random, values[i].length);
        }
        // Unit length, so that a step is a step whatever the number of inputs.
        double squares = 0;
        for (float[] d : direction) {
            for (float v : d) {
                squares += v * (double) v;
            }
        }
        float scale = (float) (1 / Math.sqrt(Math.max(squares, 1e-30)));
        for (float[] d : direction) {
            for (int j = 0; j < d.length; j++) {
                d[j] *= scale;
            }
        }
        return direction;
    }

    private static float[] normal(Random random, int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
