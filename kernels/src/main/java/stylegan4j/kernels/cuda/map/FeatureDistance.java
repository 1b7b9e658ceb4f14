package stylegan4j.kernels.cuda.map;

import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cuda.CudaBuffer;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Params;
import stylegan4j.kernels.cuda.driver.LaunchSize;

/** Mean over places of the squared difference of feature vectors of unit length, each channel scaled. */
public final class FeatureDistance {
    private static final String FILE = "feature_distance.cu";
    private static final int THREADS = 256;
    private static final int PLACES = 32;
    private static final int MOST_BLOCKS = 65535;

    private final CudaContext cuda;
    private final Kernel parts;
    private final Kernel sum;
    private final Kernel gradient;

    public FeatureDistance(CudaContext cuda) {
        this.cuda = cuda;
        this.parts = cuda.kernel(FILE, "feature_distance_parts");
        this.sum = cuda.kernel(FILE, "feature_distance_sum");
        this.gradient = cuda.kernel(FILE, "feature_distance_gradient");
    }

    /** As {@link stylegan4j.kernels.Backend#featureDistance}. */
    public void forward(NdArray a, NdArray b, NdArray scale, float epsilon, NdArray y) {
        int samples = a.size(0);
        if (samples == 0) {
            return;
        }
        long places = places(a);
        int blocks = blocks(places);
        try (CudaContext.Scratch scratch = cuda.scratch(4L * samples * blocks)) {
            if (blocks > 0) {
                cuda.launch(parts, size(blocks, samples), params(a, b, scale, null, scratch.pointer(), epsilon));
            }
            cuda.launch(sum, LaunchSize.of(samples, THREADS), Params.start().pointer(scratch.pointer()).pointer(y)
                    .integer64(blocks).real64(places));
        }
    }

    /** As {@link stylegan4j.kernels.Backend#featureDistanceGradient}. */
    public void gradient(NdArray a, NdArray b, NdArray scale, float epsilon, NdArray dy, NdArray da) {
        if (da.numel() > 0) {
            cuda.launch(gradient, size(blocks(places(a)), a.size(0)),
                    params(a, b, scale, dy, CudaBuffer.address(da), epsilon));
        }
    }

    private static Params params(NdArray a, NdArray b, NdArray scale, NdArray dy, long y, float epsilon) {
        return Params.start().pointer(a).pointer(b).pointer(scale).pointer(dy).pointer(y)
                .integer64(a.strides()[0]).integer64(b.strides()[0]).integer64(dy == null ? 0 : dy.strides()[0])
                .integer64(places(a)).integer(a.size(0)).integer(a.size(1)).real(epsilon);
    }

    private static long places(NdArray a) {
        return (long) a.size(2) * a.size(3);
    }

    private static int blocks(long places) {
        return Math.toIntExact(Math.ceilDiv(places, PLACES));
    }

    private static LaunchSize size(int blocks, int samples) {
        return LaunchSize.of(blocks, Math.min(samples, MOST_BLOCKS), 1, THREADS);
    }
}
