package stylegan4j.kernels.cpu.conv;

/** How large a block of C one task computes. */
record BlockSize(int rows, int columns) {
    /** Enough tasks for many cores, unless they would have fewer than this many multiply-adds. */
    private static final int TASKS = 48;
    private static final long LEAST_WORK = 1 << 20;

    /**
     * Halves the longer side of the largest block that suits the caches until there are enough tasks.
     *
     * @param m rows of C
     * @param n columns of C
     * @param k length of the sum
     * @param batches number of such products
     */
    BlockSize(int m, int n, int k, int batches, int mostRows, int mostColumns) {
        int rows = Math.clamp(m, 1, mostRows);
        int columns = Math.clamp(n, 1, mostColumns);
        while ((long) batches * Math.ceilDiv(m, rows) * Math.ceilDiv(n, columns) < TASKS
                && (long) rows * columns * k >= 2 * LEAST_WORK) {
            if (columns >= rows) {
                columns = Math.ceilDiv(columns, 2);
            } else {
                rows = Math.ceilDiv(rows, 2);
            }
        }
        this(rows, columns);
    }
}
