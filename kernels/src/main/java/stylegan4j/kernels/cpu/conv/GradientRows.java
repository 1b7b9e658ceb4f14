package stylegan4j.kernels.cpu.conv;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;

/** Packs the gradient of a convolution's output as a left operand: row o, sum over the pixels of a box. */
final class GradientRows {
    private static final int MR = GemmKernel.BEST.mr();

    private final MemorySegment memory;
    private final NdArray dy;
    private final float[] scales;

    /**
     * @param dy dense [N, O, oh, ow]
     * @param scales [N, O], or null for ones
     */
    GradientRows(NdArray dy, NdArray scales) {
        this.memory = CpuBuffer.segmentOf(dy);
        this.dy = dy;
        this.scales = Scales.read(scales, dy.size(0) * dy.size(1));
    }

    /** Packs {@code rows} channels from {@code channel} on; rows that fill up the last panel are zeros. */
    void pack(int channel, int rows, PixelBlocks.Box box, float[] packed) {
        int depth = box.pixels();
        for (int i = 0; i < Blocks.roundUp(rows, MR); i++) {
            int at = i / MR * MR * depth + i % MR;
            for (int row = 0; row < box.samples() * box.rows(); row++) {
                int plane = (box.sample() + row / box.rows()) * dy.size(1) + channel + i;
                long line = (long) plane * dy.size(2) + box.y() + row % box.rows();
                long from = dy.offset() + line * dy.size(3) + box.x();
                packRun(from, i < rows ? scales[plane] : 0, i < rows ? box.columns() : 0, box.columns(), packed,
                        at + row * box.columns() * MR);
            }
        }
    }

    private void packRun(long from, float scale, int valid, int count, float[] packed, int at) {
        for (int p = 0; p < valid; p++) {
            packed[at + p * MR] = memory.getAtIndex(JAVA_FLOAT, from + p) * scale;
        }
        for (int p = valid; p < count; p++) {
            packed[at + p * MR] = 0;
        }
    }
}
