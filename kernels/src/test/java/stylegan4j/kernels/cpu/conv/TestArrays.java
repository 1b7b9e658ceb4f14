package stylegan4j.kernels.cpu.conv;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBackend;
import stylegan4j.kernels.cpu.CpuBuffer;

/** Arrays with random contents, and comparisons within a derived error. */
public final class TestArrays {
    private TestArrays() {
    }

    /** A dense array of normal numbers that does not start at its buffer's first element. */
    public static NdArray random(CpuBackend cpu, long seed, int... shape) {
        int n = Math.toIntExact(NdArray.numel(shape));
        NdArray x = new NdArray(cpu.allocate(4L * (n + 3)), DType.F32, 3, shape, NdArray.rowMajorStrides(shape));
        MemorySegment memory = CpuBuffer.segmentOf(x);
        Random random = new Random(seed);
        for (int i = 0; i < n; i++) {
            memory.setAtIndex(JAVA_FLOAT, 3 + i, (float) random.nextGaussian());
        }
        return x;
    }

    /** The elements in row-major order, whatever the strides. */
    public static float[] read(NdArray x) {
        MemorySegment memory = CpuBuffer.segmentOf(x);
        float[] values = new float[Math.toIntExact(x.numel())];
        for (int at = 0; at < values.length; at++) {
            long index = x.offset();
            int rest = at;
            for (int d = x.rank() - 1; d >= 0; d--) {
                index += rest % x.size(d) * x.strides()[d];
                rest /= x.size(d);
            }
            values[at] = memory.getAtIndex(JAVA_FLOAT, index);
        }
        return values;
    }

    /**
     * Each element within {@code roundings·ε} of the sum of magnitudes of its terms, the bound for a float sum in any
     * order.
     *
     * @param expected the sums, and the sums of magnitudes
     */
    public static void assertClose(double[][] expected, NdArray y, int roundings) {
        float[] actual = read(y);
        assertEquals(expected[0].length, actual.length);
        for (int i = 0; i < actual.length; i++) {
            assertEquals(expected[0][i], actual[i], roundings * Math.ulp(1f) * expected[1][i], "element " + i);
        }
    }
}
