package stylegan4j.kernels.cpu.conv;

import java.util.Arrays;
import stylegan4j.kernels.cpu.Threads;

/**
 * Matrix products whose operands are packed while they are used, after Goto and van de Geijn, "Anatomy of
 * High-Performance Matrix Multiplication" (2008): a block of A and one of B stay in the second-level cache, a panel of
 * B in the first. One block of C is one task; its sum is never split between tasks, so results do not depend on the
 * number of threads.
 */
final class BlockedGemm {
    private static final GemmKernel KERNEL = GemmKernel.BEST;
    private static final int MR = KERNEL.mr();
    private static final int NR = KERNEL.nr();

    /** Terms of a sum added in one go: a panel of B then leaves room for A and C in 32 KB of first-level cache. */
    static final int DEPTH = 5120 / NR;

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private BlockedGemm() {
    }

    /** Computes and stores every block. */
    static void run(Threads threads, Product product) {
        int down = product.rowBlocks();
        int across = product.columnBlocks();
        int blocks = Math.multiplyExact(down, across);
        threads.run(Math.multiplyExact(product.batches(), blocks),
                task -> block(product, task / blocks, task % blocks % down, task % blocks / down));
    }

    private static void block(Product product, int batch, int rowBlock, int columnBlock) {
        int panelsDown = Math.ceilDiv(product.rows(rowBlock), MR);
        int panelsAcross = Math.ceilDiv(product.columns(columnBlock), NR);
        int ldc = panelsAcross * NR;
        Scratch scratch = SCRATCH.get();
        float[] c = scratch.c(panelsDown * MR * ldc);
        if (product.parts() == 0) {
            Arrays.fill(c, 0, panelsDown * MR * ldc, 0);
        }
        Panels b = scratch.b;
        for (int part = 0; part < product.parts(); part++) {
            int depth = product.depth(batch, part);
            if (depth == 0) {
                continue;
            }
            float[] a = scratch.a(panelsDown * MR * depth);
            product.packRows(batch, rowBlock, part, a);
            product.packColumns(batch, columnBlock, part, b);
            for (int j = 0; j < panelsAcross; j++) {
                KERNEL.column(panelsDown, depth, a, b.array(j), b.start(j), b.offsets(j), c, j * NR, ldc, part > 0);
            }
        }
        product.store(batch, rowBlock, columnBlock, c, ldc);
    }

    /** What one thread needs besides the operands; kept between calls. */
    private static final class Scratch {
        private final Panels b = new Panels();
        private float[] a = {};
        private float[] c = {};

        float[] a(int size) {
            a = a.length < size ? new float[size] : a;
            return a;
        }

        float[] c(int size) {
            c = c.length < size ? new float[size] : c;
            return c;
        }
    }
}
