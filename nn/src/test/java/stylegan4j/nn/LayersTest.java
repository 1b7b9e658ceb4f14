package stylegan4j.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/** Layers against their formulas in double; sums have at most 100 terms below 4 in size: 100·4·2⁻²⁴. */
class LayersTest {
    private static final double TOLERANCE = 100 * 4 * 0x1p-24;

    private Device device;
    private Scope scope;
    private final RandomNumbers numbers = new RandomNumbers(7);
    private final Initializer init = Initializer.random(numbers);

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

    private static float[] values(Module module, String name) {
        return module.state().get(name).toArray();
    }

    private static void assertShapes(Module module, Map<String, List<Integer>> shapes) {
        assertEquals(shapes.keySet(), module.state().keySet());
        shapes.forEach((name, shape) -> assertEquals(shape,
                Arrays.stream(module.state().get(name).shape()).boxed().toList(), name));
    }

    @Test
    void linear() {
        Linear layer = new Linear(13, 5, true, init);
        assertShapes(layer, Map.of("weight", List.of(5, 13), "bias", List.of(5)));
        Tensor x = numbers.normal(2, 3, 13);
        float[] in = x.toArray();
        float[] w = values(layer, "weight");
        float[] b = values(layer, "bias");
        Tensor y = layer.forward(x);
        assertArrayEquals(new int[] {2, 3, 5}, y.shape());
        float[] out = y.toArray();
        for (int row = 0; row < 6; row++) {
            for (int o = 0; o < 5; o++) {
                double sum = b[o];
                for (int i = 0; i < 13; i++) {
                    sum += in[row * 13 + i] * (double) w[o * 13 + i];
                }
                assertEquals(sum, out[row * 5 + o], TOLERANCE);
            }
        }
        assertShapes(new Linear(4, 2, false, init), Map.of("weight", List.of(2, 4)));
    }

    @Test
    void conv2dOfTheSameSizeStridedAndGrouped() {
        checkConv(3, ConvGeometry.of(1, 1), true);
        checkConv(3, ConvGeometry.of(1, 1), false);
        checkConv(1, ConvGeometry.of(1, 0), true);
        checkConv(3, ConvGeometry.of(2, 1), true);
        checkConv(4, ConvGeometry.of(2, 1), false);
        checkConv(3, ConvGeometry.of(1, 1).withGroups(2), true);
        checkConv(3, new ConvGeometry(1, 1, 2, 2, 2, 2, 1), true);
        assertThrows(IllegalArgumentException.class,
                () -> new Conv2d(3, 4, 1, ConvGeometry.of(1, 0).withGroups(2), true, init));
    }

    private void checkConv(int kernel, ConvGeometry g, boolean bias) {
        int in = 4;
        int out = 6;
        int height = 7;
        int width = 9;
        Conv2d layer = new Conv2d(in, out, kernel, g, bias, init);
        Tensor x = numbers.normal(2, in, height, width);
        float[] xs = x.toArray();
        float[] w = values(layer, "weight");
        float[] b = bias ? values(layer, "bias") : new float[out];
        Tensor y = layer.forward(x);
        float[] ys = y.toArray();
        int fan = in / g.groups();
        int at = 0;
        for (int n = 0; n < 2; n++) {
            for (int o = 0; o < out; o++) {
                int first = o / (out / g.groups()) * fan;
                for (int row = 0; row < g.outHeight(height, kernel); row++) {
                    for (int column = 0; column < g.outWidth(width, kernel); column++) {
                        double sum = b[o];
                        for (int c = 0; c < fan; c++) {
                            for (int k = 0; k < kernel * kernel; k++) {
                                int r = row * g.strideY() - g.padY() + k / kernel * g.dilationY();
                                int s = column * g.strideX() - g.padX() + k % kernel * g.dilationX();
                                if (r >= 0 && r < height && s >= 0 && s < width) {
                                    sum += w[(o * fan + c) * kernel * kernel + k]
                                            * (double) xs[((n * in + first + c) * height + r) * width + s];
                                }
                            }
                        }
                        assertEquals(sum, ys[at++], TOLERANCE, g + " kernel " + kernel);
                    }
                }
            }
        }
        assertEquals(at, ys.length);
    }

    @Test
    void convTranspose2d() {
        int in = 3;
        int out = 2;
        int size = 5;
        ConvTranspose2d layer = new ConvTranspose2d(in, out, 3, ConvGeometry.of(2, 1), 1, true, init);
        assertShapes(layer, Map.of("weight", List.of(in, out, 3, 3), "bias", List.of(out)));
        Tensor x = numbers.normal(1, in, size, size);
        float[] xs = x.toArray();
        float[] w = values(layer, "weight");
        float[] b = values(layer, "bias");
        int wide = 2 * size;
        double[] expected = new double[out * wide * wide];
        for (int o = 0; o < out; o++) {
            Arrays.fill(expected, o * wide * wide, (o + 1) * wide * wide, b[o]);
            for (int c = 0; c < in; c++) {
                for (int i = 0; i < size * size * 9; i++) {
                    int row = 2 * (i / 9 / size) - 1 + i % 9 / 3;
                    int column = 2 * (i / 9 % size) - 1 + i % 3;
                    if (row >= 0 && row < wide && column >= 0 && column < wide) {
                        expected[(o * wide + row) * wide + column] +=
                                w[(c * out + o) * 9 + i % 9] * (double) xs[c * size * size + i / 9];
                    }
                }
            }
        }
        Tensor y = layer.forward(x);
        assertArrayEquals(new int[] {1, out, wide, wide}, y.shape());
        float[] ys = y.toArray();
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], ys[i], TOLERANCE);
        }
    }

    @Test
    void preluByChannelAndShared() {
        PReLU layer = new PReLU(3);
        assertArrayEquals(new float[] {0.25f, 0.25f, 0.25f}, values(layer, "weight"));
        layer.load(Map.of("weight", StoredTensor.of(new float[] {0.5f, -2, 0}, 3)));
        Tensor x = Tensor.of(new float[] {-1, 2, -1, 0, -1, 3}, 1, 3, 2);
        assertArrayEquals(new float[] {-0.5f, 2, 2, 0, 0, 3}, layer.forward(x).toArray(), 0);
        assertArrayEquals(new float[] {-0.25f, 2, -0.25f, 0, -0.25f, 3}, new PReLU(1).forward(x).toArray(), 0);
        assertThrows(IllegalArgumentException.class, () -> new PReLU(4).forward(x));
    }

    @Test
    void squeezeExcite() {
        SqueezeExcite layer = new SqueezeExcite(4, 2, init);
        assertShapes(layer, Map.of("fc1.weight", List.of(2, 4, 1, 1), "fc2.weight", List.of(4, 2, 1, 1)));
        Tensor x = numbers.normal(2, 4, 3, 5);
        float[] xs = x.toArray();
        float[] w1 = values(layer, "fc1.weight");
        float[] w2 = values(layer, "fc2.weight");
        float[] ys = layer.forward(x).toArray();
        for (int n = 0; n < 2; n++) {
            double[] hidden = new double[2];
            for (int h = 0; h < 2; h++) {
                for (int i = 0; i < 4 * 15; i++) {
                    hidden[h] += w1[h * 4 + i / 15] * (double) xs[n * 60 + i] / 15;
                }
            }
            for (int i = 0; i < 60; i++) {
                double s = w2[i / 15 * 2] * Math.max(0, hidden[0]) + w2[i / 15 * 2 + 1] * Math.max(0, hidden[1]);
                assertEquals(xs[n * 60 + i] / (1 + Math.exp(-s)), ys[n * 60 + i], TOLERANCE);
            }
        }
    }

    @Test
    void embedding() {
        Embedding layer = new Embedding(5, 3, init);
        float[] table = values(layer, "weight");
        Tensor y = layer.forward(Tensor.of(new int[] {4, 0, 4, 2}, 2, 2));
        assertArrayEquals(new int[] {2, 2, 3}, y.shape());
        float[] ys = y.toArray();
        int[] rows = {4, 0, 4, 2};
        for (int i = 0; i < 12; i++) {
            assertEquals(table[rows[i / 3] * 3 + i % 3], ys[i]);
        }
    }

    @Test
    void dropoutKeepsTheMeanInTrainingAndEverythingElsewhere() {
        int n = 100_000;
        Dropout layer = new Dropout(0.3, new RandomNumbers(1));
        Tensor x = Tensor.ones(n);
        assertArrayEquals(x.toArray(), layer.forward(x).toArray());
        layer.training(true);
        float[] y = layer.forward(x).toArray();
        int zeros = 0;
        for (float v : y) {
            zeros += v == 0 ? 1 : 0;
            assertEquals(v == 0 ? 0 : 1 / 0.7, v, 1e-6);
        }
        // Five standard deviations of a binomial count.
        assertEquals(0.3 * n, zeros, 5 * Math.sqrt(n * 0.3 * 0.7));
        float[] second = layer.forward(x).toArray();
        assertEquals(false, Arrays.equals(y, second));
        Dropout same = new Dropout(0.3, new RandomNumbers(1));
        same.training(true);
        assertArrayEquals(y, same.forward(x).toArray());
        Dropout all = new Dropout(1, new RandomNumbers(1));
        all.training(true);
        assertEquals(0, all.forward(x).sum().item());
        assertThrows(IllegalArgumentException.class, () -> new Dropout(1.5, numbers));
    }

    @Test
    void sequentialNamesItsModulesByIndexAndFreesWhatLiesBetween() {
        Sequential layers = new Sequential(new Linear(3, 4, true, init), x -> x.leakyRelu(0.1),
                new Linear(4, 2, false, init), new BatchNorm(2, 1e-5, 0.1, false));
        assertEquals(List.of("0.weight", "0.bias", "2.weight", "3.running_mean", "3.running_var",
                "3.num_batches_tracked"), List.copyOf(layers.state().keySet()));
        layers.training(true);
        Tensor x = numbers.normal(5, 3);
        int before = scope.size();
        Tensor y = layers.forward(x);
        assertEquals(before + 1, scope.size());
        assertArrayEquals(new int[] {5, 2}, y.shape());
        assertEquals(3, x.toArray().length / 5);
        assertEquals(x, new Sequential(List.of()).forward(x));
        assertEquals(x, new Sequential(v -> v, v -> v).forward(x));
    }

    @Test
    void gradientsReachEveryParameterOfASequence() {
        Sequential layers = new Sequential(new Conv2d(3, 4, 3, ConvGeometry.of(2, 1), true, init), new BatchNorm(4),
                new PReLU(4), new SqueezeExcite(4, 2, init), v -> v.flatten(1, -1), new Linear(16, 2, true, init));
        layers.requiresGrad(true);
        layers.training(true);
        layers.forward(numbers.normal(3, 3, 4, 4)).square().mean().backward();
        layers.parameters().forEach((name, p) -> assertEquals(p.numel(), p.grad() == null ? 0 : p.grad().numel(),
                name));
    }

    /** What follows a convolution is computed with it; rounding differs by few units in the last place of 54 terms. */
    @Test
    void aSequenceComputesWhatItsLayersComputeOneByOne() {
        for (int stride = 1; stride <= 2; stride++) {
            Conv2d convolution = new Conv2d(6, 5, 3, ConvGeometry.of(stride, 1), true, init);
            BatchNorm norm = new BatchNorm(5);
            norm.state().values().stream().filter(t -> t.numel() == 5)
                    .forEach(t -> t.assign(numbers.uniform(5).add(0.5)));
            Activate act = Activate.leakyRelu(0.1);
            Sequential layers = new Sequential(convolution, norm, act, Activate.RELU);
            Tensor x = numbers.normal(2, 6, 7, 13);
            Tensor plain = convolution.forward(x);
            Tensor normed = norm.forward(plain);
            Tensor active = act.forward(normed);
            List<Tensor> taps = layers.taps(x, 0, 1, 2);
            assertArrayEquals(plain.toArray(), taps.get(0).toArray(), 2e-6f);
            assertArrayEquals(normed.toArray(), taps.get(1).toArray(), 2e-6f);
            assertArrayEquals(active.toArray(), taps.get(2).toArray(), 2e-6f);
            assertArrayEquals(active.toArray(), layers.taps(x, 2).getFirst().toArray(), 2e-6f);
            assertArrayEquals(active.relu().toArray(), layers.forward(x).toArray(), 2e-6f);
            // While the normalisation learns, its gradients do not divide by its factors, which may be zero.
            norm.parameters().get("weight").assign(Tensor.zeros(5));
            norm.requiresGrad(true);
            layers.forward(x).sum().backward();
            for (float g : norm.parameters().get("weight").grad().toArray()) {
                assertTrue(Float.isFinite(g));
            }
        }
    }
}
