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

    /** Packs {@code rows} channels from {@code channel} on, mr a panel; rows that fill up the last one are zeros. */
    void pack(int channel, int rows, PixelBlocks.Box box, int mr, float[] packed, int at) {
        int depth = box.pixels();
        if (rows % mr > 0) {
            Arrays.fill(packed, at + rows / mr * mr * depth, at + Blocks.roundUp(rows, mr) * depth, 0);
        }
        // Whole rows of a picture follow each other in memory.
        int run = box.columns() * (box.columns() == dy.size(3) ? box.rows() : 1);
        for (int i = 0; i < rows; i += mr) {
            for (int p = 0; p < depth; p += run) {
                int row = p / box.columns();
                packRun(box.sample() + row / box.rows(), channel + i, Math.min(mr, rows - i),
                        (box.y() + row % box.rows()) * dy.size(3) + box.x(), run, mr, packed, at + i * depth + p * mr);
            }
        }
    }

    private void packRun(int sample, int channel, int rows, int pixel, int pixels, int mr, float[] packed, int at) {
        int plane = sample * dy.size(1) + channel;
        long size = (long) dy.size(2) * dy.size(3);
        long from = dy.offset() + plane * size + pixel;
        KERNEL.transpose(memory, from * 4, 4 * size, rows, pixels, packed, at, mr);
        if (scaled) {
            KERNEL.multiply(packed, at, pixels * mr, KERNEL.factors(scales, plane, rows, mr));
        }
    }
}
