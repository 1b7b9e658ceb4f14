package stylegan4j.kernels.cpu.sample;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Working memory of a thread, kept between calls; contents undefined. */
final class Scratch {
    private static final ThreadLocal<MemorySegment> ROW = ThreadLocal.withInitial(() -> MemorySegment.NULL);

    private static final ThreadLocal<float[]> ARRAY = ThreadLocal.withInitial(() -> new float[0]);

    private static final ThreadLocal<int[]> INTEGERS = ThreadLocal.withInitial(() -> new int[0]);

    private Scratch() {
    }

    /** At least {@code elements} floats, 64-byte aligned, of this thread; the next call may return the same memory. */
    static MemorySegment floats(long elements) {
        MemorySegment row = ROW.get();
        if (row.byteSize() < elements * Float.BYTES) {
            row = Arena.ofAuto().allocate(2 * elements * Float.BYTES, 64);
            ROW.set(row);
        }
        return row;
    }

    /** At least {@code elements} floats on the heap. */
    static float[] array(int elements) {
        float[] array = ARRAY.get();
        if (array.length < elements) {
            array = new float[2 * elements];
            ARRAY.set(array);
        }
        return array;
    }

    /** At least {@code elements} integers on the heap. */
    static int[] integers(int elements) {
        int[] array = INTEGERS.get();
        if (array.length < elements) {
            array = new int[2 * elements];
            INTEGERS.set(array);
        }
        return array;
    }
}
