package stylegan4j.kernels.cpu.conv;

import java.util.Arrays;
import stylegan4j.kernels.cpu.Threads;

/**
 * Batched matrix products whose operands are packed while they are used, after Goto and van de Geijn, "Anatomy of
 * High-Performance Matrix Multiplication" (2008): a block of A stays in the second-level cache, a panel of B in the
 * first. Where the operands come from and where the product goes is the caller's: a matrix, the patches of a picture,
 * an output with bias and activation.
 *
 * <p>The sum over k is never split between tasks, and its blocking follows from k alone, so results do not depend on
 * the number of threads.
 */
final class BlockedGemm {
    /** Packs the lanes {@code first …} (rows of A or columns of B) of one panel, sum indices {@code p0 … p0+k−1}. */
    interface Panels {
        /** Fills all lanes of the panel, with zeros beyond the matrix. */
        void pack(int batch, int first, int p0, int k, float[] dst, int at);
    }

    /** Receives finished blocks of the product, each once, from the thread that computed it. */
    interface Sink {
        /**
         * Element (row + i, column + j) is {@code c[i·ldc + j]}; the block is still in cache and may be overwritten.
         */
        void store(int batch, int row, int rows, int column, int columns, float[] c, int ldc);
    }

    /** Floats of a B panel that leave room for A and C in 32 KB of first-level cache. */
    private static final int PANEL = 5120;
    private static final int MAX_ROWS = 256;
    private static final int MAX_COLUMNS = 512;
    /** Enough tasks for many cores, unless tasks would become smaller than this many multiply-adds. */
    private static final int TASKS = 48;
    private static final long LEAST_WORK = 1 << 20;

    private static final GemmKernel KERNEL = GemmKernel.BEST;
    private static final int MR = KERNEL.mr();
    private static final int NR = KERNEL.nr();

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private final int m;
    private final int n;
    private final int k;
    private final Panels a;
    private final Panels b;
    private final Sink sink;
    private final int rows;
    private final int columns;
    private final int depth;

    private BlockedGemm(int batch, int m, int n, int k, Panels a, Panels b, Sink sink) {
        this.m = m;
        this.n = n;
        this.k = k;
        this.a = a;
        this.b = b;
        this.sink = sink;
        int mc = Math.min(roundUp(m, MR), MAX_ROWS);
        int nc = Math.min(roundUp(n, NR), MAX_COLUMNS);
        while ((long) batch * Math.ceilDiv(m, mc) * Math.ceilDiv(n, nc) < TASKS
                && (long) mc * nc * k >= 2 * LEAST_WORK && (mc > MR || nc > NR)) {
            if (nc >= mc && nc > NR) {
                nc = roundUp(nc / 2, NR);
            } else {
                mc = roundUp(mc / 2, MR);
            }
        }
        this.rows = even(m, mc, MR);
        this.columns = even(n, nc, NR);
        this.depth = even(k, PANEL / NR, 1);
    }

    /**
     * Computes {@code A·B} for every batch index.
     *
     * @param m rows of A
     * @param n columns of B
     * @param k columns of A; 0 gives zeros
     */
    static void run(Threads threads, int batch, int m, int n, int k, Panels a, Panels b, Sink sink) {
        if (batch == 0 || m == 0 || n == 0) {
            return;
        }
        var gemm = new BlockedGemm(batch, m, n, k, a, b, sink);
        int down = Math.ceilDiv(m, gemm.rows);
        int across = Math.ceilDiv(n, gemm.columns);
        threads.run(Math.multiplyExact(Math.multiplyExact(batch, down), across), task -> {
            int block = task % (down * across);
            gemm.block(task / (down * across), block % down * gemm.rows, block / down * gemm.columns);
        });
    }

    /** Blocks of nearly equal size, a multiple of {@code unit}, none larger than {@code most} rounded up. */
    private static int even(int size, int most, int unit) {
        return size == 0 ? unit : roundUp(Math.ceilDiv(size, Math.ceilDiv(size, most)), unit);
    }

    private static int roundUp(int size, int unit) {
        return Math.ceilDiv(size, unit) * unit;
    }

    private void block(int batch, int row, int column) {
        int height = Math.min(rows, m - row);
        int width = Math.min(columns, n - column);
        Scratch scratch = SCRATCH.get();
        scratch.ensure(rows * depth, depth * NR, rows * columns);
        if (k == 0) {
            Arrays.fill(scratch.c, 0, rows * columns, 0);
        }
        for (int p = 0; p < k; p += depth) {
            int length = Math.min(depth, k - p);
            for (int i = 0; i < height; i += MR) {
                a.pack(batch, row + i, p, length, scratch.a, i * length);
            }
            for (int j = 0; j < width; j += NR) {
                b.pack(batch, column + j, p, length, scratch.b, 0);
                KERNEL.column(Math.ceilDiv(height, MR), length, scratch.a, 0, scratch.b, 0, scratch.c, j, columns,
                        p > 0);
            }
        }
        sink.store(batch, row, height, column, width, scratch.c, columns);
    }

    /** What one thread needs besides the operands; kept between calls. */
    private static final class Scratch {
        private float[] a = {};
        private float[] b = {};
        private float[] c = {};

        void ensure(int sizeA, int sizeB, int sizeC) {
            a = a.length < sizeA ? new float[sizeA] : a;
            b = b.length < sizeB ? new float[sizeB] : b;
            c = c.length < sizeC ? new float[sizeC] : c;
        }
    }
}
