package stylegan4j.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stylegan4j.kernels.cuda.BothBackends.distance;
import static stylegan4j.kernels.cuda.BothBackends.read;

import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.Backend;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.Buffer;
import stylegan4j.kernels.ChannelScales;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.ReduceOp;
import stylegan4j.kernels.ToRgb;
import stylegan4j.kernels.Upfirdn;
import stylegan4j.kernels.cuda.BothBackends.Pair;

/**
 * Features and their gradients as half types. What only moves and adds gives what its widened operands give, rounded
 * once; products err at most twice as much as those of rounded operands whose result is rounded.
 */
@Execution(ExecutionMode.CONCURRENT)
class HalfStorageOnCudaTest {
    private BothBackends both;
    private Backend cuda;

    @BeforeEach
    void open() {
        both = new BothBackends();
        cuda = both.cuda;
    }

    @AfterEach
    void close() {
        if (both != null) {
            both.close();
        }
    }

    @Test
    void memoryBoundKernelsRoundOnce() {
        DType type = DType.F16;
        for (int width : new int[] {1, 8, 13}) {
            NdArray a = half(type, both.normal(2, 3, 5, width).cuda());
            NdArray b = half(type, both.normal(2, 3, 5, width).cuda());
            NdArray scales = both.normal(2, 3, 1, 1).cuda();
            NdArray wide = new NdArray(scales.buffer(), DType.F32, 0, a.shape(), new long[] {3, 1, 0, 0});
            same(List.of(a, b), type, in -> of(a.shape(), y -> cuda.binary(BinaryOp.ADD, in.get(0), in.get(1), y)));
            same(List.of(a), type, in -> of(a.shape(), y -> cuda.binary(BinaryOp.MULTIPLY, in.get(0), wide, y)));
            same(List.of(a, b), DType.F32, in -> of(new int[] {2, 3, 1, 1},
                    y -> cuda.sumOfProducts(in.get(0), in.get(1), y)));
            same(List.of(a), DType.F32, in -> of(new int[] {1, 3, 1, 1},
                    y -> cuda.reduce(ReduceOp.SUM, in.get(0), y)));
            BiasAct act = BiasAct.of(Activation.LRELU).withClamp(0.9f);
            same(List.of(a, b), type, in -> of(a.shape(),
                    y -> cuda.biasActGradient(1, in.get(0), null, in.get(1), null, true, act, y)));
            for (Fir fir : List.of(Fir.separable(1, 3, 3, 1), new Fir(2, 3, new float[] {1, 2, -1, 3, 0, 1}))) {
                Upfirdn g = new Upfirdn(2, 2, 1, 1, 2, 1, 2, 1, false);
                same(List.of(a), type, in -> of(new int[] {2, 3, g.outHeight(5, fir.height()),
                    g.outWidth(width, fir.width())}, y -> cuda.upfirdn2d(in.get(0), fir, g, y)));
            }
        }
    }

    /** 256·√½, the bound of official residual layers, rounds down to both half types. */
    @ParameterizedTest
    @CsvSource({"F16, 181.01933", "BF16, 181.01933", "F16, 0.9", "BF16, 0.9"})
    void clampedOutputsPassNoGradient(DType type, float bound) {
        NdArray clamped = both.empty(3, 4).cuda();
        cuda.fill(clamped, bound);
        NdArray dy = both.normal(3, 4).cuda();
        NdArray dx = both.empty(3, 4).cuda();
        cuda.biasActGradient(1, dy, null, half(type, clamped), null, true, BiasAct.of(Activation.LRELU)
                .withClamp(bound), dx);
        assertArrayEquals(new float[12], read(cuda, dx));
    }

    @ParameterizedTest
    @CsvSource({
        // type, N, C, O, H, W, kernel, stride, pad
        "F16, 2, 67, 64, 17, 21, 3, 1, 1", "F16, 1, 13, 20, 9, 9, 3, 2, 0", "BF16, 2, 33, 3, 8, 8, 1, 1, 0",
        "F16, 1, 8, 8, 16, 16, 5, 3, 1"})
    void convolutionsErrAtMostTwiceAsMuchAsNaiveOnes(DType type, int n, int c, int o, int h, int w, int k, int stride,
                                                     int pad) {
        ConvGeometry g = ConvGeometry.of(stride, pad);
        Pair x = both.normal(n, c, h, w);
        Pair weight = both.normal(o, c, k, k);
        Pair in = both.normal(n, c);
        Pair out = both.normal(n, o);
        Pair dy = both.normal(n, o, g.outHeight(h, k), g.outWidth(w, k));
        int[] ys = dy.cpu().shape();
        atMostTwice("forward", type, List.of(x, weight, in, out), List.of(x), ys, type, (b, p, y) ->
                b.conv2d(p.apply(x), p.apply(weight), g, new ChannelScales(p.apply(in), p.apply(out)), y));
        atMostTwice("input gradient", type, List.of(dy, weight, in, out), List.of(dy), x.cpu().shape(), type,
                (b, p, y) -> b.conv2dInputGradient(p.apply(dy), p.apply(weight), g,
                        new ChannelScales(p.apply(in), p.apply(out)), y));
        atMostTwice("weight gradient", type, List.of(x, dy, in, out), List.of(x, dy), weight.cpu().shape(),
                DType.F32, (b, p, y) -> b.conv2dWeightGradient(p.apply(x), p.apply(dy), g,
                        new ChannelScales(p.apply(in), p.apply(out)), y));
    }

    @ParameterizedTest
    @CsvSource({
        // type, N, C, O, H, W, taps, clamp
        "F32, 2, 13, 3, 4, 6, 4, -1", "F16, 3, 64, 3, 18, 16, 4, 2.5",
        "BF16, 1, 207, 4, 26, 14, 3, 2.5", "F32, 1, 20, 3, 34, 30, 12, 2.5", "F32, 2, 5, 7, 4, 4, 4, 1",
        "F16, 1, 16, 1, 4, 4, 0, -1"})
    void toRgb(DType type, int n, int c, int o, int h, int w, int taps, float clamp) {
        NdArray x = both.normal(n, c, h, w).cuda();
        NdArray stored = type == DType.F32 ? x : half(type, x);
        Pair seen = both.of(read(cuda, wide(stored)), n, c, h, w);
        Pair weight = both.normal(o, c, 1, 1);
        Pair styles = both.normal(n, c);
        Pair bias = both.normal(o);
        Pair skip = both.normal(n, o, h / 2, w / 2);
        Fir fir = switch (taps) {
            case 0 -> null;
            case 4 -> Fir.separable(1, 3, 3, 1);
            default -> new Fir(3, 4, new float[] {1, 2, -1, 3, 0, 1, 2, 1, -2, 1, 1, 4});
        };
        Pair y = both.empty(n, o, h, w);
        both.cpu.toRgb(seen.cpu(), weight.cpu(), new ToRgb(styles.cpu(), bias.cpu(), clamp,
                fir == null ? null : skip.cpu(), fir), y.cpu());
        cuda.toRgb(stored, weight.cuda(), new ToRgb(styles.cuda(), bias.cuda(), clamp,
                fir == null ? null : skip.cuda(), fir), y.cuda());
        // sums of at most 207 products of three normal numbers, in another order: their rms is 15
        both.assertClose(y, 0, 1e-4, "toRgb");
    }

    /** A call on a backend, with its operands there. */
    @FunctionalInterface
    private interface Call {
        void on(Backend backend, Function<Pair, NdArray> of, NdArray y);
    }

    /** @param stored the operands that are half types on the GPU; the naive way rounds all */
    private void atMostTwice(String what, DType type, List<Pair> operands, List<Pair> stored, int[] shape, DType result,
                             Call call) {
        Pair exact = both.empty(shape);
        call.on(both.cpu, Pair::cpu, exact.cpu());
        Pair naive = both.empty(shape);
        call.on(both.cpu, p -> operands.contains(p) ? rounded(type, p).cpu() : p.cpu(), naive.cpu());
        NdArray ours = both.empty(result, shape).cuda();
        call.on(cuda, p -> stored.contains(p) ? half(type, p.cuda()) : p.cuda(), ours);
        float[] want = read(both.cpu, exact.cpu());
        float[] simple = read(both.cpu, result == DType.F32 ? naive.cpu() : rounded(type, naive).cpu());
        double allowed = 2 * distance(want, simple);
        double error = distance(want, read(cuda, wide(ours)));
        assertTrue(error <= allowed, () -> what + ": error " + error + ", twice a naive one's " + allowed);
    }

    /** What the work makes of half operands, written as {@code result}, is what it makes of widened ones, rounded. */
    private void same(List<NdArray> operands, DType result, Function<List<NdArray>, Work> work) {
        Work halves = work.apply(operands);
        Work wides = work.apply(operands.stream().map(this::wide).toList());
        NdArray got = both.empty(result, halves.shape).cuda();
        NdArray want = both.empty(DType.F32, halves.shape).cuda();
        halves.run.accept(got);
        wides.run.accept(want);
        assertArrayEquals(read(cuda, wide(result == DType.F32 ? want : half(result, want))), read(cuda, wide(got)));
    }

    private record Work(int[] shape, java.util.function.Consumer<NdArray> run) {
    }

    private static Work of(int[] shape, java.util.function.Consumer<NdArray> run) {
        return new Work(shape, run);
    }

    private NdArray half(DType type, NdArray x) {
        NdArray y = both.empty(type, x.shape()).cuda();
        cuda.copy(x, y);
        return y;
    }

    private NdArray wide(NdArray x) {
        NdArray y = both.empty(x.shape()).cuda();
        cuda.copy(x, y);
        return y;
    }

    private Pair rounded(DType type, Pair x) {
        Buffer memory = both.cpu.allocate(x.cpu().numel() * type.bytes());
        NdArray narrow = NdArray.contiguous(memory, type, x.cpu().shape());
        Pair y = both.empty(x.cpu().shape());
        both.cpu.copy(x.cpu(), narrow);
        both.cpu.copy(narrow, y.cpu());
        both.cpu.release(memory);
        return y;
    }
}
