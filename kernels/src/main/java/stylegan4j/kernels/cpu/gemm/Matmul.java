package stylegan4j.kernels.cpu.gemm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Threads;

/** Batched matrix products [B, M, K] · [B, K, N] → [B, M, N], transposes as strides. */
public final class Matmul implements Product {
    private static final GemmKernel KERNEL = GemmKernel.BEST;
    private static final int MR = PanelKernel.BEST.mr();
    private static final int NR = KERNEL.nr();
    /** Rows of a for each of which the columns of b are read as they lie: packing them would cost more. */
    private static final int FEW_ROWS = 8;
    /** The same where the rows of b are dense instead, which packs faster. */
    private static final int FEWER_ROWS = 4;
    /** Columns a task computes where there are few rows. */
    private static final int DOTS = 64;
    /** The same where a task runs through rows of the matrix: longer runs of memory. */
    private static final int SUMS = 256;

    private static final HeapArray FACTORS = new HeapArray();
    private static final HeapArray STRIP = new HeapArray();

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
        if (a.size(1) <= FEW_ROWS && a.strides()[2] == 1 && b.strides()[1] == 1) {
            dots(threads, a, b, y);
        } else if (a.size(1) <= FEWER_ROWS && b.strides()[2] == 1) {
            sums(threads, a, b, y);
        } else {
            BlockedGemm.run(threads, new Matmul(a, b, y));
        }
    }

    /** A few vectors times a matrix whose columns are dense, like a linear layer's: not worth packing the matrix. */
    private static void dots(Threads threads, NdArray a, NdArray b, NdArray y) {
        Blocks strips = new Blocks(y.size(2), DOTS);
        threads.run(y.size(0) * strips.count(), task -> {
            int strip = task % strips.count();
            for (int j = 0; j < strips.length(strip); j++) {
                column(a, b, y, task / strips.count(), strips.start(strip) + j);
            }
        });
    }

    private static void column(NdArray a, NdArray b, NdArray y, int batch, int j) {
        long column = b.offset() + batch * b.strides()[0] + j * b.strides()[2];
        for (int i = 0; i < a.size(1); i++) {
            long row = a.offset() + batch * a.strides()[0] + i * a.strides()[1];
            float dot = KERNEL.dot(CpuBuffer.segmentOf(a), row * 4, CpuBuffer.segmentOf(b), column * 4, a.size(2));
            long to = y.offset() + ((long) batch * y.size(1) + i) * y.size(2) + j;
            CpuBuffer.segmentOf(y).setAtIndex(JAVA_FLOAT, to, dot);
        }
    }

    /** The same with a matrix whose rows are dense, like the gradient of a linear layer's input. */
    private static void sums(Threads threads, NdArray a, NdArray b, NdArray y) {
        Blocks strips = new Blocks(y.size(2), SUMS);
        threads.run(y.size(0) * strips.count(), task -> {
            int strip = task % strips.count();
            for (int i = 0; i < a.size(1); i++) {
                row(a, b, y, task / strips.count(), i, strips.start(strip), strips.length(strip));
            }
        });
    }

    private static void row(NdArray a, NdArray b, NdArray y, int batch, int i, int first, int n) {
        int depth = a.size(2);
        long row = a.offset() + batch * a.strides()[0] + i * a.strides()[1];
        float[] factors = FACTORS.ofSize(depth);
        for (int p = 0; p < depth; p++) {
            factors[p] = CpuBuffer.segmentOf(a).getAtIndex(JAVA_FLOAT, row + p * a.strides()[2]);
        }
        float[] sums = STRIP.ofSize(n);
        Arrays.fill(sums, 0, n, 0);
        KERNEL.addRows(CpuBuffer.segmentOf(b), (b.offset() + batch * b.strides()[0] + first) * 4, b.strides()[1] * 4,
                depth, factors, sums, n);
        long to = y.offset() + ((long) batch * y.size(1) + i) * y.size(2) + first;
        MemorySegment.copy(sums, 0, CpuBuffer.segmentOf(y), JAVA_FLOAT, to * 4, n);
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
        a.pack(batch, rows.start(rowBlock), rows.length(rowBlock), sum.start(part), sum.length(part), packed, at);
    }

    @Override
    public void packColumns(int batch, int columnBlock, int part, Panels panels) {
        int depth = sum.length(part);
        int count = columns.length(columnBlock);
        b.pack(batch, columns.start(columnBlock), count, sum.start(part), depth,
                panels.packed(Blocks.roundUp(count, NR) * depth), panels.packedStart());
        for (int panel = 0; panel * NR < count; panel++) {
            panels.setPacked(panel, depth);
        }
    }

    @Override
    public boolean packsColumns() {
        return true;
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
