package stylegan4j.bench.gpu;

import java.util.List;
import java.util.function.Consumer;
import stylegan4j.kernels.Backend;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.cuda.CudaBackend;

/** In what a device computes: each precision in turn. */
final class Precisions {
    /** The official configurations' {@code num_fp16_res}. */
    static final int HALF_RESOLUTIONS = 4;

    private Precisions() {
    }

    /** Those that a backend can compute in. */
    static List<Precision> of(Backend backend, Sizes sizes) {
        return backend instanceof CudaBackend ? sizes.precisions() : List.of(Precision.F32);
    }

    /** Does some work in each precision. What is not stored as halves is then multiplied in TF32. */
    static void each(Backend backend, Sizes sizes, Consumer<Precision> work) {
        for (Precision precision : of(backend, sizes)) {
            with(backend, precision == Precision.F32 ? precision : Precision.TF32, () -> work.accept(precision));
        }
    }

    /** Does some work while the backend multiplies in a precision. */
    static void with(Backend backend, Precision precision, Runnable work) {
        if (backend instanceof CudaBackend cuda) {
            Precision before = cuda.precision();
            cuda.precision(precision);
            try {
                work.run();
            } finally {
                cuda.precision(before);
            }
        } else {
            work.run();
        }
    }

    /** How features are stored. */
    static DType storage(Precision precision) {
        return switch (precision) {
            case F32, TF32 -> DType.F32;
            case F16 -> DType.F16;
            case BF16 -> DType.BF16;
        };
    }
}
