package stylegan4j.kernels.cuda.conv;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Params;

/** Weights as the convolution kernels copy them: chunks of channels, then taps, then rows of 64 bytes. */
final class Packing {
    static final int MOST_TAPS = 64;
    private static final int THREADS = 256;
    private static final int ROW_BYTES = 64;
    private static final int SLOT_BYTES = 16;

    private final CudaContext cuda;
    private final Map<Precision, Kernel> kernels = new ConcurrentHashMap<>();

    Packing(CudaContext cuda) {
        this.cuda = cuda;
    }

    /** Channels of a chunk. */
    static int chunk(Precision precision) {
        return switch (precision) {
            case F32, TF32 -> ROW_BYTES / 4;
            case F16, BF16 -> ROW_BYTES / 2;
        };
    }

    static int chunks(Precision precision, Weight weight) {
        return Math.ceilDiv(weight.depth(), chunk(precision));
    }

    /** @param elements of the kernel, in the order of the taps */
    CudaContext.Scratch pack(Precision precision, Weight weight, int[] elements) {
        int chunks = chunks(precision, weight);
        long bytes = (long) chunks * elements.length * weight.rows() * ROW_BYTES;
        CudaContext.Scratch packed = cuda.scratch(bytes);
        Kernel kernel = kernels.computeIfAbsent(precision,
                p -> cuda.kernel("pack.cu", "pack", Options.precision(p)));
        cuda.launch(kernel, bytes / SLOT_BYTES, THREADS, Params.start().pointer(weight.array())
                .pointer(packed.pointer()).integer64(weight.rowStride()).integer64(weight.depthStride())
                .integer(weight.rows()).integer(weight.depth()).integer(chunks).integer(elements.length)
                .integers(elements, MOST_TAPS));
        return packed;
    }
}
