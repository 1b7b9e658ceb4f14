package stylegan4j.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/** What a reader may take from the heap: no more than the file's size times a constant, whatever the file claims. */
final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** What does not depend on the file. */
    private static final long FIXED = 32L << 20;

    /** Reads the file. */
    interface Reader {
        void read() throws IOException;
    }

    private Allocation() {
    }

    /**
     * Reads, and once more where that took too much: classes that are used for the first time are instrumented, which
     * takes hundreds of megabytes.
     *
     * @param size  bytes of the file
     * @param ratio bytes allowed for each of them
     */
    static void check(int size, int ratio, Reader reader) throws IOException {
        long bound = FIXED + (long) size * ratio;
        if (taken(reader) > bound) {
            long taken = taken(reader);
            if (taken > bound) {
                throw new AssertionError("a file of " + size + " bytes made its reader allocate " + taken);
            }
        }
    }

    private static long taken(Reader reader) throws IOException {
        long start = THREADS.getCurrentThreadAllocatedBytes();
        reader.read();
        return THREADS.getCurrentThreadAllocatedBytes() - start;
    }
}
