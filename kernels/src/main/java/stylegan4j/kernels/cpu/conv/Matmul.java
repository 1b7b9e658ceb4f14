package stylegan4j.kernels.cpu.conv;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Threads;

/** Batched matrix products [B, M, K] · [B, K, N] → [B, M, N], transposes as strides. */
public final class Matmul {
    private static final GemmKernel KERNEL = GemmKernel.BEST;

    private Matmul() {
    }

    /** See {@link stylegan4j.kernels.Backend#matmul}. */
    public static void run(Threads threads, NdArray a, NdArray b, NdArray y) {
        MemorySegment out = CpuBuffer.segmentOf(y);
        int m = a.size(1);
        int n = b.size(2);
        BlockedGemm.run(threads, a.size(0), m, n, a.size(2), new StridedPanels(a, 1, KERNEL.mr()),
                new StridedPanels(b, 2, KERNEL.nr()), (batch, row, rows, column, columns, c, ldc) -> {
                    for (int i = 0; i < rows; i++) {
                        long to = (y.offset() + ((long) batch * m + row + i) * n + column) * 4;
                        KERNEL.scaledStore(c, i * ldc, 1, out, to, columns);
                    }
                });
    }
}
