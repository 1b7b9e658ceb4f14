package stylegan4j.kernels.cuda.sample;

import stylegan4j.kernels.Fir;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Upfirdn;
import stylegan4j.kernels.cuda.Constants;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Dense;
import stylegan4j.kernels.cuda.Params;
import stylegan4j.kernels.cuda.TypedKernel;
import stylegan4j.kernels.cuda.driver.LaunchSize;

/**
 * Up-sampling by zero insertion, padding, FIR filter and down-sampling in one pass. Separable filters of four or twelve
 * taps at the usual rates go through tiles of shared memory; any other work takes a thread for each output.
 */
public final class Upfirdn2d {
    private static final String FILE = "upfirdn2d.cu";
    private static final int THREADS = 256;
    /** Rows that a thread of a tile filters at once; tiles are multiples of it high. */
    private static final int STRIP = 8;
    /** Outputs of a tile. */
    private static final int TILE = 2048;
    private static final int MOST_TILE_WIDTH = 128;
    private static final int LEAST_TILE_WIDTH = 16;
    /** Length of the column and row in the kernels' parameters. */
    private static final int MOST_TAPS = 12;

    private final CudaContext cuda;
    private final Constants constants;
    private final TypedKernel any;
    /** By taps (4, 12) and then filtering, up-sampling, down-sampling. */
    private final TypedKernel[][] separable;

    public Upfirdn2d(CudaContext cuda, Constants constants) {
        this.cuda = cuda;
        this.constants = constants;
        this.any = kernel("any");
        this.separable = new TypedKernel[][] {kernels(4), kernels(12)};
    }

    private TypedKernel[] kernels(int taps) {
        return new TypedKernel[] {kernel("filter" + taps), kernel("up" + taps), kernel("down" + taps)};
    }

    private TypedKernel kernel(String name) {
        return new TypedKernel(cuda, FILE, "upfirdn2d_" + name, "X_TYPE", "Y_TYPE");
    }

    /** x [N, C, H, W] of any strides → dense y. */
    public void run(NdArray x, Fir fir, Upfirdn g, NdArray y) {
        if (y.numel() == 0) {
            return;
        }
        Fir taps = g.correlate() ? fir : fir.flipped();
        TypedKernel kernel = separable(taps, g);
        float[][] factors = kernel == null ? null : taps.factors();
        if (factors == null) {
            try (Constants.Constant values = constants.of(taps.taps())) {
                cuda.launch(any.of(x, y), Planes.size((long) y.size(2) * y.size(3), (long) y.size(0) * y.size(1), THREADS),
                        params(x, values.pointer(), taps, g, new Tiles(0, 0, 0, 0, 0), null, y));
            }
        } else {
            Tiles tiles = Tiles.of(g, y);
            cuda.launch(kernel.of(x, y), tiles.size((long) y.size(0) * y.size(1), shared(taps, g, tiles)),
                    params(x, 0, taps, g, tiles, factors, y));
        }
    }

    /** The kernel for a separable filter of this size and these rates, or null. */
    private TypedKernel separable(Fir taps, Upfirdn g) {
        if (taps.height() != taps.width() || taps.height() != 4 && taps.height() != 12 || g.upX() != g.upY()
                || g.downX() != g.downY() || Math.max(g.upX(), g.downX()) > 2 || g.upX() + g.downX() > 3) {
            return null;
        }
        return separable[taps.height() == 4 ? 0 : 1][g.upX() == 2 ? 1 : g.downX() == 2 ? 2 : 0];
    }

    /** Bytes of a tile that is filtered in one direction. */
    private static int shared(Fir taps, Upfirdn g, Tiles tiles) {
        int columns = ((tiles.width() - 1) * g.downX() + taps.width() - 1) / g.upX() + 1;
        return tiles.planes() * tiles.height() * Math.ceilDiv(columns, 4) * 4 * Float.BYTES;
    }

    private static Params params(NdArray x, long taps, Fir fir, Upfirdn g, Tiles tiles, float[][] factors, NdArray y) {
        boolean aligned = y.size(3) % 4 == 0 && Dense.aligned(y) && (g.upX() != 2 || g.padX0() % 2 == 0);
        float[] none = {};
        return Params.start().pointer(x).pointer(taps).pointer(y).integers64(x.strides(), 4)
                .integer64((long) y.size(0) * y.size(1)).integer(y.size(1)).integer(x.size(2)).integer(x.size(3))
                .integer(y.size(2)).integer(y.size(3)).integer(g.upY()).integer(g.upX()).integer(g.downY())
                .integer(g.downX()).integer(g.padY0()).integer(g.padX0()).integer(fir.height()).integer(fir.width())
                .integer(tiles.height()).integer(tiles.width()).integer(tiles.planes()).integer(tiles.countY())
                .integer(tiles.countX()).flag(aligned).reals(factors == null ? none : factors[0], MOST_TAPS)
                .reals(factors == null ? none : factors[1], MOST_TAPS);
    }

    /**
     * How a plane is cut, and how many planes a tile takes where they are small.
     *
     * @param countY tiles on top of each other in a plane
     * @param countX tiles beside each other in a plane
     */
    private record Tiles(int height, int width, int planes, int countY, int countX) {
        static Tiles of(Upfirdn g, NdArray y) {
            // Tiles of an up-sampling start at a sample, which may be one before the first output.
            int rows = y.size(2) + (g.upY() == 2 ? Math.floorMod(g.padY0(), 2) : 0);
            int columns = y.size(3) + (g.upX() == 2 ? Math.floorMod(g.padX0(), 2) : 0);
            int width = LEAST_TILE_WIDTH;
            while (width < MOST_TILE_WIDTH && width < columns) {
                width *= 2;
            }
            int height = Math.min(TILE / width, Math.ceilDiv(rows, STRIP) * STRIP);
            int planes = Math.min(TILE / (width * height), Math.max(1, y.size(0) * y.size(1)));
            return new Tiles(height, width, planes, Math.ceilDiv(rows, height), Math.ceilDiv(columns, width));
        }

        LaunchSize size(long allPlanes, int shared) {
            long blocks = Math.ceilDiv(allPlanes, planes) * countX * countY;
            return LaunchSize.of(Math.toIntExact(blocks), THREADS).withShared(shared);
        }
    }
}
