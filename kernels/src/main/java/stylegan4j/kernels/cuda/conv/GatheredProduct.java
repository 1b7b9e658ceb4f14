package stylegan4j.kernels.cuda.conv;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import stylegan4j.kernels.ChannelScales;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.cuda.CudaBuffer;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Params;
import stylegan4j.kernels.cuda.TypedKernel;
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
    private static final int STRIDES = 9;
    private static final int GEOMETRY = 15;

    private enum Kind { MATRICES, CONVOLUTION, INPUT_GRADIENT, WEIGHT_GRADIENT }

    private record Variant(Kind kind, Precision precision, DType a, DType b, DType y) {
        String[] options() {
            return new String[] {Options.precision(precision), Options.number("KIND", kind.ordinal()),
                TypedKernel.option("A_TYPE", a), TypedKernel.option("B_TYPE", b), TypedKernel.option("Y_TYPE", y)};
        }
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
        long[] strides = {a.strides()[0], a.strides()[1], a.strides()[2],
            b.strides()[0], b.strides()[2], b.strides()[1], y.strides()[0], y.strides()[1], y.strides()[2]};
        new Product(Kind.MATRICES, a, b, ChannelScales.NONE, y, a.size(1), b.size(2), a.size(2), a.size(0), strides,
                new int[GEOMETRY]).run();
    }

    /** See {@link stylegan4j.kernels.Backend#conv2d}. */
    void forward(NdArray x, NdArray weight, ConvGeometry g, ChannelScales scales, NdArray y) {
        new Product(Kind.CONVOLUTION, weight, x, scales, y, weight.size(0) / g.groups(), pixels(y), kernel(weight),
                g.groups(), new long[0], geometry(x, weight, g, y)).run();
    }

    /** See {@link stylegan4j.kernels.Backend#conv2dInputGradient}. */
    void inputGradient(NdArray dy, NdArray weight, ConvGeometry g, ChannelScales scales, NdArray dx) {
        int depth = Math.multiplyExact(weight.size(0) / g.groups(), weight.size(2) * weight.size(3));
        new Product(Kind.INPUT_GRADIENT, weight, dy, scales, dx, weight.size(1), pixels(dx), depth, g.groups(),
                new long[0], geometry(dx, weight, g, dy)).run();
    }

    /** See {@link stylegan4j.kernels.Backend#conv2dWeightGradient}. */
    void weightGradient(NdArray x, NdArray dy, ConvGeometry g, ChannelScales scales, NdArray dw) {
        new Product(Kind.WEIGHT_GRADIENT, dy, x, scales, dw, dw.size(0) / g.groups(), kernel(dw), pixels(dy),
                g.groups(), new long[0], geometry(x, dw, g, dy)).run();
    }

    private static int pixels(NdArray picture) {
        return Math.multiplyExact(picture.size(0), Math.multiplyExact(picture.size(2), picture.size(3)));
    }

    private static int kernel(NdArray weight) {
        return Math.multiplyExact(weight.size(1), weight.size(2) * weight.size(3));
    }

    private static int[] geometry(NdArray x, NdArray weight, ConvGeometry g, NdArray z) {
        return new int[] {x.size(1), z.size(1), x.size(2), x.size(3), z.size(2), z.size(3), weight.size(2),
            weight.size(3), g.strideY(), g.strideX(), g.padY(), g.padX(), g.dilationY(), g.dilationX(), g.groups()};
    }

    /**
     * One launch of gemm.cu.
     *
     * @param m, n, k sizes of [m, k]·[k, n]
     * @param strides of matrices
     * @param geometry of a convolution
     */
    private final class Product {
        private final Kind kind;
        private final NdArray a;
        private final NdArray b;
        private final ChannelScales scales;
        private final NdArray y;
        private final int m;
        private final int n;
        private final int k;
        private final int batches;
        private final long[] strides;
        private final int[] geometry;

        Product(Kind kind, NdArray a, NdArray b, ChannelScales scales, NdArray y, int m, int n, int k, int batches,
                long[] strides, int[] geometry) {
            this.kind = kind;
            this.a = a;
            this.b = b;
            this.scales = scales;
            this.y = y;
            this.m = m;
            this.n = n;
            this.k = k;
            this.batches = batches;
            this.strides = strides;
            this.geometry = geometry;
        }

        void run() {
            long tiles = (long) Math.ceilDiv(m, TILE) * Math.ceilDiv(n, TILE) * batches;
            long parts = Math.max(1, Math.min(BLOCKS / tiles, k / LEAST_DEPTH));
            int depth = (int) Math.max(1, Math.ceilDiv(Math.ceilDiv(k, parts), DEPTH_STEP)) * DEPTH_STEP;
            int splits = Math.max(1, Math.ceilDiv(k, depth));
            if (splits == 1) {
                launch(CudaBuffer.address(y), y.type(), depth, 1);
                return;
            }
            try (var partial = cuda.scratch(splits * y.numel() * Float.BYTES)) {
                launch(partial.pointer(), DType.F32, depth, splits);
                finish.add(partial.pointer(), splits, y);
            }
        }

        private void launch(long to, DType type, int depth, int splits) {
            Precision precision = cuda.precision(a.type(), b.type() == DType.F32 ? type : b.type());
            Kernel kernel = kernels.computeIfAbsent(new Variant(kind, precision, a.type(), b.type(), type),
                    v -> cuda.kernel("gemm.cu", "gemm", v.options()));
            Params params = Params.start().pointer(a).pointer(b).pointer(scales.input()).pointer(scales.output())
                    .pointer(to).integer64(y.numel()).integers64(strides, STRIDES)
                    .integer(m).integer(n).integer(k).integer(depth).integer(batches).integers(geometry, GEOMETRY);
            cuda.launch(kernel, LaunchSize.of(Math.ceilDiv(n, TILE), Math.ceilDiv(m, TILE), batches * splits, THREADS)
                    .withShared(SHARED), params);
        }
    }
}
