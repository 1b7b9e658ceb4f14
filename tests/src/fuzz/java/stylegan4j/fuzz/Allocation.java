package stylegan4j.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** What a reader may take from the heap: no more than the file's size times a constant, whatever the file claims. */
final class Allocation {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    /** What does not depend on the file; instrumenting classes when they are first used counts too. */
    private static final long FIXED = 256L << 20;

    private final long start = THREADS.getCurrentThreadAllocatedBytes();

    /**
     * Ends the measurement.
     *
     * @param size  bytes of the file
     * @param ratio bytes allowed for each of them
     */
    void check(int size, int ratio) {
        long taken = THREADS.getCurrentThreadAllocatedBytes() - start;
        if (taken > FIXED + (long) size * ratio) {
            throw new AssertionError("a file of " + size + " bytes made its reader allocate " + taken);
        }
    }
}
