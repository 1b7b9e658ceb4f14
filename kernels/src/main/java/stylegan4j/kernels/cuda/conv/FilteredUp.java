package stylegan4j.kernels.cuda.conv;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.FusedConv;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Params;
import stylegan4j.kernels.cuda.TypedKernel;
import stylegan4j.kernels.cuda.driver.LaunchSize;

/**
 * Up-sampling convolutions whose wide picture never leaves the multiprocessor (conv_up.cu). Neighbouring blocks
 * multiply a quarter of the wide pixels twice, which pays where memory traffic, and not multiplication, is the limit:
 * for large pictures of few channels.
 */
final class FilteredUp {
    private static final int THREADS = 256;
    private static final int ROWS = 16;
    private static final int TAPS = 4;
    private static final int STEP = 14;
    private static final int MOST_CHANNELS = 64;
    private static final int LEAST_SIZE = 32;
    private static final int[] ELEMENTS = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    private static final int STAGES_BYTES = 3 * 9 * ROWS * 80;
    private static final int PATCH_ROWS = 17 * 17;
    private static final int WIDE_BYTES = ROWS * (32 * 33 + 1) * Float.BYTES;

    private record Variant(Precision precision, DType x, DType y, Activation activation) {
    }

    private final CudaContext cuda;
    private final Packing packing;
    private final Map<Variant, Kernel> kernels = new ConcurrentHashMap<>();

    FilteredUp(CudaContext cuda, Packing packing) {
        this.cuda = cuda;
        this.packing = packing;
    }

    /** Whether this way exists and is the faster one. */
    boolean pays(Precision precision, NdArray x, NdArray weight, Fir fir) {
        return fir.height() == TAPS && fir.width() == TAPS && fir.factors() != null && weight.size(0) <= MOST_CHANNELS
                && Math.min(x.size(2), x.size(3)) >= LEAST_SIZE
                && (long) x.size(2) * x.size(3) * x.size(1) <= Integer.MAX_VALUE
                && shared(precision, weight) <= cuda.gpu().properties().sharedPerBlock();
    }

    private int shared(Precision precision, NdArray weight) {
        int channels = Packing.chunks(precision, Weight.of(weight)) * Packing.chunk(precision);
        return Math.max(WIDE_BYTES, STAGES_BYTES + PATCH_ROWS * (2 * 80 + 2 * Integer.BYTES) + channels * Float.BYTES);
    }

    void run(Precision precision, NdArray x, NdArray weight, FusedConv spec, NdArray y) {
        var variant = new Variant(precision, x.type(), y.type(), spec.epilogue().act().activation());
        Kernel kernel = kernels.computeIfAbsent(variant, v -> cuda.kernel("conv_up.cu", "conv_up",
                Options.precision(v.precision), TypedKernel.option("X_TYPE", v.x),
                TypedKernel.option("Y_TYPE", v.y), Options.activation(v.activation)));
        int tilesX = Math.ceilDiv(x.size(3), STEP);
        int tilesY = Math.ceilDiv(x.size(2), STEP);
        float[][] factors = spec.fir().flipped().factors();
        try (var packed = packing.pack(precision, Weight.of(weight), ELEMENTS)) {
            Params params = Params.start().pointer(x).pointer(packed.pointer()).pointer(spec.scales().input())
                    .pointer(y);
            Finish.epilogue(params, spec.scales().output(), spec.epilogue(), y.size(1), y.size(2) * y.size(3));
            params.integer64((long) x.size(2) * x.size(3)).integer(x.size(1)).integer(x.size(2)).integer(x.size(3))
                    .integer(y.size(1)).integer(tilesX).integer(tilesY)
                    .integer(Packing.chunks(precision, Weight.of(weight)))
                    .reals(factors[0], TAPS).reals(factors[1], TAPS);
            cuda.launch(kernel, LaunchSize.of(Math.multiplyExact(tilesX * tilesY, x.size(0)),
                    Math.ceilDiv(y.size(1), ROWS), 1, THREADS).withShared(shared(precision, weight)), params);
        }
    }
}
