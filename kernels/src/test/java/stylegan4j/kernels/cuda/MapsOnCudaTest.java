package stylegan4j.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cuda.BothBackends.Pair;
import stylegan4j.kernels.cuda.OperationCase.Layout;

/** Indexing, bias and activation, sorting and feature distances against the CPU. */
class MapsOnCudaTest {
    private final List<OperationCase> cases = new ArrayList<>();

    private OperationCase add(String name) {
        OperationCase added = new OperationCase(name);
        cases.add(added);
        return added;
    }

    /** All cases on one pair of backends. */
    static Stream<DynamicTest> tests(List<OperationCase> cases) {
        BothBackends both = new BothBackends();
        return cases.stream().map(c -> dynamicTest(c.name(), () -> c.check(both))).onClose(both::close);
    }

    @TestFactory
    Stream<DynamicTest> biasAct() {
        for (Activation activation : Activation.values()) {
            for (float clamp : new float[] {-1, 0.5f}) {
                for (int[] shape : new int[][] {{2, 3, 5, 4}, {1, 13, 207, 1}, {3, 64}, {0, 3, 2}, {1, 1}}) {
                    for (Layout layout : new Layout[] {Layout.DENSE, Layout.OFFSET}) {
                        BiasAct spec = BiasAct.of(activation).withClamp(clamp);
                        String name = activation + " " + clamp + " " + Arrays.toString(shape) + " " + layout;
                        add(name).normal(layout, shape).normal(Layout.OFFSET, shape[1]).out(shape)
                                .run((b, in, out) -> b.biasAct(in.get(0), in.get(1), spec, out.get(0)));
                        add(name + " without bias").normal(layout, shape).out(DType.F32, 1, shape)
                                .run((b, in, out) -> b.biasAct(in.get(0), null, spec, out.get(0)));
                    }
                }
            }
        }
        BiasAct last = BiasAct.of(Activation.LRELU).withChannelDim(2).withGain(-0.5f);
        add("channels last").normal(Layout.DENSE, 2, 7, 12).normal(Layout.SPACED, 12).out(2, 7, 12)
                .run((b, in, out) -> b.biasAct(in.get(0), in.get(1), last, out.get(0)));
        add("larger than a launch's tile").normal(Layout.DENSE, 3, 5, 33, 52).normal(Layout.DENSE, 5).out(3, 5, 33, 52)
                .run((b, in, out) -> b.biasAct(in.get(0), in.get(1), BiasAct.of(Activation.SWISH), out.get(0)));
        return tests(cases);
    }

    @TestFactory
    Stream<DynamicTest> biasActGradient() {
        for (Activation activation : Activation.values()) {
            for (BiasAct spec : List.of(BiasAct.of(activation), BiasAct.of(activation).withClamp(0.5f).withGain(-2))) {
                for (int order = 1; order <= 2; order++) {
                    for (boolean fromOutput : new boolean[] {false, true}) {
                        if (fromOutput && !activation.invertible()) {
                            continue;
                        }
                        int o = order;
                        String name = spec + " order " + order + (fromOutput ? " from output" : "");
                        for (int[] shape : new int[][] {{2, 3, 5, 4}, {1, 13, 41}, {3, 1}}) {
                            add(name + " " + Arrays.toString(shape)).normal(Layout.DENSE, shape)
                                    .normal(Layout.TRANSPOSED, shape).normal(Layout.DENSE, shape)
                                    .normal(Layout.DENSE, shape[1]).out(shape)
                                    .run((b, in, out) -> b.biasActGradient(o, in.get(0), o == 1 ? null : in.get(1),
                                            in.get(2), in.get(3), fromOutput, spec, out.get(0)));
                        }
                    }
                }
            }
        }
        return tests(cases);
    }

    private static int[] indices(int n, IntUnaryOperator at) {
        int[] values = new int[n];
        Arrays.setAll(values, at);
        return values;
    }

    @TestFactory
    Stream<DynamicTest> indexing() {
        SplittableRandom random = new SplittableRandom(3);
        for (Layout layout : Layout.values()) {
            for (int[] shape : new int[][] {{5, 8}, {3, 13, 4}, {2, 3, 2, 207}, {1, 1}}) {
                for (int axis = 0; axis < shape.length; axis++) {
                    int size = shape[axis];
                    for (int length : new int[] {0, 1, 13}) {
                        int[] index = indices(length, _ -> random.nextInt(size));
                        int[] picked = shape.clone();
                        picked[axis] = length;
                        int a = axis;
                        String name = Arrays.toString(shape) + " axis " + axis + " by " + length + " " + layout;
                        add("select " + name).normal(layout, shape).values(index, length).out(picked)
                                .run((b, in, out) -> b.indexSelect(in.get(0), a, in.get(1), out.get(0)));
                        add("indexAdd " + name).normal(layout, picked).values(index, length).out(shape)
                                .run((b, in, out) -> b.indexAdd(in.get(0), a, in.get(1), out.get(0)));
                        int[] each = indices((int) NdArray.numel(picked), _ -> random.nextInt(size));
                        add("gather " + name).normal(layout, shape).values(each, picked).out(picked)
                                .run((b, in, out) -> b.gather(in.get(0), a, in.get(1), out.get(0)));
                        add("scatterAdd " + name).normal(layout, picked).values(each, picked).out(shape)
                                .run((b, in, out) -> b.scatterAdd(in.get(0), a, in.get(1), out.get(0)));
                    }
                }
            }
        }
        int[] crowded = indices(1000, i -> i % 3 == 0 ? 2 : 5);
        add("many into one row").normal(Layout.DENSE, 1000, 3).values(crowded, 1000).out(7, 3)
                .run((b, in, out) -> b.indexAdd(in.get(0), 0, in.get(1), out.get(0)));
        add("more buckets than a tile holds").normal(Layout.DENSE, 2, 3000)
                .values(indices(6000, i -> i * 7 % 5001), 2, 3000).out(2, 5001)
                .run((b, in, out) -> b.scatterAdd(in.get(0), 1, in.get(1), out.get(0)));
        return tests(cases);
    }

    @Test
    void wrongIndexIsReportedWhenValuesAreRead() {
        try (BothBackends both = new BothBackends()) {
            Pair x = both.normal(5, 3);
            Pair index = both.of(new int[] {0, 7}, 2);
            Pair y = both.empty(2, 3);
            both.cuda.indexSelect(x.cuda(), 0, index.cuda(), y.cuda());
            float[] values = new float[6];
            var error = assertThrows(IllegalArgumentException.class,
                    () -> both.cuda.download(y.cuda().buffer(), 0, MemorySegment.ofArray(values)));
            assertEquals("indexSelect: index 7 is outside 0…4", error.getMessage());
            both.cuda.download(y.cuda().buffer(), 0, MemorySegment.ofArray(values));
        }
    }

    @TestFactory
    Stream<DynamicTest> argSort() {
        float[] special = {1, Float.NaN, 0f, -0f, Float.NEGATIVE_INFINITY, 3, Float.POSITIVE_INFINITY, -1, 3, 0, -1e-42f,
            Float.NaN, 1};
        for (boolean descending : new boolean[] {false, true}) {
            add("special values " + descending).values(special, 13).out(DType.I32, 0, 13)
                    .run((b, in, out) -> b.argSort(in.get(0), descending, out.get(0)));
            for (int[] shape : new int[][] {{}, {1}, {2}, {3, 207}, {0, 4}, {2, 2, 2048}, {2, 2049}, {1, 9000}}) {
                for (Layout layout : new Layout[] {Layout.DENSE, Layout.SPACED}) {
                    add("argSort " + Arrays.toString(shape) + " " + layout + " " + descending).normal(layout, shape)
                            .out(DType.I32, 0, shape).run((b, in, out) -> b.argSort(in.get(0), descending, out.get(0)));
                }
            }
            float[] few = new float[3000];
            for (int i = 0; i < few.length; i++) {
                few[i] = i * 17 % 5;
            }
            add("equal values " + descending).values(few, 3000).out(DType.I32, 0, 3000)
                    .run((b, in, out) -> b.argSort(in.get(0), descending, out.get(0)));
        }
        return tests(cases);
    }

    @TestFactory
    Stream<DynamicTest> featureDistance() {
        for (int[] shape : new int[][] {{1, 1, 1, 1}, {2, 3, 5, 7}, {3, 64, 13, 1}, {2, 13, 23, 29}, {0, 3, 2, 2},
            {2, 207, 1, 1}}) {
            for (int samples : new int[] {1, shape[0]}) {
                int[] other = shape.clone();
                other[0] = samples;
                int c = shape[1];
                String name = Arrays.toString(shape) + " to " + samples;
                // Sums over the channels run in another order, each of c terms rounded to 2^-24.
                double error = 4e-7 * Math.sqrt(c) + 4e-7;
                add("distance " + name).normal(Layout.OFFSET, shape).normal(Layout.DENSE, other)
                        .normal(Layout.DENSE, c).out(shape[0]).within(error, error)
                        .run((b, in, out) -> b.featureDistance(in.get(0), repeated(in.get(1), shape), in.get(2), 1e-10f,
                                out.get(0)));
                add("gradient " + name).normal(Layout.OFFSET, shape).normal(Layout.DENSE, other)
                        .normal(Layout.DENSE, c).normal(Layout.DENSE, shape[0]).out(shape).within(error, 20 * error)
                        .run((b, in, out) -> b.featureDistanceGradient(in.get(0), repeated(in.get(1), shape), in.get(2),
                                1e-10f, in.get(3), out.get(0)));
            }
        }
        return tests(cases);
    }

    private static NdArray repeated(NdArray b, int[] shape) {
        long[] strides = b.strides().clone();
        strides[0] = b.size(0) == 1 ? 0 : strides[0];
        return new NdArray(b.buffer(), b.type(), b.offset(), shape, strides);
    }

    @Test
    void equalFeaturesHaveNoDistance() {
        try (BothBackends both = new BothBackends()) {
            Pair x = both.normal(2, 13, 7, 9);
            Pair scale = both.normal(13);
            Pair y = both.empty(2);
            both.run((b, of) -> b.featureDistance(of.apply(x), of.apply(x), of.apply(scale), 1e-10f, of.apply(y)));
            float[] values = new float[2];
            both.cuda.download(y.cuda().buffer(), 0, MemorySegment.ofArray(values));
            assertEquals(0, values[0]);
            assertEquals(0, values[1]);
        }
    }
}
