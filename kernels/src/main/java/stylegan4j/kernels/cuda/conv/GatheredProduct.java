package stylegan4j.kernels.cuda.conv;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import stylegan4j.kernels.ChannelScales;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Epilogue;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.cuda.CudaBuffer;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Params;
import stylegan4j.kernels.cuda.driver.LaunchSize;

/** Products whose operands are gathered element by element (gemm.cu): always there, for every geometry. */
final class GatheredProduct {
    private static final int TILE = 64;
    private static final int THREADS = 256;
    private static final int SHARED = 2 * 2 * TILE * 80;
    /** Blocks to aim at by cutting sums; a constant, so that results do not depend on the device. */
    private static final int BLOCKS = 256;
    private static final int LEAST_DEPTH = 256;
    private static final int DEPTH_STEP = 32;

    private enum Kind { MATRICES, CONVOLUTION, INPUT_GRADIENT, WEIGHT_GRADIENT }

    private record Variant(Kind kind, Precision precision) {
    }

    private final CudaContext cuda;
    private final Finish finish;
    private final Map<Variant, Kernel> kernels = new ConcurrentHashMap<>();

    GatheredProduct(CudaContext cuda, Finish finish) {
        this.cuda = cuda;
        this.finish = finish;
    }

    /** y[b] = a[b]·b[b], of any strides. */
    void matmul(NdArray a, NdArray b, NdArray y) {
        new Product(Kind.MATRICES, a, b, null, null, y, a.size(1), b.size(2), a.size(2), a.size(0))
                .run(params -> params.integer64(a.strides()[0]).integer64(a.strides()[1]).integer64(a.strides()[2])
                        .integer64(b.strides()[0]).integer64(b.strides()[2]).integer64(b.strides()[1])
                        .integer64(y.strides()[0]).integer64(y.strides()[1]).integer64(y.strides()[2])
                        .integer(a.size(0)).integers(new int[0], 15));
    }

    /** See {@link stylegan4j.kernels.Backend#conv2d}. */
    void forward(NdArray x, NdArray weight, ConvGeometry g, ChannelScales scales, NdArray y) {
        new Product(Kind.CONVOLUTION, weight, x, scales.input(), scales.output(), y, weight.size(0) / g.groups(),
                pixels(y), kernel(weight), g.groups()).run(params -> geometry(params, x, weight, g, y));
    }

    /** See {@link stylegan4j.kernels.Backend#conv2dInputGradient}. */
    void inputGradient(NdArray dy, NdArray weight, ConvGeometry g, ChannelScales scales, NdArray dx) {
        long depth = (long) weight.size(0) / g.groups() * weight.size(2) * weight.size(3);
        new Product(Kind.INPUT_GRADIENT, weight, dy, scales.input(), scales.output(), dx, weight.size(1), pixels(dx),
                depth, g.groups()).run(params -> geometry(params, dx, weight, g, dy));
    }

    /** See {@link stylegan4j.kernels.Backend#conv2dWeightGradient}. */
    void weightGradient(NdArray x, NdArray dy, ConvGeometry g, ChannelScales scales, NdArray dw) {
        new Product(Kind.WEIGHT_GRADIENT, dy, x, scales.input(), scales.output(), dw, dw.size(0) / g.groups(),
                kernel(dw), pixels(dy), g.groups()).run(params -> geometry(params, x, dw, g, dy));
    }

    private static long pixels(NdArray picture) {
        return (long) picture.size(0) * picture.size(2) * picture.size(3);
    }

    private static long kernel(NdArray weight) {
        return (long) weight.size(1) * weight.size(2) * weight.size(3);
    }

    private static Params geometry(Params params, NdArray x, NdArray weight, ConvGeometry g, NdArray z) {
        return params.integers64(new long[0], 9).integer(g.groups())
                .integer(x.size(1)).integer(z.size(1)).integer(x.size(2)).integer(x.size(3))
                .integer(z.size(2)).integer(z.size(3)).integer(weight.size(2)).integer(weight.size(3))
                .integer(g.strideY()).integer(g.strideX()).integer(g.padY()).integer(g.padX())
                .integer(g.dilationY()).integer(g.dilationX()).integer(g.groups());
    }

    /** Writes the struct's fields that belong to one kind of product. */
    private interface Rest {
        Params write(Params params);
    }

    private final class Product {
        private final Kernel kernel;
        private final NdArray a;
        private final NdArray b;
        private final NdArray inputScales;
        private final NdArray outputScales;
        private final NdArray y;
        private final long m;
        private final long n;
        private final long k;
        private final int batches;

        Product(Kind kind, NdArray a, NdArray b, NdArray inputScales, NdArray outputScales, NdArray y, long m, long n,
                long k, int batches) {
            this.kernel = kernels.computeIfAbsent(new Variant(kind, cuda.precision()),
                    v -> cuda.kernel("gemm.cu", "gemm", Options.precision(v.precision),
                            Options.number("KIND", v.kind.ordinal())));
            this.a = a;
            this.b = b;
            this.inputScales = inputScales;
            this.outputScales = outputScales;
            this.y = y;
            this.m = m;
            this.n = n;
            this.k = k;
            this.batches = batches;
        }

        void run(Rest rest) {
            if (y.numel() == 0) {
                return;
            }
            long tiles = Math.ceilDiv(m, TILE) * Math.ceilDiv(n, TILE) * batches;
            long wanted = Math.max(1, Math.min(BLOCKS / tiles, k / LEAST_DEPTH));
            long depth = Math.max(DEPTH_STEP, Math.ceilDiv(Math.ceilDiv(k, wanted), DEPTH_STEP) * DEPTH_STEP);
            int splits = (int) Math.max(1, Math.ceilDiv(k, depth));
            if (splits == 1) {
                launch(rest, CudaBuffer.address(y), depth, 1);
                return;
            }
            try (var partial = cuda.scratch(splits * y.numel() * Float.BYTES)) {
                launch(rest, partial.pointer(), depth, splits);
                int count = Math.toIntExact(y.numel());
                var sums = new Finish.Sums(partial.pointer(), DType.F32, splits, 1, 1, 1, count);
                finish.add(sums, null, Epilogue.NONE, new NdArray(y.buffer(), DType.F32, y.offset(),
                        new int[] {1, 1, 1, count}, new long[] {count, count, count, 1}));
            }
        }

        private void launch(Rest rest, long to, long depth, int splits) {
            Params params = Params.start().pointer(a).pointer(b).pointer(inputScales).pointer(outputScales).pointer(to)
                    .integer64(m).integer64(n).integer64(k).integer64(depth).integer64(y.numel());
            int columns = Math.toIntExact(Math.ceilDiv(n, TILE));
            int rows = Math.toIntExact(Math.ceilDiv(m, TILE));
            cuda.launch(kernel, LaunchSize.of(columns, rows, batches * splits, THREADS).withShared(SHARED),
                    rest.write(params));
        }
    }
}
