package stylegan4j.bench.libtorch;

import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Starting libtorch, and moving numbers in and out of it. */
public final class Libtorch {
    private Libtorch() {
    }

    /**
     * Loads the library and sets how many threads it computes with; to be called on the thread that computes.
     *
     * <p>OpenBLAS has threads of its own, which would wait for the cores that libtorch's OpenMP threads spin on: one
     * small product after another operation then costs milliseconds. The official builds, whose BLAS shares the
     * OpenMP threads, do not have this; here the networks' small products run on one thread instead.
     */
    public static void start(int threads) {
        start(threads, 1);
    }

    /** As {@link #start(int)}, with a number of threads for matrix products: for work that is nothing else. */
    public static void start(int threads, int blasThreads) {
        Loader.load(torch.class);
        torch.set_num_threads(threads);
        openblas_nolapack.blas_set_num_threads(blasThreads);
    }

    /** A tensor with its own copy of {@code data}. */
    public static Tensor tensor(float[] data, long... shape) {
        return Tensor.create(data, shape);
    }

    /** The elements in row-major order. */
    public static float[] toArray(Tensor tensor) {
        try (var _ = new PointerScope()) {
            float[] data = new float[Math.toIntExact(tensor.numel())];
            tensor.contiguous().data_ptr_float().get(data);
            return data;
        }
    }

    /** Runs {@code body} without autograd; every native tensor it makes is freed at the end. */
    public static void withoutGradients(Runnable body) {
        try (var _ = new PointerScope(); var _ = new InferenceMode()) {
            body.run();
        }
    }

    /** The numbers of the tensor that {@code body} computes without autograd. */
    public static float[] result(Supplier<Tensor> body) {
        try (var _ = new PointerScope(); var _ = new InferenceMode()) {
            return toArray(body.get());
        }
    }
}
