package stylegan4j.kernels.cpu.conv;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBuffer;
import stylegan4j.kernels.cpu.Prepared;
import stylegan4j.kernels.cpu.gemm.GemmKernel;

/**
 * Packs a weight [groups·R, C, kh, kw], whose kernels may lie in any order, as the left operand: row r, sum over
 * channels and taps; or R and C swapped.
 */
final class WeightRows {
    private static final GemmKernel KERNEL = GemmKernel.BEST;

    /** Names packed rows among what is kept of a buffer. */
    private record Key(long offset, long groupStride, long rowStride, long channelStride, List<Integer> index,
                       List<Integer> blocks) {
    }

    private final Prepared prepared;
    private final MemorySegment memory;
    private final long offset;
    private final long groupStride;
    private final long rowStride;
    private final long channelStride;
    private final int[] index;
    /** Elements of a kernel. */
    private final int kernel;

    /** @param swapped whether the sum runs over the weight's first dimension, as in the adjoint */
    WeightRows(NdArray weight, int groups, boolean swapped, Taps taps) {
        this.kernel = weight.size(2) * weight.size(3);
        int outer = (int) weight.strides()[0];
        int inner = (int) weight.strides()[1];
        this.prepared = CpuBuffer.of(weight).prepared();
        this.memory = CpuBuffer.segmentOf(weight);
        this.offset = weight.offset();
        this.groupStride = (long) weight.size(0) / groups * outer;
        this.rowStride = swapped ? inner : outer;
        this.channelStride = swapped ? outer : inner;
        this.index = taps.index();
    }

    /** All rows packed in the given blocks, by {@code pack} or as kept while the weight stays the same. */
    float[] prepared(List<Integer> blocks, Prepared.Maker<float[]> pack) {
        var key = new Key(offset, groupStride, rowStride, channelStride,
                Arrays.stream(index).boxed().toList(), blocks);
        return prepared.get(key, float[].class, pack);
    }

    /** Packs {@code rows} rows, mr a panel, with the channels {@code channel … channel+channels−1}. */
    void pack(int group, int row, int rows, int channel, int channels, int mr, float[] packed, int at) {
        int depth = channels * index.length;
        if (rows % mr > 0) {
            int whole = rows / mr * mr;
            Arrays.fill(packed, at + whole * depth, at + (whole + mr) * depth, 0);
        }
        long from = offset + group * groupStride + row * rowStride + channel * channelStride;
        int run = channelStride == kernel ? channels : 1;
        for (int c = 0; c < channels; c += run) {
            for (int i = 0; i < rows; i += mr) {
                packRun(from + c * channelStride + i * rowStride, Math.min(mr, rows - i), run, mr, packed,
                        at + i * depth + c * index.length * mr);
            }
        }
    }

    /** Packs a panel's kernels of {@code channels} that are neighbours in memory. */
    private void packRun(long from, int rows, int channels, int mr, float[] packed, int at) {
        if (index.length == kernel) {
            KERNEL.transpose(memory, from * 4, rowStride * 4, rows, channels * kernel, packed, at, mr);
            return;
        }
        for (int i = 0; i < rows; i++) {
            packTaps((from + i * rowStride) * 4, channels, mr, packed, at + i);
        }
    }

    /** A row's kernels without the elements that take no part: too few are left to turn whole kernels into lanes. */
    private void packTaps(long from, int channels, int mr, float[] packed, int at) {
        for (int t = 0; t < index.length; t++) {
            long q = from + 4L * index[t];
            int to = at + t * mr;
            for (int c = 0; c < channels; c++) {
                packed[to + c * index.length * mr] = memory.get(JAVA_FLOAT, q + 4L * c * kernel);
            }
        }
    }
}
