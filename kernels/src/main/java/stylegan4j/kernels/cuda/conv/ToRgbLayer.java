package stylegan4j.kernels.cuda.conv;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.ToRgb;
import stylegan4j.kernels.Upfirdn;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Dense;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Params;
import stylegan4j.kernels.cuda.TypedKernel;
import stylegan4j.kernels.cuda.driver.LaunchSize;

/** Features to picture in one pass (to_rgb.cu). Multiplications are exact: memory is the limit, not arithmetic. */
final class ToRgbLayer {
    private static final int THREADS = 256;
    private static final int WARP = 32;
    private static final int MOST_TAPS = 64;
    private static final int MOST_CHANNELS = 4;

    private record Variant(DType x, int vector, int channels) {
    }

    private final CudaContext cuda;
    private final Map<Variant, Kernel> kernels = new ConcurrentHashMap<>();

    ToRgbLayer(CudaContext cuda) {
        this.cuda = cuda;
    }

    /** Whether it was done: there are few enough output channels and taps. */
    boolean run(NdArray x, NdArray weight, ToRgb spec, NdArray y) {
        int plane = x.size(2) * x.size(3);
        boolean four = plane % 4 == 0 && Dense.aligned(x);
        var variant = new Variant(x.type(), four ? 4 : 1, weight.size(0));
        Fir fir = spec.fir() == null ? Fir.identity() : spec.fir().scaled(4).flipped();
        int shared = Float.BYTES * variant.channels * (x.size(1) + THREADS * variant.vector);
        if (variant.channels > MOST_CHANNELS || fir.taps().length > MOST_TAPS
                || shared > cuda.gpu().properties().sharedPerBlock()) {
            return false;
        }
        if (y.numel() == 0) {
            return true;
        }
        Kernel kernel = kernels.computeIfAbsent(variant, v -> cuda.kernel("to_rgb.cu", "to_rgb",
                TypedKernel.option("X_TYPE", v.x), Options.number("VECTOR", v.vector),
                Options.number("OUT_CHANNELS", v.channels)));
        NdArray skip = spec.skip();
        Upfirdn g = ToRgb.upsampling(fir);
        int tiles = Math.ceilDiv(plane, WARP * variant.vector);
        Params params = Params.start().pointer(x).pointer(weight).pointer(spec.styles()).pointer(spec.bias())
                .pointer(skip).pointer(y).integer64(plane).integer(x.size(1)).integer(x.size(3))
                .integer(skip == null ? 0 : skip.size(2)).integer(skip == null ? 0 : skip.size(3)).integer(tiles)
                .integer(fir.height()).integer(fir.width()).integer(g.padY0()).integer(g.padX0())
                .real(spec.clamp() < 0 ? Float.POSITIVE_INFINITY : spec.clamp()).reals(fir.taps(), MOST_TAPS);
        cuda.launch(kernel, LaunchSize.of(Math.multiplyExact(tiles, x.size(0)), THREADS).withShared(shared), params);
        return true;
    }
}
