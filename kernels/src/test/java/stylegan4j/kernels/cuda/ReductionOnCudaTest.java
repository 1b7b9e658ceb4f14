package stylegan4j.kernels.cuda;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import stylegan4j.kernels.AdamStep;
import stylegan4j.kernels.AdamTarget;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.ReduceOp;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.kernels.cuda.BothBackends.Pair;

/** Reductions, running sums, softmax and Adam against the CPU. */
class ReductionOnCudaTest {
    /** Sums in double on one side; on the other up to 64·8 floats before double, of values around 1. */
    private static final double RTOL = 1e-6;
    private static final double ATOL = 2e-6;

    private BothBackends both;

    @BeforeEach
    void open() {
        both = new BothBackends();
    }

    @AfterEach
    void close() {
        if (both != null) {
            both.close();
        }
    }

    private static final int[][][] REDUCED = {
        {{}, {}}, {{1}, {1}}, {{13}, {1}}, {{4099}, {1}}, {{207, 3}, {207, 1}}, {{207, 3}, {1, 3}}, {{3, 1300}, {3, 1}},
        {{1300, 3}, {1, 3}}, {{700, 65}, {1, 65}}, {{2, 3, 33, 7}, {1, 3, 1, 1}}, {{2, 3, 33, 7}, {2, 1, 33, 1}},
        {{2, 3, 33, 7}, {1, 1, 1, 7}}, {{5, 1, 4}, {5, 1, 4}}, {{3, 0}, {3, 1}}, {{0, 3}, {0, 1}}, {{300000}, {1}}};

    @ParameterizedTest
    @EnumSource
    void reductionsAgree(ReduceOp op) {
        for (int[][] shapes : REDUCED) {
            Pair x = both.normal(shapes[0]);
            Pair y = both.empty(shapes[1]);
            both.run((b, of) -> b.reduce(op, of.apply(x), of.apply(y)));
            double length = Math.max(1, (double) x.cpu().numel() / Math.max(1, y.cpu().numel()));
            both.assertClose(y, RTOL, ATOL * Math.sqrt(length), op + " " + x.cpu() + " to " + y.cpu());
        }
    }

    @Test
    void reducesViewsAndKeepsNan() {
        Pair x = both.normal(7, 5, 33);
        Pair y = both.empty(33, 1, 7);
        both.run((b, of) -> b.reduce(ReduceOp.SUM, of.apply(x.view(0, new int[] {33, 5, 7}, 1, 33, 165)),
                of.apply(y)));
        both.assertClose(y, RTOL, ATOL, "permuted");
        Pair spaced = both.empty(1, 5, 1);
        both.run((b, of) -> b.reduce(ReduceOp.MAXIMUM, of.apply(x.view(2, new int[] {3, 5, 8}, 330, 33, 4)),
                of.apply(spaced)));
        both.assertSame(spaced, "spaced");
        float[] values = new float[4000];
        values[3777] = Float.NaN;
        Pair nan = both.of(values, 4000);
        for (ReduceOp op : ReduceOp.values()) {
            Pair one = both.empty(1);
            both.run((b, of) -> b.reduce(op, of.apply(nan), of.apply(one)));
            both.assertClose(one, 0, 0, op + " of NaN");
        }
    }

    @Test
    void productsAreSummed() {
        for (int[][] shapes : REDUCED) {
            Pair a = both.normal(shapes[0]);
            Pair b = both.normal(shapes[0]);
            Pair y = both.empty(shapes[1]);
            both.run((backend, of) -> backend.sumOfProducts(of.apply(a), of.apply(b), of.apply(y)));
            double length = Math.max(1, (double) a.cpu().numel() / Math.max(1, y.cpu().numel()));
            both.assertClose(y, RTOL, ATOL * Math.sqrt(length), a.cpu() + " to " + y.cpu());
        }
        Pair a = both.normal(2, 3, 65);
        Pair b = both.normal(2, 1, 65);
        Pair y = both.empty(1, 3, 1);
        both.run((backend, of) -> backend.sumOfProducts(of.apply(a),
                of.apply(b.view(0, new int[] {2, 3, 65}, 65, 0, 1)), of.apply(y)));
        both.assertClose(y, RTOL, ATOL * 12, "broadcast");
    }

    @Test
    void theFirstLargestIsFound() {
        for (int[] shape : new int[][] {{1}, {13}, {207, 3}, {3, 207}, {2, 40, 3}}) {
            Pair x = both.normal(shape);
            both.run((b, of) -> b.unary(UnaryOp.ROUND, of.apply(x), 0, 0, of.apply(x)));
            for (int axis = 0; axis < shape.length; axis++) {
                int[] kept = shape.clone();
                kept[axis] = 1;
                int along = axis;
                Pair y = both.empty(DType.I32, kept);
                both.run((b, of) -> b.argMax(of.apply(x), along, of.apply(y)));
                both.assertSame(y, x.cpu() + " axis " + axis);
            }
        }
        Pair x = both.of(new float[] {1, Float.NaN, 7, Float.NaN, Float.POSITIVE_INFINITY}, 5);
        Pair y = both.empty(DType.I32, 1);
        both.run((b, of) -> b.argMax(of.apply(x), 0, of.apply(y)));
        both.assertSame(y, "NaN");
    }

    @Test
    void rowsAreSummedUpAndNormalised() {
        for (int[] shape : new int[][] {{}, {1}, {13}, {3, 0}, {5, 207}, {2, 3, 700}}) {
            Pair x = both.normal(shape);
            Pair y = both.empty(shape);
            both.run((b, of) -> b.cumulativeSum(of.apply(x), of.apply(y)));
            both.assertClose(y, RTOL, 1e-7, "cumulativeSum " + x.cpu()); // both in double; rounded once
            both.run((b, of) -> b.softmax(of.apply(x), of.apply(y)));
            both.assertClose(y, RTOL, 0, "softmax " + x.cpu());
        }
        Pair x = both.normal(7, 33);
        Pair y = both.empty(33, 7);
        both.run((b, of) -> b.softmax(of.apply(x.view(0, new int[] {33, 7}, 1, 33)), of.apply(y)));
        both.assertClose(y, RTOL, 0, "softmax of a transposed array");
        both.run((b, of) -> b.cumulativeSum(of.apply(x.view(0, new int[] {33, 7}, 1, 33)), of.apply(y)));
        both.assertClose(y, RTOL, 1e-7, "cumulativeSum of a transposed array");
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 13", "207, 1", "2, 1300", "300, 2", "0, 5"})
    void standardization(int rows, int length) {
        Pair x = both.normal(rows, length);
        Pair shifted = both.empty(rows, length);
        Pair y = both.empty(rows, length);
        Pair r = both.empty(rows, 1);
        both.run((b, of) -> {
            b.unary(UnaryOp.AFFINE, of.apply(x), 1, 100, of.apply(shifted));
            b.standardize(of.apply(shifted), 1e-3f, of.apply(y), of.apply(r));
        });
        // The mean, 100, is rounded by one step of 2^-17 more or less; r is 32 at most.
        both.assertClose(y, 1e-5, 33 * 0x1p-16, "standardized");
        both.assertClose(r, 1e-5, 0, "1/deviation");
    }

    @Test
    void adamStepsManyParametersToTheSameBits() {
        AdamStep step = AdamStep.of(0.9, 0.99, 1e-2, 3, 1e-8, 0.1, 0.999);
        List<Pair[]> targets = new ArrayList<>();
        int[] sizes = {1, 13, 4096, 4097, 9000, 0};
        for (int i = 0; i < 100; i++) {
            int n = sizes[i % sizes.length] / (i > 10 ? 50 : 1);
            Pair square = both.normal(n);
            both.run((b, of) -> b.unary(UnaryOp.SQUARE, of.apply(square), 0, 0, of.apply(square)));
            targets.add(new Pair[] {both.normal(n), both.normal(n), both.normal(n), square});
        }
        both.run((b, of) -> b.adam(targets.stream().map(t -> new AdamTarget(of.apply(t[0]), of.apply(t[1]),
                of.apply(t[2]), of.apply(t[3]))).toList(), step));
        for (Pair[] target : targets) {
            both.assertSame(target[0], "parameter " + target[0].cpu());
            both.assertSame(target[2], "mean");
            both.assertSame(target[3], "square");
        }
    }
}
