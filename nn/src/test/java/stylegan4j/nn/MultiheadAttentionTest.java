package stylegan4j.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

class MultiheadAttentionTest {
    private static final int LENGTH = 3;
    private static final int SOURCE = 5;
    private static final int BATCH = 2;
    private static final int FEATURES = 6;
    private static final int HEADS = 3;

    /** Sums of at most 6 terms below 4, three deep, with a softmax between: 3·24·4·2⁻²⁴. */
    private static final double TOLERANCE = 3 * 24 * 4 * 0x1p-24;

    private Device device;
    private Scope scope;
    private final RandomNumbers numbers = new RandomNumbers(17);

    @BeforeEach
    void open() {
        device = Device.cpu();
        scope = device.open();
    }

    @AfterEach
    void close() {
        scope.close();
        device.close();
    }

    private MultiheadAttention layer() {
        MultiheadAttention layer = new MultiheadAttention(FEATURES, HEADS, null, Initializer.random(5));
        layer.parameters().get("in_proj_bias").assign(numbers.normal(3 * FEATURES));
        layer.parameters().get("out_proj.bias").assign(numbers.normal(FEATURES));
        return layer;
    }

    @Test
    void hasTheNamesAndFirstBiasesOfTorch() {
        MultiheadAttention layer = new MultiheadAttention(FEATURES, HEADS, null, Initializer.random(5));
        assertEquals(List.of("in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"),
                List.copyOf(layer.state().keySet()));
        assertArrayEquals(new int[] {18, 6}, layer.state().get("in_proj_weight").shape());
        assertArrayEquals(new float[FEATURES], layer.state().get("out_proj.bias").toArray());
    }

    @Test
    void followsTheFormula() {
        check(null);
    }

    @Test
    void addsTheMask() {
        float[] mask = new float[LENGTH * SOURCE];
        mask[1] = Float.NEGATIVE_INFINITY;
        mask[7] = 0.5f;
        mask[14] = Float.NEGATIVE_INFINITY;
        check(mask);
    }

    private void check(float[] mask) {
        MultiheadAttention layer = layer();
        Tensor query = numbers.normal(LENGTH, BATCH, FEATURES);
        Tensor key = numbers.normal(SOURCE, BATCH, FEATURES);
        Tensor value = numbers.normal(SOURCE, BATCH, FEATURES);
        float[] y = layer.forward(query, key, value, mask == null ? null : Tensor.of(mask, LENGTH, SOURCE)).toArray();
        Map<String, Tensor> state = layer.state();
        float[] w = state.get("in_proj_weight").toArray();
        float[] b = state.get("in_proj_bias").toArray();
        double[][] q = project(query.toArray(), w, b, 0);
        double[][] k = project(key.toArray(), w, b, FEATURES);
        double[][] v = project(value.toArray(), w, b, 2 * FEATURES);
        double[][] attended = new double[LENGTH * BATCH][FEATURES];
        int d = FEATURES / HEADS;
        for (int row = 0; row < LENGTH * BATCH; row++) {
            int n = row % BATCH;
            for (int h = 0; h < HEADS; h++) {
                double[] weights = new double[SOURCE];
                double sum = 0;
                for (int s = 0; s < SOURCE; s++) {
                    double dot = 0;
                    for (int i = h * d; i < (h + 1) * d; i++) {
                        dot += q[row][i] * k[s * BATCH + n][i];
                    }
                    weights[s] = Math.exp(dot / Math.sqrt(d) + (mask == null ? 0 : mask[row / BATCH * SOURCE + s]));
                    sum += weights[s];
                }
                for (int s = 0; s < SOURCE; s++) {
                    for (int i = h * d; i < (h + 1) * d; i++) {
                        attended[row][i] += weights[s] / sum * v[s * BATCH + n][i];
                    }
                }
            }
        }
        float[] outWeight = state.get("out_proj.weight").toArray();
        float[] outBias = state.get("out_proj.bias").toArray();
        for (int i = 0; i < y.length; i++) {
            double sum = outBias[i % FEATURES];
            for (int j = 0; j < FEATURES; j++) {
                sum += attended[i / FEATURES][j] * outWeight[i % FEATURES * FEATURES + j];
            }
            assertEquals(sum, y[i], TOLERANCE);
        }
    }

    private static double[][] project(float[] x, float[] w, float[] b, int first) {
        double[][] y = new double[x.length / FEATURES][FEATURES];
        for (int row = 0; row < y.length; row++) {
            for (int o = 0; o < FEATURES; o++) {
                y[row][o] = b[first + o];
                for (int i = 0; i < FEATURES; i++) {
                    y[row][o] += x[row * FEATURES + i] * (double) w[(first + o) * FEATURES + i];
                }
            }
        }
        return y;
    }

    @Test
    void dropsAttentionInTrainingOnly() {
        MultiheadAttention layer = new MultiheadAttention(FEATURES, HEADS, new Dropout(1, numbers),
                Initializer.random(5));
        Tensor x = numbers.normal(LENGTH, BATCH, FEATURES);
        assertEquals(true, layer.forward(x, x, x).abs().max().item() > 0);
        layer.training(true);
        assertEquals(0, layer.forward(x, x, x).abs().max().item());
    }

    @Test
    void refusesWhatDoesNotFit() {
        MultiheadAttention layer = layer();
        Tensor x = numbers.normal(LENGTH, BATCH, FEATURES);
        assertThrows(IllegalArgumentException.class, () -> layer.forward(x, x, numbers.normal(2, BATCH, FEATURES)));
        assertThrows(IllegalArgumentException.class, () -> layer.forward(x, x.slice(1, 0, 1), x.slice(1, 0, 1)));
        assertThrows(IllegalArgumentException.class, () -> new MultiheadAttention(5, 2, null, Initializer.NONE));
    }
}
