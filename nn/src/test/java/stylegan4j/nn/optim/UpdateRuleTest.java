package stylegan4j.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Tensor;

/** Each rule against its published formula, written out in double for one element at a time. */
class UpdateRuleTest {
    private static final int ROWS = 4;
    private static final int COLUMNS = 3;
    private static final int N = ROWS * COLUMNS;
    private static final int STEPS = 20;
    private static final double RATE = 0.05;

    /**
     * Values stay below 4 and a step below 1. Each step rounds them a few times, and its own relative error, from
     * moments that went through as many steps, is below 2·20 units: 20·(4·4 + 40·0.05)·2⁻²⁴.
     */
    private static final double TOLERANCE = STEPS * (4 * 4 + 2 * STEPS * RATE) * 0x1p-24;

    /** Changes p by the gradient g at step t = 1, 2, … */
    private interface Reference {
        void step(double[] p, double[] g, int t);
    }

    private static void check(UpdateRule rule, Reference reference) {
        Random random = new Random(21);
        try (Device device = Device.cpu(); var _ = device.open()) {
            float[] first = gaussian(random);
            Tensor parameter = Tensor.of(first, ROWS, COLUMNS).requiresGrad(true);
            Optimizer optimizer = new Optimizer(Map.of("p", parameter), rule, RATE);
            double[] expected = widen(first);
            for (int t = 1; t <= STEPS; t++) {
                float[] gradient = gaussian(random);
                parameter.replaceGrad(Tensor.of(gradient, ROWS, COLUMNS));
                optimizer.step();
                reference.step(expected, widen(gradient), t);
                float[] actual = parameter.toArray();
                for (int i = 0; i < N; i++) {
                    assertEquals(expected[i], actual[i], TOLERANCE, rule + ", step " + t);
                }
            }
        }
    }

    private static float[] gaussian(Random random) {
        float[] values = new float[N];
        for (int i = 0; i < N; i++) {
            values[i] = (float) Math.clamp(random.nextGaussian(), -2, 2);
        }
        return values;
    }

    private static double[] widen(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private static Reference adam(double beta1, double beta2, double epsilon, double decay, boolean decoupled) {
        double[] m = new double[N];
        double[] v = new double[N];
        return (p, g, t) -> {
            for (int i = 0; i < N; i++) {
                double gradient = g[i] + (decoupled ? 0 : decay * p[i]);
                m[i] = beta1 * m[i] + (1 - beta1) * gradient;
                v[i] = beta2 * v[i] + (1 - beta2) * gradient * gradient;
                double corrected = m[i] / (1 - Math.pow(beta1, t));
                double root = Math.sqrt(v[i] / (1 - Math.pow(beta2, t)));
                p[i] -= decoupled ? RATE * decay * p[i] : 0;
                p[i] -= RATE * corrected / (root + epsilon);
            }
        };
    }

    @Test
    void adam() {
        check(Adam.of(0.9, 0.999), adam(0.9, 0.999, 1e-8, 0, false));
        check(Adam.of(0, 0.99), adam(0, 0.99, 1e-8, 0, false));
        check(new Adam(0.9, 0.99, 0.01, 0.1, false), adam(0.9, 0.99, 0.01, 0.1, false));
        check(Adam.decoupled(0.9, 0.99, 0.1), adam(0.9, 0.99, 1e-8, 0.1, true));
    }

    @Test
    void sgd() {
        check(Sgd.plain(), (p, g, t) -> {
            for (int i = 0; i < N; i++) {
                p[i] -= RATE * g[i];
            }
        });
        for (boolean nesterov : new boolean[] {false, true}) {
            double[] sum = new double[N];
            check(new Sgd(0.8, nesterov, 0.1), (p, g, t) -> {
                for (int i = 0; i < N; i++) {
                    double gradient = g[i] + 0.1 * p[i];
                    sum[i] = 0.8 * sum[i] + gradient;
                    p[i] -= RATE * (nesterov ? gradient + 0.8 * sum[i] : sum[i]);
                }
            });
        }
        assertThrows(IllegalArgumentException.class, () -> new Sgd(0, true, 0));
    }

    /** Algorithm 2 of the paper, with the variance known from a length above 5 on. */
    private static Reference rectified(double beta1, double beta2, double epsilon, double decay, boolean decoupled) {
        double[] m = new double[N];
        double[] v = new double[N];
        return (p, g, t) -> {
            double infinite = 2 / (1 - beta2) - 1;
            double rho = infinite - 2 * t * Math.pow(beta2, t) / (1 - Math.pow(beta2, t));
            for (int i = 0; i < N; i++) {
                double gradient = g[i] + (decoupled ? 0 : decay * p[i]);
                m[i] = beta1 * m[i] + (1 - beta1) * gradient;
                v[i] = beta2 * v[i] + (1 - beta2) * gradient * gradient;
                double step = m[i] / (1 - Math.pow(beta1, t));
                if (rho > 5) {
                    double r = Math.sqrt((rho - 4) * (rho - 2) * infinite / ((infinite - 4) * (infinite - 2) * rho));
                    step *= r * Math.sqrt(1 - Math.pow(beta2, t)) / (Math.sqrt(v[i]) + epsilon);
                }
                p[i] -= decoupled ? RATE * decay * p[i] : 0;
                p[i] -= RATE * step;
            }
        };
    }

    @Test
    void radam() {
        check(RAdam.of(0.9, 0.999), rectified(0.9, 0.999, 1e-8, 0, false));
        check(new RAdam(0.9, 0.9, 1e-3, 0.1, false), rectified(0.9, 0.9, 1e-3, 0.1, false));
        check(new RAdam(0.9, 0.9, 1e-3, 0.1, true), rectified(0.9, 0.9, 1e-3, 0.1, true));
    }

    private static Reference slowed(Reference fast, double alpha, int interval) {
        double[][] slow = new double[1][];
        return (p, g, t) -> {
            if (slow[0] == null) {
                slow[0] = p.clone();
            }
            fast.step(p, g, t);
            if (t % interval == 0) {
                for (int i = 0; i < N; i++) {
                    slow[0][i] += alpha * (p[i] - slow[0][i]);
                    p[i] = slow[0][i];
                }
            }
        };
    }

    @Test
    void lookahead() {
        check(new Lookahead(Adam.of(0.9, 0.99), 0.3, 4), slowed(adam(0.9, 0.99, 1e-8, 0, false), 0.3, 4));
        assertThrows(IllegalArgumentException.class, () -> new Lookahead(Sgd.plain(), 1.5, 4));
        assertThrows(IllegalArgumentException.class, () -> new Lookahead(Sgd.plain(), 0.5, 0));
    }

    /** pSp's ranger.py: centralised by the mean of each row, rectified, slowed by a half every 6 steps. */
    @Test
    void ranger() {
        checkRanger(Ranger.rule(), 1e-5, 0);
        checkRanger(Ranger.rule(0.95, 0.999, 6.1e-5, 0), 6.1e-5, 0);
        checkRanger(Ranger.rule(0.95, 0.999, 1e-3, 0.1), 1e-3, 0.1);
    }

    private static void checkRanger(UpdateRule rule, double epsilon, double decay) {
        Reference inner = slowed(rectified(0.95, 0.999, epsilon, decay, true), 0.5, 6);
        check(rule, (p, g, t) -> {
            double[] centred = g.clone();
            for (int i = 0; i < N; i++) {
                int row = i / COLUMNS * COLUMNS;
                centred[i] -= (g[row] + g[row + 1] + g[row + 2]) / COLUMNS;
            }
            inner.step(p, centred, t);
        });
    }

    @Test
    void lazyRegularisationPowersTheBetasAndScalesTheRate() {
        LazyRegularization lazy = new LazyRegularization(16);
        Adam adam = lazy.correct(Adam.of(0, 0.99));
        assertEquals(0, adam.beta1());
        assertEquals(Math.pow(0.99, 16.0 / 17), adam.beta2(), 1e-15);
        assertEquals(0.002 * 16 / 17, lazy.correct(0.002), 1e-15);
        assertThrows(IllegalArgumentException.class, () -> new LazyRegularization(0));
    }
}
