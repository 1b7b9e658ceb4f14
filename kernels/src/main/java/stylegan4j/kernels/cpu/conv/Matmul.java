package stylegan4j.kernels.cpu.conv;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Threads;

/** Batched matrix products [B, M, K] · [B, K, N] → [B, M, N], transposes as strides. */
public final class Matmul implements Product {
    private static final GemmKernel KERNEL = GemmKernel.BEST;
    private static final int MR = KERNEL.mr();
    private static final int NR = KERNEL.nr();

    private final StridedPanels a;
    private final StridedPanels b;
    private final NdArray y;
    private final MemorySegment memory;
    private final Blocks rows;
    private final Blocks columns;
    private final Blocks sum;

    private Matmul(NdArray a, NdArray b, NdArray y) {
        this.a = new StridedPanels(a, 1, MR);
        this.b = new StridedPanels(b, 2, NR);
        this.y = y;
        this.memory = CpuBuffer.segmentOf(y);
        var size = new BlockSize(a.size(1), b.size(2), a.size(2), a.size(0));
        this.rows = Blocks.even(a.size(1), size.rows(), MR);
        this.columns = Blocks.even(b.size(2), size.columns(), NR);
        this.sum = Blocks.even(a.size(2), BlockedGemm.DEPTH, 1);
    }

    /** See {@link stylegan4j.kernels.Backend#matmul}. */
    public static void run(Threads threads, NdArray a, NdArray b, NdArray y) {
        BlockedGemm.run(threads, new Matmul(a, b, y));
    }

    @Override
    public int batches() {
        return y.size(0);
    }

    @Override
    public int rowBlocks() {
        return rows.count();
    }

    @Override
    public int columnBlocks() {
        return columns.count();
    }

    @Override
    public int rows(int rowBlock) {
        return rows.length(rowBlock);
    }

    @Override
    public int columns(int columnBlock) {
        return columns.length(columnBlock);
    }

    @Override
    public int parts() {
        return sum.count();
    }

    @Override
    public int depth(int batch, int part) {
        return sum.length(part);
    }

    @Override
    public void packRows(int batch, int rowBlock, int part, float[] packed, int at) {
        int depth = sum.length(part);
        for (int i = 0; i < rows.length(rowBlock); i += MR) {
            a.pack(batch, rows.start(rowBlock) + i, sum.start(part), depth, packed, at + i * depth);
        }
    }

    @Override
    public void packColumns(int batch, int columnBlock, int part, Panels panels) {
        int depth = sum.length(part);
        float[] packed = panels.packed(columns.size() * depth);
        for (int j = 0; j < columns.length(columnBlock); j += NR) {
            b.pack(batch, columns.start(columnBlock) + j, sum.start(part), depth, packed, j * depth);
            panels.setPacked(j / NR, depth);
        }
    }

    @Override
    public void store(int batch, int rowBlock, int columnBlock, float[] c, int ldc) {
        for (int i = 0; i < rows.length(rowBlock); i++) {
            long row = (long) batch * y.size(1) + rows.start(rowBlock) + i;
            long to = (y.offset() + row * y.size(2) + columns.start(columnBlock)) * 4;
            KERNEL.scaledStore(c, i * ldc, 1, memory, to, columns.length(columnBlock));
        }
    }
}
