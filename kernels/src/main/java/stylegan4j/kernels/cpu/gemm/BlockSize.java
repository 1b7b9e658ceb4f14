package stylegan4j.kernels.cpu.gemm;

/** How large a block of C one task computes. */
public record BlockSize(int rows, int columns) {
    private static final int MOST_ROWS = 256;
    private static final int MOST_COLUMNS = 256;
    /** Columns are cut down to this many first: A is packed once for all of them, but B for every block of rows. */
    private static final int FEW_COLUMNS = 128;
    /** Enough tasks for many cores, unless they would have fewer than this many multiply-adds. */
    private static final int TASKS = 24;
    private static final long LEAST_WORK = 6_000_000;

    /**
     * Halves the sides of the largest block that suits the caches until there are enough tasks.
     *
     * @param m rows of C
     * @param n columns of C
     * @param k length of the sum
     * @param batches number of such products
     */
    public BlockSize(int m, int n, int k, int batches) {
        int rows = Math.clamp(m, 1, MOST_ROWS);
        int columns = Math.clamp(n, 1, MOST_COLUMNS);
        while ((long) batches * Math.ceilDiv(m, rows) * Math.ceilDiv(n, columns) < TASKS
                && (long) rows * columns * k >= 2 * LEAST_WORK) {
            if (columns > FEW_COLUMNS || rows == 1) {
                columns = Math.ceilDiv(columns, 2);
            } else {
                rows = Math.ceilDiv(rows, 2);
            }
        }
        this(rows, columns);
    }
}
