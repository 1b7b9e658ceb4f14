package stylegan4j.kernels.cpu.gemm;

import stylegan4j.kernels.cpu.Prepared;

/**
 * A matrix product as {@link BlockedGemm} sees it: C is cut into blocks, the sum into parts, and whoever knows where
 * the operands lie packs a piece of them when asked. All sizes follow from the problem, never from the thread count.
 */
public interface Product {
    /** Independent products of the same size. */
    int batches();

    int rowBlocks();

    int columnBlocks();

    /** Rows of C in a block; none has more than block 0. */
    int rows(int rowBlock);

    /**
     * Rows of a panel of A: those of {@link PanelKernel#BEST} where all columns are packed, of {@link GemmKernel#BEST}
     * elsewhere.
     */
    default int mr() {
        return packsColumns() ? PanelKernel.BEST.mr() : GemmKernel.BEST.mr();
    }

    /** Columns of C in a block. */
    int columns(int columnBlock);

    /** Pieces of the sum, added up in order. */
    int parts();

    /**
     * Terms in one piece, none with more than part 0 of batch 0; 0 where a batch has fewer pieces than others, but
     * never in the first.
     */
    int depth(int batch, int part);

    /**
     * Fills panels of A one after another from index {@code at}, {@code mr·depth} floats each, element (i, p) of a
     * panel at {@code p·mr + i}, with zeros in rows beyond the block.
     */
    void packRows(int batch, int rowBlock, int part, float[] a, int at);

    /**
     * All of A packed, by {@code pack} or as kept from an earlier time where A is made of a weight that stays the same.
     */
    default float[] allRows(Prepared.Maker<float[]> pack) {
        return pack.make(false);
    }

    /** Describes every panel of B in the block: {@link Panels}. */
    void packColumns(int batch, int columnBlock, int part, Panels b);

    /**
     * Whether {@link #packColumns} packs every panel, and so may do it once for all blocks of rows. Where panels are
     * read in place, there is nothing to share.
     */
    default boolean packsColumns() {
        return false;
    }

    /**
     * Takes over a finished block, on the thread that computed it while it is in cache: element (i, j) is
     * {@code c[i·ldc + j]}.
     */
    void store(int batch, int rowBlock, int columnBlock, float[] c, int ldc);
}
