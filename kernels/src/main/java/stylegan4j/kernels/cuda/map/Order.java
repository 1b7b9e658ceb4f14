package stylegan4j.kernels.cuda.map;

import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Dense;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Params;
import stylegan4j.kernels.cuda.driver.LaunchSize;

/** Sorted order, by bitonic sorting of distinct keys: rows up to a tile in one launch, longer ones merged. */
public final class Order {
    private static final String FILE = "sort.cu";
    private static final int THREADS = 256;
    private static final int TILE = 2048;
    private static final int MOST_BLOCKS = 65535;

    private final CudaContext cuda;
    private final Movement movement;
    private final Kernel rows;
    private final Kernel keys;
    private final Kernel tiles;
    private final Kernel merge;
    private final Kernel take;

    public Order(CudaContext cuda, Movement movement) {
        this.cuda = cuda;
        this.movement = movement;
        this.rows = cuda.kernel(FILE, "sort_rows");
        this.keys = cuda.kernel(FILE, "make_keys");
        this.tiles = cuda.kernel(FILE, "sort_tiles");
        this.merge = cuda.kernel(FILE, "merge_tiles");
        this.take = cuda.kernel(FILE, "take_order");
    }

    /** Indices that sort the last dimension stably, NaN last. */
    public void argSort(NdArray x, boolean descending, NdArray y) {
        if (y.numel() == 0) {
            return;
        }
        int length = x.rank() == 0 ? 1 : x.size(-1);
        if (length > 1 << 30) {
            throw new IllegalArgumentException("argSort: expected rows of at most 2^30 elements, got " + length);
        }
        int padded = Math.max(2, length == Integer.highestOneBit(length) ? length : 2 * Integer.highestOneBit(length));
        long count = x.numel() / length;
        try (Dense in = Dense.of(cuda, movement, x)) {
            if (padded <= TILE) {
                int blocks = (int) Math.min(count, Integer.MAX_VALUE);
                cuda.launch(rows, LaunchSize.of(blocks, THREADS),
                        params(in.array(), 0, y, count, length, padded, descending, 0, 0));
                return;
            }
            try (CudaContext.Scratch scratch = cuda.scratch(8 * count * padded)) {
                sortLong(in.array(), scratch.pointer(), descending, y, count, length, padded);
            }
        }
    }

    private void sortLong(NdArray x, long pointer, boolean descending, NdArray y, long count, int length,
                          int padded) {
        int rowBlocks = (int) Math.min(count, MOST_BLOCKS);
        LaunchSize each = LaunchSize.of(padded / THREADS, rowBlocks, 1, THREADS);
        LaunchSize eachTile = LaunchSize.of(padded / TILE, rowBlocks, 1, THREADS);
        LaunchSize eachPair = LaunchSize.of(padded / 2 / THREADS, rowBlocks, 1, THREADS);
        cuda.launch(keys, each, params(x, pointer, y, count, length, padded, descending, 0, 0));
        cuda.launch(tiles, eachTile, params(x, pointer, y, count, length, padded, descending, 0, 0));
        for (long run = 2 * TILE; run <= padded; run *= 2) {
            for (long distance = run / 2; distance >= TILE; distance /= 2) {
                cuda.launch(merge, eachPair,
                        params(x, pointer, y, count, length, padded, descending, (int) run, (int) distance));
            }
            cuda.launch(tiles, eachTile, params(x, pointer, y, count, length, padded, descending, (int) run, 0));
        }
        cuda.launch(take, each, params(x, pointer, y, count, length, padded, descending, 0, 0));
    }

    private static Params params(NdArray x, long keys, NdArray y, long rows, int length, int padded,
                                 boolean descending, int run, int distance) {
        return Params.start().pointer(x).pointer(keys).pointer(y).integer64(rows).integer(length).integer(padded)
                .flag(descending).integer(run).integer(distance);
    }
}
