package stylegan4j.tests.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.nn.BatchNorm;
import stylegan4j.nn.Conv2d;
import stylegan4j.nn.ConvTranspose2d;
import stylegan4j.nn.GroupNorm;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.InstanceNorm2d;
import stylegan4j.nn.Layer;
import stylegan4j.nn.LayerNorm;
import stylegan4j.nn.Linear;
import stylegan4j.nn.Module;
import stylegan4j.nn.MultiheadAttention;
import stylegan4j.nn.PReLU;
import stylegan4j.nn.SqueezeExcite;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;
import stylegan4j.tests.gradient.GradientCheck.Point;

/** Layers: derivatives in the input to second order, and in each parameter. */
class LayerGradientTest {
    private static final ConvGeometry SAME = ConvGeometry.of(1, 1);

    private final List<DynamicTest> tests = new ArrayList<>();

    private static Initializer init() {
        return Initializer.random(12);
    }

    /** @param make builds the same layer each time; its parameters are shaken before use */
    private <M extends Module & Layer> void add(String name, Supplier<M> make, Point x) {
        tests.add(dynamicTest(name, () -> {
            GradientCheck.check(name, 2, in -> {
                M layer = make.get();
                shake(layer);
                return layer.forward(in.get(0));
            }, x);
            try (Device device = Device.cpu(); var _ = device.open()) {
                M layer = make.get();
                shake(layer);
                Tensor input = Tensor.of(x.values(), x.shape());
                checkParameters(layer, () -> layer.forward(input));
            }
        }));
    }

    private static void shake(Module layer) {
        RandomNumbers numbers = new RandomNumbers(8);
        Autograd.noGrad(() -> layer.parameters().values().forEach(
                p -> p.assign(p.add(numbers.normal(p.shape()).mul(0.2)))));
    }

    /**
     * Compares each parameter's gradient along a random direction with a four-point difference quotient; step and
     * tolerance are those of {@link GradientCheck}, for the same reasons.
     */
    private static void checkParameters(Module layer, Supplier<Tensor> forward) {
        double step = 1.0 / 32;
        RandomNumbers numbers = new RandomNumbers(3);
        layer.requiresGrad(true);
        Tensor weights = numbers.normal(forward.get().shape());
        Supplier<Tensor> loss = () -> forward.get().mul(weights).sum();
        loss.get().backward();
        Map<String, Tensor> gradients = new LinkedHashMap<>();
        layer.parameters().forEach((name, p) -> gradients.put(name, p.grad()));
        layer.requiresGrad(false);
        layer.parameters().forEach((name, p) -> {
            Tensor start = p.mul(1);
            Tensor raw = numbers.normal(p.shape());
            Tensor direction = raw.div(raw.norm());
            double[] at = new double[5];
            for (int k = -2; k <= 2; k++) {
                try (var _ = Scope.open()) {
                    p.assign(start.add(direction.mul(k * step)));
                    at[k + 2] = loss.get().item();
                }
            }
            p.assign(start);
            Tensor slopes = gradients.get(name).mul(direction);
            double numeric = (8 * (at[3] - at[1]) - (at[4] - at[0])) / (12 * step);
            assertEquals(numeric, slopes.sum().item(), 2e-3 * Math.max(1, slopes.norm().item()), name);
        });
    }

    @TestFactory
    List<DynamicTest> projections() {
        Point picture = Point.normal(5, 1, 0, 2, 4, 5, 5);
        add("linear", () -> new Linear(5, 3, true, init()), Point.normal(4, 1, 0, 2, 3, 5));
        add("conv2d", () -> new Conv2d(4, 3, 3, SAME, true, init()), picture);
        add("conv2d strided", () -> new Conv2d(4, 6, 3, ConvGeometry.of(2, 1).withGroups(2), true, init()), picture);
        add("convTranspose2d", () -> new ConvTranspose2d(4, 3, 3, ConvGeometry.of(2, 1), 1, true, init()), picture);
        add("prelu", () -> new PReLU(3), Point.awayFromZero(6, 2, 3, 4));
        add("squeezeExcite", () -> new SqueezeExcite(4, 2, init()), Point.normal(7, 1, 0.5, 2, 4, 3, 3));
        return tests;
    }

    @TestFactory
    List<DynamicTest> normalisation() {
        Point picture = Point.normal(9, 1, 0.5, 3, 4, 3, 5);
        add("batchNorm", () -> new BatchNorm(4), picture);
        add("batchNorm in training", () -> training(new BatchNorm(4)), picture);
        add("batchNorm of vectors in training", () -> training(new BatchNorm(4)), Point.normal(10, 1, 0, 7, 4));
        add("instanceNorm2d", () -> new InstanceNorm2d(4, 1e-5, true), picture);
        add("groupNorm", () -> new GroupNorm(2, 4, 1e-5), picture);
        add("layerNorm", () -> new LayerNorm(7), Point.normal(11, 1, 0, 3, 7));
        return tests;
    }

    private static <M extends Module> M training(M module) {
        module.training(true);
        return module;
    }

    @TestFactory
    List<DynamicTest> attention() {
        Point query = Point.normal(12, 1, 0, 3, 2, 6);
        Point key = Point.normal(13, 1, 0, 4, 2, 6);
        Point value = Point.normal(14, 1, 0, 4, 2, 6);
        tests.add(dynamicTest("multiheadAttention", () -> {
            Supplier<MultiheadAttention> make = () -> {
                MultiheadAttention layer = new MultiheadAttention(6, 3, null, init());
                shake(layer);
                return layer;
            };
            GradientCheck.check("multiheadAttention", 2,
                    in -> make.get().forward(in.get(0), in.get(1), in.get(2)), query, key, value);
            try (Device device = Device.cpu(); var _ = device.open()) {
                MultiheadAttention layer = make.get();
                Tensor x = Tensor.of(query.values(), query.shape());
                checkParameters(layer, () -> layer.forward(x, x, x));
            }
        }));
        return tests;
    }
}
