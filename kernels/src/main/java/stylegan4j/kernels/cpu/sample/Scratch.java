package stylegan4j.kernels.cpu.sample;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** One row of working memory a thread, kept between calls; contents undefined. */
final class Scratch {
    private static final ThreadLocal<MemorySegment> ROW = ThreadLocal.withInitial(() -> MemorySegment.NULL);

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
}
