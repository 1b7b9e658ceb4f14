package stylegan4j.kernels.cpu.sample;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import stylegan4j.kernels.Buffer;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBackend;
import stylegan4j.kernels.cpu.CpuBuffer;

/** Moves test data between Java arrays and a backend. */
final class Host {
    private Host() {
    }

    /** Values in −1…1. */
    static float[] values(long seed, int n) {
        Random random = new Random(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = 2 * random.nextFloat() - 1;
        }
        return values;
    }

    /** A dense array that does not start at its buffer's beginning. */
    static NdArray array(CpuBackend backend, float[] values, int... shape) {
        NdArray a = empty(backend, DType.F32, shape);
        MemorySegment.copy(values, 0, CpuBuffer.segmentOf(a), JAVA_FLOAT, 4 * a.offset(), values.length);
        return a;
    }

    /** A dense array of undefined contents that does not start at its buffer's beginning. */
    static NdArray empty(CpuBackend backend, DType type, int... shape) {
        Buffer buffer = backend.allocate(4 * (NdArray.numel(shape) + 3));
        return new NdArray(buffer, type, 3, shape, NdArray.rowMajorStrides(shape));
    }

    /** The same elements as a dense {@code array} of rank 4, but stored with the last two dimensions swapped. */
    static NdArray transposedStorage(CpuBackend backend, float[] values, int... shape) {
        int height = shape[2];
        int width = shape[3];
        float[] swapped = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            int plane = i / (height * width);
            int row = i / width % height;
            swapped[(plane * width + i % width) * height + row] = values[i];
        }
        NdArray stored = array(backend, swapped, shape[0], shape[1], width, height);
        long[] strides = stored.strides();
        return new NdArray(stored.buffer(), DType.F32, stored.offset(), shape,
                new long[] {strides[0], strides[1], strides[3], strides[2]});
    }

    static float[] floats(NdArray a) {
        return CpuBuffer.segmentOf(a).asSlice(4 * a.offset(), 4 * a.numel()).toArray(JAVA_FLOAT);
    }

    static int[] ints(NdArray a) {
        return CpuBuffer.segmentOf(a).asSlice(4 * a.offset(), 4 * a.numel()).toArray(JAVA_INT);
    }
}
