package stylegan4j.tests.gradient;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.FusedConv.Resample;
import stylegan4j.kernels.LinearMap;
import stylegan4j.kernels.Upfirdn;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Arithmetic;
import stylegan4j.tensor.op.BiasActivation;
import stylegan4j.tensor.op.Convolution;
import stylegan4j.tensor.op.FeatureDistance;
import stylegan4j.tensor.op.FusedConvolution;
import stylegan4j.tensor.op.FusedConvolution.Operation;
import stylegan4j.tensor.op.GridSampling;
import stylegan4j.tensor.op.Indexing;
import stylegan4j.tensor.op.LinearMaps;
import stylegan4j.tensor.op.MatMul;
import stylegan4j.tensor.op.ModulatedConvolution;
import stylegan4j.tensor.op.Pointwise;
import stylegan4j.tensor.op.Pooling;
import stylegan4j.tensor.op.Reductions;
import stylegan4j.tensor.op.Sorting;
import stylegan4j.tensor.op.Upfirdn2d;
import stylegan4j.tensor.op.Views;
import stylegan4j.tests.gradient.GradientCheck.Point;

/** Every differentiable operation, to second order (to third where a rule has a route of its own for it). */
class GradientTest {
    private static final Fir ODD_FIR = new Fir(3, 4, new float[] {1, 2, -1, 3, 0, 1, 2, 1, -2, 1, 1, 4});

    private final List<DynamicTest> tests = new ArrayList<>();

    private void add(String name, int orders, Function<List<Tensor>, Tensor> f, Point... points) {
        tests.add(dynamicTest(name, () -> GradientCheck.check(name, orders, f, points)));
    }

    private static Point normal(int... shape) {
        return Point.normal(shape.length * 31L + shape[0], 0.7, 0, shape);
    }

    private static Point positive(int... shape) {
        Point p = Point.awayFromZero(7, shape);
        for (int i = 0; i < p.values().length; i++) {
            p.values()[i] = 0.5f + Math.abs(p.values()[i]);
        }
        return p;
    }

    @TestFactory
    List<DynamicTest> elementwise() {
        Point any = Point.awayFromZero(3, 3, 5);
        add("affine", 2, in -> in.get(0).mul(3).add(1), any);
        add("square", 3, in -> in.get(0).square(), any);
        add("pow 2.5", 3, in -> in.get(0).pow(2.5), positive(2, 3));
        add("pow 3", 3, in -> in.get(0).pow(3), any);
        add("sqrt", 3, in -> in.get(0).sqrt(), positive(7));
        add("rsqrt", 3, in -> in.get(0).rsqrt(), positive(7));
        add("reciprocal", 3, in -> in.get(0).reciprocal(), positive(7));
        add("exp", 3, in -> in.get(0).exp(), any);
        add("log", 3, in -> in.get(0).log(), positive(7));
        add("sin", 3, in -> in.get(0).sin(), any);
        add("cos", 3, in -> in.get(0).cos(), any);
        add("tanh", 3, in -> in.get(0).tanh(), any);
        add("sigmoid", 3, in -> in.get(0).sigmoid(), any);
        add("softplus", 3, in -> in.get(0).softplus(), any);
        add("leakyRelu", 2, in -> in.get(0).leakyRelu(0.2), any);
        add("abs", 2, in -> in.get(0).abs(), any);
        add("clamp", 2, in -> in.get(0).clamp(-0.15, 10), any);
        add("to f16 and back", 1, in -> in.get(0).mul(1).to(DType.F32).mul(2), any);
        return tests;
    }

    @TestFactory
    List<DynamicTest> arithmetic() {
        Point wide = Point.awayFromZero(4, 2, 3, 5);
        Point narrow = positive(3, 1);
        add("add", 2, in -> in.get(0).add(in.get(1)), wide, narrow);
        add("sub", 2, in -> in.get(0).sub(in.get(1)), narrow, wide);
        add("mul", 3, in -> in.get(0).mul(in.get(1)), wide, narrow);
        add("mul by itself", 3, in -> in.get(0).mul(in.get(0)), wide);
        add("div", 3, in -> in.get(0).div(in.get(1)), wide, narrow);
        add("pow", 2, in -> Arithmetic.pow(in.get(0), in.get(1)), positive(2, 3, 5), narrow);
        add("maximum", 2, in -> in.get(0).maximum(in.get(1)), wide, Point.normal(5, 0.01, 0, 3, 1));
        add("minimum", 2, in -> in.get(0).minimum(in.get(1)), wide, Point.normal(5, 0.01, 0, 3, 1));
        add("where", 2, in -> Arithmetic.where(Tensor.of(new float[] {1, 0, 1}, 3, 1), in.get(0), in.get(1)),
                wide, narrow);
        return tests;
    }

    @TestFactory
    List<DynamicTest> pointwise() {
        Point wide = Point.awayFromZero(4, 2, 3, 5);
        Point narrow = positive(3, 1);
        Pointwise smooth = Pointwise.of("smooth", (a, b) -> a.mul(b).tanh().add(a.square().div(b.add(1))));
        Pointwise all = Pointwise.of("all", 3, x -> x.get(0).sigmoid().mul(x.get(1).log().exp().sqrt())
                .sub(x.get(2).softplus().add(x.get(1).rsqrt()).mul(x.get(0).sin().add(2).pow(1.5))));
        Pointwise kinked = Pointwise.of("kinked", (a, b) -> a.greater(0).where(a.mul(b), b.square())
                .add(a.leakyRelu(0.2)).add(a.abs().maximum(b.mul(0.01))));
        add("pointwise, smooth", 3, in -> smooth.apply(in.get(0), in.get(1)), wide, narrow);
        add("pointwise, many functions", 3, in -> all.apply(in.get(0), in.get(1), in.get(2)), wide, narrow,
                normal(2, 1, 5));
        add("pointwise, kinks", 2, in -> kinked.apply(in.get(0), in.get(1)), wide, narrow);
        add("pointwise of one tensor twice", 3, in -> smooth.apply(in.get(0), in.get(0)), positive(7));
        return tests;
    }

    @TestFactory
    List<DynamicTest> reductions() {
        Point x = normal(3, 4, 5);
        add("sum all", 2, in -> in.get(0).square().sum(), x);
        add("sum middle", 2, in -> in.get(0).square().sum(1), x);
        add("mean", 2, in -> in.get(0).square().mean(0, 2), x);
        add("variance", 3, in -> in.get(0).varianceKeep(1, 2), x);
        add("sumOfProducts", 3, in -> Reductions.sumOfProducts(in.get(0), in.get(1), false, 1, 2), x,
                normal(4, 1));
        add("sumOfSquares", 3, in -> Reductions.sumOfSquares(in.get(0), false, 1, 2), x);
        add("norm", 3, in -> in.get(0).norm(2), x);
        add("max", 2, in -> in.get(0).square().max(1), x);
        add("min", 2, in -> in.get(0).square().min(2), x);
        add("softmax", 3, in -> in.get(0).softmax(), x);
        add("logSoftmax", 3, in -> in.get(0).logSoftmax(), x);
        add("cumulativeSum", 2, in -> Reductions.cumulativeSum(in.get(0).square()), x);
        return tests;
    }

    @TestFactory
    List<DynamicTest> featureDistance() {
        Point x = normal(2, 3, 2, 5);
        add("featureDistance", 2, in -> FeatureDistance.between(in.get(0), in.get(1), in.get(2), 1e-3), x,
                Point.normal(11, 0.7, 0, 2, 3, 2, 5), positive(3));
        add("featureDistance to one, weights fixed", 2, in -> FeatureDistance.between(in.get(0), in.get(1),
                Tensor.of(new float[] {0.5f, 1.5f, 0}, 3), 1e-10), x, normal(1, 3, 2, 5));
        return tests;
    }

    @TestFactory
    List<DynamicTest> views() {
        Point x = normal(2, 3, 4);
        add("reshape", 2, in -> in.get(0).square().reshape(4, -1), x);
        add("reshape of a transpose", 2, in -> in.get(0).transpose(0, 2).square().reshape(6, 4), x);
        add("permute", 2, in -> in.get(0).permute(2, 0, 1).square(), x);
        add("expand", 2, in -> in.get(0).square().expand(5, 2, 3, 4), x);
        add("slice", 2, in -> in.get(0).slice(2, 1, 4, 2).square(), x);
        add("select", 2, in -> in.get(0).select(1, -1).square(), x);
        add("flip", 2, in -> in.get(0).flip(0, 2).square(), x);
        add("concat", 2, in -> Views.concat(List.of(in.get(0).square(), in.get(1), in.get(0)), 1), x,
                normal(2, 5, 4));
        add("stack", 2, in -> Views.stack(List.of(in.get(0).square(), in.get(0)), -1), x);
        add("identity", 2, in -> Views.identity(in.get(0)).square(), x);
        return tests;
    }

    @TestFactory
    List<DynamicTest> indexing() {
        Point x = normal(3, 4, 2);
        Function<int[], Tensor> index = values -> Tensor.of(values, values.length);
        add("indexSelect", 2, in -> in.get(0).indexSelect(1, index.apply(new int[] {3, 0, 3})).square(), x);
        add("gather", 2, in -> Indexing.gather(in.get(0), 1, Tensor.of(new int[] {0, 1, 3, 3, 2, 2}, 3, 1, 2))
                .square(), x);
        add("embedding", 2, in -> Indexing.embedding(in.get(0), Tensor.of(new int[] {1, 1, 0, 2}, 2, 2)).square(),
                normal(3, 5));
        add("sort", 2, in -> Sorting.sort(in.get(0), true).square(), x);
        return tests;
    }

    @TestFactory
    List<DynamicTest> linearAlgebra() {
        add("matmul", 3, in -> in.get(0).matmul(in.get(1)), normal(3, 4), normal(4, 5));
        add("matmul batched", 3, in -> in.get(0).matmul(in.get(1)), normal(2, 1, 3, 4), normal(3, 4, 5));
        add("matmul rows", 2, in -> in.get(0).matmul(in.get(1)), normal(2, 3, 4), normal(4, 5));
        add("linear", 2, in -> MatMul.linear(in.get(0), in.get(1), in.get(2)), normal(2, 3, 4), normal(5, 4),
                normal(5));
        return tests;
    }

    @TestFactory
    List<DynamicTest> convolution() {
        Point x = normal(2, 4, 7, 6);
        Point w = normal(6, 4, 3, 3);
        add("conv2d", 3, in -> Convolution.conv2d(in.get(0), in.get(1), ConvGeometry.of(1, 1)), x, w);
        add("conv2d strided", 2, in -> Convolution.conv2d(in.get(0), in.get(1), ConvGeometry.of(2, 1)), x, w);
        add("conv2d dilated, uneven", 2, in -> Convolution.conv2d(in.get(0), in.get(1),
                new ConvGeometry(2, 1, 0, 2, 2, 1, 1)), x, normal(3, 4, 3, 2));
        add("conv2d grouped", 2, in -> Convolution.conv2d(in.get(0), in.get(1),
                ConvGeometry.of(1, 1).withGroups(2)), x, normal(6, 2, 3, 3));
        add("conv2d scaled", 2, in -> Convolution.conv2d(in.get(0), in.get(1), in.get(2), in.get(3),
                ConvGeometry.of(1, 1)), x, w, normal(2, 4), normal(2, 6));
        add("convTranspose2d", 2, in -> Convolution.convTranspose2d(in.get(0), in.get(1), ConvGeometry.of(2, 1), 1),
                x, normal(4, 3, 3, 3));
        return tests;
    }

    @TestFactory
    List<DynamicTest> fusedConvolution() {
        Fir fir = Fir.separable(1, 3, 3, 1);
        BiasAct lrelu = BiasAct.of(Activation.LRELU);
        for (Resample resample : Resample.values()) {
            int noiseSize = resample == Resample.UP ? 8 : resample == Resample.DOWN ? 2 : 4;
            Fir filter = resample == Resample.NONE ? null : fir;
            // Biases that keep every value on its side of the kink, and above the clamp or well below it.
            Point sides = new Point(new float[] {40, -20, 40, -20, 40}, 5);
            for (BiasAct act : List.of(lrelu, lrelu.withClamp(30), BiasAct.of(Activation.RELU),
                    BiasAct.of(Activation.TANH))) {
                add("fused " + resample + " " + act.activation() + (act.clamps() ? " clamped" : ""), 2,
                        in -> FusedConvolution.conv2d(in.get(0), in.get(1), resample, filter,
                                new Operation(in.get(2), in.get(3), in.get(4), in.get(5), in.get(6)), act),
                        normal(2, 3, 4, 4), normal(5, 3, 3, 3), positive(2, 3), positive(2, 5),
                        normal(1, 1, noiseSize, noiseSize), positive(1),
                        act.activation() == Activation.TANH ? normal(5) : sides);
            }
            add("fused 1x1 " + resample, 2, in -> FusedConvolution.conv2d(in.get(0), in.get(1), resample, filter,
                    new Operation(in.get(2), null, null, null, in.get(3)), BiasAct.of(Activation.LINEAR)),
                    normal(2, 3, 4, 4), normal(3, 3, 1, 1), positive(2, 3), normal(3));
        }
        add("modulated", 2, in -> ModulatedConvolution.modulatedConv2d(in.get(0), in.get(1), in.get(2), true,
                Resample.UP, fir, null, null, null, BiasAct.of(Activation.LINEAR)),
                normal(2, 3, 4, 4), normal(4, 3, 3, 3), positive(2, 3));
        return tests;
    }

    @TestFactory
    List<DynamicTest> biasActivation() {
        for (Activation activation : Activation.values()) {
            for (double clamp : new double[] {-1, 0.7}) {
                BiasAct spec = BiasAct.of(activation).withClamp((float) clamp);
                // Clamped points must not cross the bound: keep values small or far beyond.
                Point x = clamp < 0 ? Point.awayFromZero(6, 2, 3, 4)
                        : new Point(new float[] {0.2f, -0.25f, 0.3f, 40, 0.15f, -0.2f, 9, 0.25f}, 2, 2, 2);
                Point b = clamp < 0 ? Point.normal(9, 0.02, 0, 3) : new Point(new float[] {0.01f, -0.02f}, 2);
                add(activation + (clamp < 0 ? "" : " clamped"), 3,
                        in -> BiasActivation.biasAct(in.get(0), in.get(1), spec), x, b);
            }
        }
        add("channels last", 2, in -> BiasActivation.biasAct(in.get(0), in.get(1),
                BiasAct.of(Activation.SWISH).withChannelDim(2)), normal(2, 3, 4), normal(4));
        return tests;
    }

    @TestFactory
    List<DynamicTest> resampling() {
        Point x = normal(2, 3, 5, 6);
        add("upfirdn2d", 2, in -> Upfirdn2d.upfirdn2d(in.get(0).square(), ODD_FIR,
                new Upfirdn(2, 3, 1, 2, 3, -1, 2, 4, false)), x);
        add("upsample2d", 2, in -> Upfirdn2d.upsample2d(in.get(0).square(), Fir.separable(1, 3, 3, 1), 2), x);
        add("downsample2d", 2, in -> Upfirdn2d.downsample2d(in.get(0).square(), ODD_FIR, 2), x);
        add("filter2d", 2, in -> Upfirdn2d.filter2d(in.get(0).square(), ODD_FIR), x);
        LinearMap map = new LinearMap(5, 4, new int[] {0, 2, 2, 5, 6}, new int[] {0, 4, 1, 2, 3, 3},
                new float[] {0.5f, 2, -1, 0.25f, 1, 3});
        add("linearMap", 2, in -> LinearMaps.apply(in.get(0).square(), 2, map), x);
        add("maxPool2d", 2, in -> Pooling.maxPool2d(in.get(0), 3, 2, 1).square(),
                Point.distinct(10, 2, 3, 5, 6));
        // Places whose pixel coordinates are at least 0.09 from a whole number, where the slope jumps.
        Point grid = new Point(new float[] {-0.51f, 0.3f, 0.3f, -0.35f, 0.08f, 0.65f, -1.25f, 0.12f, 0.47f, 0.1f,
                -0.13f, -0.69f}, 2, 1, 3, 2);
        for (boolean align : new boolean[] {false, true}) {
            add("gridSample, align corners " + align, 2,
                    in -> GridSampling.gridSample(in.get(0), in.get(1).mul(0.9), align), x, grid);
        }
        return tests;
    }
}
