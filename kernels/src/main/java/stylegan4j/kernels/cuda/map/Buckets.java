package stylegan4j.kernels.cuda.map;

import stylegan4j.kernels.DType;
import stylegan4j.kernels.cuda.CudaContext;
import stylegan4j.kernels.cuda.Kernel;
import stylegan4j.kernels.cuda.Params;
import stylegan4j.kernels.cuda.driver.LaunchSize;

/**
 * Which items have which key, in ascending order: what turns a scattered sum into one thread a target. Sorting by
 * counting, with atomic operations on whole numbers only, so that results are the same every time.
 */
public final class Buckets {
    private static final String FILE = "buckets.cu";
    private static final int THREADS = 256;
    private static final int TILE = 8 * THREADS;

    private final CudaContext cuda;
    private final Movement movement;
    private final Kernel count;
    private final Kernel sumTiles;
    private final Kernel sumTotals;
    private final Kernel addTotals;
    private final Kernel fill;
    private final Kernel sort;

    public Buckets(CudaContext cuda, Movement movement) {
        this.cuda = cuda;
        this.movement = movement;
        this.count = cuda.kernel(FILE, "count_buckets");
        this.sumTiles = cuda.kernel(FILE, "sum_tiles");
        this.sumTotals = cuda.kernel(FILE, "sum_totals");
        this.addTotals = cuda.kernel(FILE, "add_totals");
        this.fill = cuda.kernel(FILE, "fill_buckets");
        this.sort = cuda.kernel(FILE, "sort_buckets");
    }

    /** The items of bucket k are {@code items[starts[k]] … items[starts[k + 1] − 1]}; for the current operation. */
    public record Sorted(CudaContext.Scratch starts, CudaContext.Scratch items) implements AutoCloseable {
        @Override
        public void close() {
            items.close();
            starts.close();
        }
    }

    /**
     * @param keys device address of {@code itemCount} ints below {@code bucketCount}; −1 for items to leave out
     * @throws IllegalArgumentException naming {@code op} if there are too many for an int
     */
    public Sorted sort(String op, long keys, long itemCount, long bucketCount) {
        if (itemCount > Integer.MAX_VALUE || bucketCount >= Integer.MAX_VALUE) {
            throw new IllegalArgumentException(op + ": expected less than 2^31 elements, got " + itemCount + " and "
                    + bucketCount);
        }
        int tiles = Math.toIntExact(Math.ceilDiv(bucketCount, TILE));
        CudaContext.Scratch starts = cuda.scratch(4 * (bucketCount + 1));
        CudaContext.Scratch items = cuda.scratch(4 * itemCount);
        try (CudaContext.Scratch counts = cuda.scratch(4 * bucketCount);
             CudaContext.Scratch totals = cuda.scratch(4L * tiles)) {
            movement.fill(counts.array(DType.I32, (int) bucketCount), 0);
            cuda.launch(count, itemCount, THREADS, params(keys, counts, starts, totals, items, itemCount, bucketCount));
            if (tiles > 0) {
                cuda.launch(sumTiles, LaunchSize.of(tiles, THREADS),
                        params(keys, counts, starts, totals, items, itemCount, bucketCount));
            }
            cuda.launch(sumTotals, LaunchSize.of(1, THREADS),
                    params(keys, counts, starts, totals, items, itemCount, bucketCount));
            cuda.launch(addTotals, bucketCount, THREADS,
                    params(keys, counts, starts, totals, items, itemCount, bucketCount));
            cuda.launch(fill, itemCount, THREADS, params(keys, counts, starts, totals, items, itemCount, bucketCount));
            cuda.launch(sort, bucketCount, THREADS,
                    params(keys, counts, starts, totals, items, itemCount, bucketCount));
        }
        return new Sorted(starts, items);
    }

    private static Params params(long keys, CudaContext.Scratch counts, CudaContext.Scratch starts,
                                 CudaContext.Scratch totals, CudaContext.Scratch items, long itemCount,
                                 long bucketCount) {
        return Params.start().pointer(keys).pointer(counts.pointer()).pointer(starts.pointer())
                .pointer(totals.pointer()).pointer(items.pointer()).integer((int) itemCount)
                .integer((int) bucketCount).integer(Math.toIntExact(Math.ceilDiv(bucketCount, TILE)));
    }
}
