package stylegan4j.kernels.cpu.gemm;

import java.util.Arrays;
import stylegan4j.kernels.cpu.Threads;

/**
 * Matrix products whose operands are packed while they are used, after Goto and van de Geijn, "Anatomy of
 * High-Performance Matrix Multiplication" (2008): a block of A and one of B stay in the second-level cache, a panel of
 * B in the first. One block of C is one task; its sum is never split between tasks, so results do not depend on the
 * number of threads.
 */
public final class BlockedGemm {
    private static final GemmKernel KERNEL = GemmKernel.BEST;
    private static final int NR = KERNEL.nr();

    /** Terms of a sum added in one go: a panel of B then leaves room for A and C in 32 KB of first-level cache. */
    public static final int DEPTH = 5120 / NR;

    /** Floats of an operand packed in advance: 32 MB. */
    static final long MOST_SHARED = 8 << 20;

    private static final HeapArray SHARED_A = new HeapArray();
    private static final HeapArray SHARED_B = new HeapArray();
    private static final HeapArray A = new HeapArray();
    private static final HeapArray C = new HeapArray();
    private static final ThreadLocal<Panels> B = ThreadLocal.withInitial(Panels::new);

    private BlockedGemm() {
    }

    /** Computes and stores every block. */
    public static void run(Threads threads, Product product) {
        int down = product.rowBlocks();
        int across = product.columnBlocks();
        int blocks = Math.multiplyExact(down, across);
        if (blocks == 0) {
            return;
        }
        float[] sharedA = sharedRows(threads, product);
        float[] sharedB = sharedColumns(threads, product);
        threads.run(Math.multiplyExact(product.batches(), blocks), task -> block(product, task / blocks,
                task % blocks % down, task % blocks / down, sharedA, sharedB));
    }

    /** All of A packed, when several blocks of columns will use it or it is kept, and it is not too large; or null. */
    private static float[] sharedRows(Threads threads, Product product) {
        int pieces = product.rowBlocks() * product.parts();
        long size = (long) product.batches() * pieces * rowsSize(product);
        if (size > MOST_SHARED) {
            return null;
        }
        return product.allRows(keep -> {
            if (!keep && product.columnBlocks() < 2) {
                return null;
            }
            float[] shared = keep ? new float[(int) size] : SHARED_A.ofSize((int) size);
            threads.run(product.batches() * pieces, task -> {
                int batch = task / pieces;
                int rowBlock = task % pieces / product.parts();
                int part = task % product.parts();
                if (product.depth(batch, part) > 0) {
                    product.packRows(batch, rowBlock, part, shared, task * rowsSize(product));
                }
            });
            return shared;
        });
    }

    /** All of B packed, when several blocks of rows will use it and it is not too large; or null. */
    private static float[] sharedColumns(Threads threads, Product product) {
        int pieces = product.columnBlocks() * product.parts();
        long size = (long) product.batches() * pieces * columnsSize(product);
        if (!product.packsColumns() || product.rowBlocks() < 2 || size > MOST_SHARED) {
            return null;
        }
        float[] shared = SHARED_B.ofSize((int) size);
        threads.run(product.batches() * pieces, task -> {
            int batch = task / pieces;
            int part = task % product.parts();
            if (product.depth(batch, part) > 0) {
                Panels b = B.get();
                b.packTo(shared, task * columnsSize(product));
                product.packColumns(batch, task % pieces / product.parts(), part, b);
            }
        });
        return shared;
    }

    /** Room for one block of B. */
    private static int columnsSize(Product product) {
        return product.parts() == 0 ? 0 : Blocks.roundUp(product.columns(0), NR) * product.depth(0, 0);
    }

    /** Room for one block of A. */
    private static int rowsSize(Product product) {
        return Blocks.roundUp(product.rows(0), product.mr()) * product.depth(0, 0);
    }

    private static void block(Product product, int batch, int rowBlock, int columnBlock, float[] sharedA,
                              float[] sharedB) {
        PanelKernel packed = product.packsColumns() ? PanelKernel.BEST : KERNEL;
        int mr = packed.mr();
        int panelsDown = Math.ceilDiv(product.rows(rowBlock), mr);
        int panelsAcross = Math.ceilDiv(product.columns(columnBlock), NR);
        int ldc = panelsAcross * NR;
        float[] c = C.ofSize(panelsDown * mr * ldc);
        if (product.parts() == 0) {
            Arrays.fill(c, 0, panelsDown * mr * ldc, 0);
        }
        Panels b = B.get();
        for (int part = 0; part < product.parts(); part++) {
            int depth = product.depth(batch, part);
            if (depth == 0) {
                continue;
            }
            float[] a = sharedA;
            int ao = 0;
            if (sharedA == null) {
                a = A.ofSize(panelsDown * mr * depth);
                product.packRows(batch, rowBlock, part, a, 0);
            } else {
                ao = ((batch * product.rowBlocks() + rowBlock) * product.parts() + part) * rowsSize(product);
            }
            if (sharedB == null) {
                b.packTo(null, 0);
                product.packColumns(batch, columnBlock, part, b);
            } else {
                int piece = (batch * product.columnBlocks() + columnBlock) * product.parts() + part;
                b.packTo(sharedB, piece * columnsSize(product));
                for (int j = 0; j < panelsAcross; j++) {
                    b.setPacked(j, depth);
                }
            }
            for (int j = 0; j < panelsAcross; j++) {
                int[] offsets = b.offsets(j);
                for (int i = 0; i < panelsDown; i++) {
                    int from = ao + i * mr * depth;
                    int to = i * mr * ldc + j * NR;
                    if (offsets == null) {
                        packed.tile(depth, a, from, b.array(j), b.start(j), c, to, ldc, part > 0);
                    } else {
                        KERNEL.tile(depth, a, from, b.array(j), b.start(j), offsets, c, to, ldc, part > 0);
                    }
                }
            }
        }
        product.store(batch, rowBlock, columnBlock, c, ldc);
    }
}
