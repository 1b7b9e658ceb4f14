package stylegan4j.kernels.cuda.sample;

import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Dense;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Params;
import stylegan4j.kernels.cuda.map.Buckets;
import stylegan4j.kernels.cuda.map.Movement;

/**
 * Bilinear sampling at the points of a grid, and its adjoint: points are sorted by the cell they lie in, and each pixel
 * gathers from the four cells around it.
 */
public final class GridSample {
    private static final String FILE = "grid_sample.cu";
    private static final int THREADS = 256;
    /** Channels that a thread of the adjoint sums at once. */
    private static final int CHANNELS = 4;

    private final CudaContext cuda;
    private final Movement movement;
    private final Buckets buckets;
    private final Kernel sample;
    private final Kernel cells;
    private final Kernel gradient;

    public GridSample(CudaContext cuda, Movement movement, Buckets buckets) {
        this.cuda = cuda;
        this.movement = movement;
        this.buckets = buckets;
        this.sample = cuda.kernel(FILE, "grid_sample");
        this.cells = cuda.kernel(FILE, "grid_cells");
        this.gradient = cuda.kernel(FILE, "grid_sample_input_gradient");
    }

    /** x [N, C, H, W] and grid [N, h, w, 2] of any strides → dense y [N, C, h, w]. */
    public void run(NdArray x, NdArray grid, boolean alignCorners, NdArray y) {
        if (y.numel() == 0) {
            return;
        }
        try (Dense points = Dense.of(cuda, movement, grid)) {
            // A block's points share the work of finding pixels and weights over all its channels.
            cuda.launch(sample, Planes.size((long) y.size(2) * y.size(3), Math.ceilDiv(y.size(1), CHANNELS),
                    y.size(0), THREADS), params(x, points.array(), x, y, y, 0, 0, 0, alignCorners));
        }
    }

    /** The adjoint in x: dy [N, C, h, w] of any strides → dense dx [N, C, H, W]. */
    public void inputGradient(NdArray dy, NdArray grid, boolean alignCorners, NdArray dx) {
        if (dx.numel() == 0) {
            return;
        }
        long points = (long) grid.size(0) * grid.size(1) * grid.size(2);
        long cellCount = (long) dx.size(0) * (dx.size(2) + 1) * (dx.size(3) + 1);
        try (Dense places = Dense.of(cuda, movement, grid); CudaContext.Scratch keys = cuda.scratch(4 * points)) {
            cuda.launch(cells, points, THREADS,
                    params(dy, places.array(), dx, dy, dx, 0, 0, keys.pointer(), alignCorners));
            try (Buckets.Sorted sorted = buckets.sort("gridSample", keys.pointer(), points, cellCount)) {
                cuda.launch(gradient, Planes.size((long) dx.size(2) * dx.size(3),
                        Math.ceilDiv(dx.size(1), CHANNELS), dx.size(0), THREADS),
                        params(dy, places.array(), dx, dy, dx, sorted.starts().pointer(), sorted.items().pointer(),
                                0, alignCorners));
            }
        }
    }

    /**
     * @param picture of the picture's size
     * @param samples of the grid's size
     */
    private static Params params(NdArray x, NdArray grid, NdArray picture, NdArray samples, NdArray y, long starts,
                                 long items, long keys, boolean alignCorners) {
        long points = (long) grid.size(0) * grid.size(1) * grid.size(2);
        return Params.start().pointer(x).pointer(grid).pointer(y).pointer(starts).pointer(items).pointer(keys)
                .integers64(x.strides(), 4).integer64(points).integer(y.size(0)).integer(y.size(1))
                .integer(picture.size(2)).integer(picture.size(3)).integer(samples.size(2)).integer(samples.size(3))
                .flag(alignCorners);
    }
}
