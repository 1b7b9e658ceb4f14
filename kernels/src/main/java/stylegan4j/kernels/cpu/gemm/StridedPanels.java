package stylegan4j.kernels.cpu.gemm;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;

/** Packs panels of a batch of strided matrices, transposed or not. */
final class StridedPanels {
    private static final GemmKernel KERNEL = GemmKernel.BEST;

    private final MemorySegment memory;
    private final long offset;
    private final long batchStride;
    private final long laneStride;
    private final long sumStride;
    private final int lanes;

    /**
     * @param x [B, …, …]
     * @param laneDim the dimension that panels cut into lanes: 1 for A, 2 for B
     * @param lanes lanes of a panel
     */
    StridedPanels(NdArray x, int laneDim, int lanes) {
        this.memory = CpuBuffer.segmentOf(x);
        this.offset = x.offset() * 4;
        this.batchStride = x.strides()[0] * 4;
        this.laneStride = x.strides()[laneDim] * 4;
        this.sumStride = x.strides()[3 - laneDim] * 4;
        this.lanes = lanes;
    }

    /**
     * Packs the panels of {@code count} lanes from {@code first} on, {@code k} terms from {@code p0}; the last panel is
     * filled up with zeros.
     */
    void pack(int batch, int first, int count, int p0, int k, float[] dst, int at) {
        long from = offset + batch * batchStride + first * laneStride + p0 * sumStride;
        int whole = laneStride == 4 ? count / lanes : 0;
        if (whole > 0) {
            KERNEL.packRows(memory, from, sumStride, k, whole, lanes, dst, at);
        }
        for (int lane = whole * lanes; lane < count; lane += lanes) {
            packPanel(from + lane * laneStride, Math.min(lanes, count - lane), k, dst, at + lane * k);
        }
    }

    private void packPanel(long from, int valid, int k, float[] dst, int at) {
        if (valid < lanes) {
            Arrays.fill(dst, at, at + k * lanes, 0);
        }
        if (sumStride == 4) {
            KERNEL.transpose(memory, from, laneStride, valid, k, dst, at, lanes);
            return;
        }
        for (int lane = 0; lane < valid; lane++) {
            packLane(from + lane * laneStride, k, dst, at + lane);
        }
    }

    private void packLane(long from, int k, float[] dst, int at) {
        for (int p = 0; p < k; p++) {
            dst[at + p * lanes] = memory.get(JAVA_FLOAT, from + p * sumStride);
        }
    }
}
