package stylegan4j.kernels.cuda.sample;

import stylegan4j.kernels.LinearMap;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cuda.Constants;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Dense;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Params;

/** A sparse matrix along one axis; four neighbours at once wherever the axis is not the last. */
public final class LinearMaps {
    private static final String FILE = "linear_map.cu";
    private static final int THREADS = 256;

    private final CudaContext cuda;
    private final Constants constants;
    private final Kernel elements;
    private final Kernel vectors;

    public LinearMaps(CudaContext cuda, Constants constants) {
        this.cuda = cuda;
        this.constants = constants;
        this.elements = cuda.kernel(FILE, "linear_map_elements");
        this.vectors = cuda.kernel(FILE, "linear_map_vectors");
    }

    /** Dense x → dense y, which differ in the size of {@code axis}. */
    public void run(NdArray x, int axis, LinearMap map, NdArray y) {
        if (y.numel() == 0) {
            return;
        }
        long inner = 1;
        for (int d = axis + 1; d < y.rank(); d++) {
            inner *= y.size(d);
        }
        int width = inner % 4 == 0 && Dense.aligned(x, y) ? 4 : 1;
        try (Constants.Constant starts = constants.of(map.starts());
             Constants.Constant columns = constants.of(map.columns());
             Constants.Constant weights = constants.of(map.weights())) {
            cuda.launch(width == 4 ? vectors : elements, y.numel() / width, THREADS, Params.start().pointer(x)
                    .pointer(y).pointer(starts.pointer()).pointer(columns.pointer()).pointer(weights.pointer())
                    .integer64(y.numel() / width).integer64(inner / width).integer(map.inputs())
                    .integer(map.outputs()));
        }
    }
}
