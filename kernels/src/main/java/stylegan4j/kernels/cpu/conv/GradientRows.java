package stylegan4j.kernels.cpu.conv;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Scales;
import stylegan4j.kernels.cpu.gemm.Blocks;
import stylegan4j.kernels.cpu.gemm.GemmKernel;

/** Packs the gradient of a convolution's output as a left operand: row o, sum over the pixels of a box. */
final class GradientRows {
    private static final GemmKernel KERNEL = GemmKernel.BEST;
    private static final int MR = KERNEL.mr();

    private final MemorySegment memory;
    private final NdArray dy;
    private final boolean scaled;
    private final float[] scales;

    /**
     * @param dy dense [N, O, oh, ow]
     * @param scales [N, O], or null for ones
     */
    GradientRows(NdArray dy, NdArray scales) {
        this.memory = CpuBuffer.segmentOf(dy);
        this.dy = dy;
        this.scaled = scales != null;
        this.scales = Scales.read(scales, dy.size(0) * dy.size(1));
    }

    /** Packs {@code rows} channels from {@code channel} on; rows that fill up the last panel are zeros. */
    void pack(int channel, int rows, PixelBlocks.Box box, float[] packed, int at) {
        int depth = box.pixels();
        if (rows % MR > 0) {
            Arrays.fill(packed, at + rows / MR * MR * depth, at + Blocks.roundUp(rows, MR) * depth, 0);
        }
        for (int i = 0; i < rows; i += MR) {
            for (int row = 0; row < box.samples() * box.rows(); row++) {
                int sample = box.sample() + row / box.rows();
                packRun(sample, channel + i, Math.min(MR, rows - i), box.y() + row % box.rows(), box, packed,
                        at + i * depth + row * box.columns() * MR);
            }
        }
    }

    private void packRun(int sample, int channel, int rows, int y, PixelBlocks.Box box, float[] packed, int at) {
        int plane = sample * dy.size(1) + channel;
        long from = dy.offset() + ((long) plane * dy.size(2) + y) * dy.size(3) + box.x();
        KERNEL.transpose(memory, from * 4, 4L * dy.size(2) * dy.size(3), rows, box.columns(), packed, at, MR);
        if (scaled) {
            KERNEL.multiply(packed, at, box.columns() * MR, KERNEL.factors(scales, plane, rows, MR));
        }
    }
}
