package stylegan4j.kernels.cpu;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import stylegan4j.kernels.NdArray;

/** Channel scales on the heap, row by row. */
public final class Scales {
    private Scales() {
    }

    /**
     * @param scales [N, C] or [C] of any strides, or null for ones
     * @param count N·C
     */
    public static float[] read(NdArray scales, int count) {
        float[] values = new float[count];
        if (scales == null) {
            Arrays.fill(values, 1);
            return values;
        }
        MemorySegment memory = CpuBuffer.segmentOf(scales);
        int channels = scales.size(-1);
        for (int i = 0; i < count; i++) {
            long at = scales.offset() + i / channels * scales.strides()[0] + i % channels
                    * scales.strides()[scales.rank() - 1];
            values[i] = memory.getAtIndex(JAVA_FLOAT, at);
        }
        return values;
    }
}
