package stylegan4j.kernels.cpu.conv;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;

/** Packs a weight [groups·R, C, kh, kw] as the left operand: row r, sum over channels and taps; or R and C swapped. */
final class WeightRows {
    private static final int MR = GemmKernel.BEST.mr();

    private final MemorySegment memory;
    private final long offset;
    private final long groupStride;
    private final int rowStride;
    private final int channelStride;
    private final int[] index;

    /** @param swapped whether the sum runs over the weight's first dimension, as in the adjoint */
    WeightRows(NdArray weight, int groups, boolean swapped, Taps taps) {
        int kernel = weight.size(2) * weight.size(3);
        int outer = weight.size(1) * kernel;
        this.memory = CpuBuffer.segmentOf(weight);
        this.offset = weight.offset();
        this.groupStride = (long) weight.size(0) / groups * outer;
        this.rowStride = swapped ? kernel : outer;
        this.channelStride = swapped ? outer : kernel;
        this.index = taps.index();
    }

    /** Packs {@code rows} rows with the channels {@code channel … channel+channels−1}. */
    void pack(int group, int row, int rows, int channel, int channels, float[] packed) {
        int depth = channels * index.length;
        for (int i = 0; i < Blocks.roundUp(rows, MR); i++) {
            int at = i / MR * MR * depth + i % MR;
            if (i < rows) {
                long from = offset + group * groupStride + (long) (row + i) * rowStride
                        + (long) channel * channelStride;
                packLane(from, channels, packed, at);
            } else {
                for (int p = 0; p < depth; p++) {
                    packed[at + p * MR] = 0;
                }
            }
        }
    }

    private void packLane(long from, int channels, float[] packed, int at) {
        int taps = index.length;
        for (int c = 0; c < channels; c++) {
            for (int t = 0; t < taps; t++) {
                packed[at + (c * taps + t) * MR] = memory.getAtIndex(JAVA_FLOAT, from + (long) c * channelStride
                        + index[t]);
            }
        }
    }
}
