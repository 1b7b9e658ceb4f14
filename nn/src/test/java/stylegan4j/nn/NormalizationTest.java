package stylegan4j.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/** Normalising layers against their formulas in double. */
class NormalizationTest {
    /**
     * Results are below 8 in size; inputs have mean 3 and deviation 2, so that a centred value carries 4 roundings at
     * 8 and the scale a relative error of a few units more: 16·8·2⁻²⁴.
     */
    private static final double TOLERANCE = 16 * 8 * 0x1p-24;
    private static final double EPSILON = 1e-5;

    private Device device;
    private Scope scope;
    private final RandomNumbers numbers = new RandomNumbers(11);

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

    private Tensor input(int... shape) {
        return numbers.normal(shape).mul(2).add(3);
    }

    /** Gives the layer's weight and bias values other than their first ones. */
    private void shake(Module module) {
        module.parameters().values().forEach(p -> p.assign(numbers.uniform(p.shape()).add(0.5)));
    }

    /**
     * {@code weight·(x − mean)/√(variance + ε) + bias} where elements of one group share mean and variance.
     *
     * @param group of the i-th element
     * @param parameter index of the i-th element's weight and bias
     */
    private static void check(Tensor x, Tensor y, Module layer, IntUnaryOperator group, IntUnaryOperator parameter) {
        float[] in = x.toArray();
        float[] out = y.toArray();
        double[] sum = new double[in.length];
        double[] squares = new double[in.length];
        int[] count = new int[in.length];
        for (int i = 0; i < in.length; i++) {
            sum[group.applyAsInt(i)] += in[i];
            count[group.applyAsInt(i)]++;
        }
        for (int i = 0; i < in.length; i++) {
            int g = group.applyAsInt(i);
            squares[g] += Math.pow(in[i] - sum[g] / count[g], 2);
        }
        float[] weight = values(layer, "weight");
        float[] bias = values(layer, "bias");
        assertEquals(in.length, out.length);
        for (int i = 0; i < in.length; i++) {
            int g = group.applyAsInt(i);
            double expected = (in[i] - sum[g] / count[g]) / Math.sqrt(squares[g] / count[g] + EPSILON);
            if (weight != null) {
                expected = expected * weight[parameter.applyAsInt(i)] + bias[parameter.applyAsInt(i)];
            }
            assertEquals(expected, out[i], TOLERANCE);
        }
    }

    private static float[] values(Module layer, String name) {
        return layer.parameters().containsKey(name) ? layer.parameters().get(name).toArray() : null;
    }

    @Test
    void batchNormInTrainingTakesTheBatchsStatistics() {
        for (boolean affine : new boolean[] {true, false}) {
            for (int[] shape : new int[][] {{5, 3}, {2, 3, 7}, {3, 3, 5, 13}}) {
                BatchNorm layer = new BatchNorm(3, EPSILON, 0.1, affine);
                shake(layer);
                layer.training(true);
                Tensor x = input(shape);
                int inner = (int) (x.numel() / shape[0] / 3);
                check(x, layer.forward(x), layer, i -> i / inner % 3, i -> i / inner % 3);
            }
        }
    }

    @Test
    void batchNormTracksTheUnbiasedVariance() {
        BatchNorm layer = new BatchNorm(2, EPSILON, 0.25, true);
        layer.training(true);
        // Channel 0 holds 1, 2, 3, 6 (mean 3, variance 14/3); channel 1 zeros.
        Tensor x = Tensor.of(new float[] {1, 2, 0, 0, 3, 6, 0, 0}, 2, 2, 2);
        layer.forward(x);
        layer.forward(x);
        double kept = 0.75 * 0.75;
        assertArrayEquals(new float[] {(float) (3 * (1 - kept)), 0}, layer.state().get("running_mean").toArray(),
                1e-6f);
        assertArrayEquals(new float[] {(float) (kept + 14 / 3.0 * (1 - kept)), (float) kept},
                layer.state().get("running_var").toArray(), 1e-6f);
        assertArrayEquals(new int[] {2}, layer.state().get("num_batches_tracked").toIntArray());
    }

    @Test
    void batchNormOtherwiseTakesTheRunningStatistics() {
        BatchNorm layer = new BatchNorm(3);
        layer.state().values().stream().limit(4).forEach(t -> t.assign(numbers.uniform(3).add(0.5)));
        float[][] state = layer.state().values().stream().map(Tensor::toArray).toArray(float[][]::new);
        Tensor x = input(2, 3, 5);
        float[] in = x.toArray();
        float[] out = layer.forward(x).toArray();
        for (int i = 0; i < in.length; i++) {
            int c = i / 5 % 3;
            // weight, bias, running_mean, running_var: numbers up to 1.5, so that results stay below 16·1.5/√0.5.
            double expected = (in[i] - state[2][c]) / Math.sqrt(state[3][c] + EPSILON) * state[0][c] + state[1][c];
            assertEquals(expected, out[i], 4 * TOLERANCE);
        }
        assertArrayEquals(new int[] {0}, layer.state().get("num_batches_tracked").toIntArray());
    }

    @Test
    void batchNormHasTheNamesOfTorch() {
        assertEquals(List.of("weight", "bias", "running_mean", "running_var", "num_batches_tracked"),
                List.copyOf(new BatchNorm(3).state().keySet()));
        assertEquals(List.of("running_mean", "running_var", "num_batches_tracked"),
                List.copyOf(new BatchNorm(3, EPSILON, 0.1, false).state().keySet()));
    }

    @Test
    void batchNormStateSurvivesSavingAndLoading() {
        BatchNorm layer = new BatchNorm(3);
        layer.training(true);
        layer.forward(input(4, 3));
        BatchNorm other = new BatchNorm(3);
        other.load(layer.save());
        layer.state().forEach((name, tensor) ->
                assertArrayEquals(tensor.toArray(), other.state().get(name).toArray(), name));
    }

    @Test
    void batchNormRefusesASingleValueInTraining() {
        BatchNorm layer = new BatchNorm(3);
        assertEquals(3, layer.forward(input(1, 3)).numel());
        layer.training(true);
        assertThrows(IllegalArgumentException.class, () -> layer.forward(input(1, 3)));
        assertThrows(IllegalArgumentException.class, () -> layer.forward(input(2, 4)));
    }

    @Test
    void instanceNormTakesEachChannelOfEachSample() {
        for (boolean affine : new boolean[] {true, false}) {
            InstanceNorm2d layer = new InstanceNorm2d(3, EPSILON, affine);
            shake(layer);
            Tensor x = input(2, 3, 5, 13);
            check(x, layer.forward(x), layer, i -> i / 65, i -> i / 65 % 3);
        }
    }

    @Test
    void groupNormTakesGroupsOfChannels() {
        GroupNorm layer = new GroupNorm(2, 6, EPSILON);
        shake(layer);
        Tensor x = input(2, 6, 5, 7);
        check(x, layer.forward(x), layer, i -> i / (3 * 35), i -> i / 35 % 6);
        assertThrows(IllegalArgumentException.class, () -> new GroupNorm(4, 6, EPSILON));
    }

    @Test
    void layerNormTakesTheLastDimensions() {
        LayerNorm one = new LayerNorm(13);
        shake(one);
        Tensor x = input(2, 3, 13);
        check(x, one.forward(x), one, i -> i / 13, i -> i % 13);
        LayerNorm two = new LayerNorm(3, 13);
        shake(two);
        check(x, two.forward(x), two, i -> i / 39, i -> i % 39);
        assertThrows(IllegalArgumentException.class, () -> two.forward(input(3, 2, 13)));
        assertThrows(IllegalArgumentException.class, () -> two.forward(input(13)));
    }
}
