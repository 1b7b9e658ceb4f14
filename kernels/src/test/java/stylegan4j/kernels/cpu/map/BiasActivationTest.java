package stylegan4j.kernels.cpu.map;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.map.Arrange.Layout;

@Tag("widths")
class BiasActivationTest {
    private static final int[][] SHAPES = {{1}, {13}, {2, 13}, {3, 5, 207}, {2, 5, 31, 37}};

    /** Rounding of a few steps on values of order one. */
    private static final float TOLERANCE = 2e-6f;

    /** Definitions of the official table in double precision: f, f′ and f″. */
    private static double f(int order, Activation activation, double alpha, double x) {
        double scale = 1.0507009873554804934193349852946;
        double s = 1 / (1 + Math.exp(-x));
        double t = Math.tanh(x);
        boolean up = x > 0;
        double e = Math.exp(x);
        return switch (activation) {
            case LINEAR -> new double[] {x, 1, 0}[order];
            case RELU -> up ? new double[] {x, 1, 0}[order] : 0;
            case LRELU -> up ? new double[] {x, 1, 0}[order] : new double[] {alpha * x, alpha, 0}[order];
            case TANH -> new double[] {t, 1 - t * t, -2 * t * (1 - t * t)}[order];
            case SIGMOID -> new double[] {s, s * (1 - s), s * (1 - s) * (1 - 2 * s)}[order];
            case ELU -> up ? new double[] {x, 1, 0}[order] : new double[] {e - 1, e, e}[order];
            case SELU -> scale * (up ? new double[] {x, 1, 0}[order]
                    : 1.6732632423543772848170429916717 * new double[] {e - 1, e, e}[order]);
            case SOFTPLUS -> new double[] {Math.log1p(e), s, s * (1 - s)}[order];
            case SWISH -> new double[] {x * s, s * (1 + x * (1 - s)), s * (1 - s) * (2 + x * (1 - 2 * s))}[order];
        };
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void forwardWithAndWithoutBias(Activation activation) {
        try (Arrange arrange = new Arrange(2)) {
            for (int[] shape : SHAPES) {
                for (int channelDim = 0; channelDim < shape.length; channelDim++) {
                    BiasAct spec = BiasAct.of(activation).withChannelDim(channelDim).withClamp(1.5f);
                    NdArray x = arrange.normal(Layout.DENSE, shape);
                    NdArray bias = arrange.normal(Layout.SPACED, shape[channelDim]);
                    NdArray y = arrange.empty(shape);
                    arrange.backend.biasAct(x, bias, spec, y);
                    assertArrayEquals(forward(spec, biased(x, bias, channelDim)), Arrange.floats(y), TOLERANCE);
                    arrange.backend.biasAct(x, null, spec, x);
                }
            }
            NdArray x = arrange.normal(Layout.DENSE, 33, 1031);
            float[] before = Arrange.floats(x);
            BiasAct spec = BiasAct.of(activation);
            arrange.backend.biasAct(x, null, spec, x);
            assertArrayEquals(forward(spec, before), Arrange.floats(x), 3 * TOLERANCE);
        }
    }

    private static float[] biased(NdArray x, NdArray bias, int channelDim) {
        float[] values = Arrange.floats(x);
        float[] biases = Arrange.floats(bias);
        long inner = x.strides()[channelDim];
        for (int i = 0; i < values.length; i++) {
            values[i] += biases[(int) (i / inner % biases.length)];
        }
        return values;
    }

    private static float[] forward(BiasAct spec, float[] x) {
        float[] y = new float[x.length];
        for (int i = 0; i < y.length; i++) {
            double v = spec.gain() * f(0, spec.activation(), spec.alpha(), x[i]);
            y[i] = (float) (spec.clamps() ? Math.clamp(v, -spec.clamp(), spec.clamp()) : v);
        }
        return y;
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void gradientsOfBothOrdersFromInputAndFromOutput(Activation activation) {
        try (Arrange arrange = new Arrange(2)) {
            for (int[] shape : SHAPES) {
                int channelDim = Math.min(1, shape.length - 1);
                BiasAct spec = BiasAct.of(activation).withChannelDim(channelDim).withClamp(1.5f);
                NdArray x = arrange.normal(Layout.DENSE, shape);
                NdArray bias = arrange.normal(Layout.DENSE, shape[channelDim]);
                NdArray output = arrange.empty(shape);
                arrange.backend.biasAct(x, bias, spec, output);
                NdArray a = arrange.normal(Layout.REVERSED_DIMENSIONS, shape);
                NdArray b = arrange.normal(Layout.SPACED, shape);
                NdArray y = arrange.empty(shape);
                float[] sums = biased(x, bias, channelDim);
                float[] clamped = Arrange.floats(output);
                for (int order = 1; order <= 2; order++) {
                    NdArray second = order == 1 ? null : b;
                    float[] expected = gradient(order, spec, a, second, sums, clamped);
                    arrange.backend.biasActGradient(order, a, second, x, bias, false, spec, y);
                    assertArrayEquals(expected, Arrange.floats(y), 10 * TOLERANCE);
                    if (activation.invertible()) {
                        arrange.backend.biasActGradient(order, a, second, output, null, true, spec, y);
                        assertArrayEquals(expected, Arrange.floats(y), 10 * TOLERANCE);
                    }
                }
            }
        }
    }

    private static float[] gradient(int order, BiasAct spec, NdArray a, NdArray b, float[] x, float[] output) {
        float[] y = Arrange.floats(a);
        float[] second = b == null ? null : Arrange.floats(b);
        for (int i = 0; i < y.length; i++) {
            double slope = spec.gain() * f(order, spec.activation(), spec.alpha(), x[i]);
            boolean clamped = Math.abs(output[i]) >= spec.clamp();
            y[i] = clamped ? 0 : (float) (y[i] * (second == null ? 1.0 : second[i]) * slope);
        }
        return y;
    }

    @Test
    void outputsAtTheClampPassNoGradientWhateverTheGain() {
        try (Arrange arrange = new Arrange(1)) {
            for (float gain : new float[] {0.7f, 1.4142135f, 3.3f}) {
                BiasAct spec = BiasAct.of(Activation.LRELU).withChannelDim(0).withGain(gain).withClamp(256);
                NdArray output = arrange.of(new float[] {256, -256, 255.99f, 1, -1}, 5);
                NdArray ones = arrange.of(new float[] {1, 1, 1, 1, 1}, 5);
                NdArray y = arrange.empty(5);
                arrange.backend.biasActGradient(1, ones, null, output, null, true, spec, y);
                assertArrayEquals(new float[] {0, 0, gain, gain, 0.2f * gain}, Arrange.floats(y), 1e-6f);
            }
        }
    }

    @Test
    void steepValuesStayFinite() {
        try (Arrange arrange = new Arrange(1)) {
            float[] steep = {-1e30f, -200, -100, 100, 200, 1e30f};
            NdArray x = arrange.of(steep, 6);
            NdArray y = arrange.empty(6);
            arrange.backend.biasAct(x, null, BiasAct.of(Activation.ELU).withChannelDim(0), y);
            assertArrayEquals(new float[] {-1, -1, -1, 100, 200, 1e30f}, Arrange.floats(y));
            arrange.backend.biasAct(x, null, BiasAct.of(Activation.SOFTPLUS).withChannelDim(0), y);
            assertEquals(1e30f, Arrange.floats(y)[5]);
            arrange.backend.biasActGradient(1, x, null, x, null, false,
                    BiasAct.of(Activation.SIGMOID).withChannelDim(0), y);
            assertArrayEquals(new float[6], Arrange.floats(y), 1e-30f);
        }
    }
}
