package stylegan4j.kernels.cpu;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/**
 * The first seconds of a process, while the JVM compiles the kernels: until then they run a hundred times slower, and
 * threads that do so beside one another keep the compilers from the cores that they need. So only as many threads work
 * at first as leave the compilers theirs. Results do not depend on the number of threads, so nothing but time does on
 * when this ends.
 */
final class ColdStart {
    /** Cores for the JVM's two kinds of compiler. */
    private static final int COMPILERS = 2;
    /** The start is over when the compilers were busy for less than half of such a stretch, in nanoseconds. */
    static final long STRETCH = 200_000_000;
    /** It is over then at the latest: what is still compiled may be a program around the kernels. */
    static final long LONGEST = 10_000_000_000L;

    private final int helpers;
    private final LongSupplier clock;
    private final LongSupplier compilers;
    private final long start;
    private long begin;
    private long compiled;
    private volatile boolean over;

    /**
     * @param processors cores of the machine
     * @param clock nanoseconds
     * @param compilers milliseconds for which the JVM has compiled, all its compilers' added up
     */
    ColdStart(int processors, LongSupplier clock, LongSupplier compilers) {
        this.helpers = Math.max(0, processors - 1 - COMPILERS);
        this.clock = clock;
        this.compilers = compilers;
        this.start = clock.getAsLong();
        this.begin = start;
        this.compiled = compilers.getAsLong();
    }

    /** That of this process, from now on; over at once where the JVM does not tell what it compiles. */
    static ColdStart now() {
        CompilationMXBean bean = ManagementFactory.getCompilationMXBean();
        boolean told = bean != null && bean.isCompilationTimeMonitoringSupported();
        var start = new ColdStart(Runtime.getRuntime().availableProcessors(), System::nanoTime,
                told ? bean::getTotalCompilationTime : () -> 0);
        start.over = !told;
        return start;
    }

    /** How many of {@code workers} threads are to help the calling one now. */
    int helpers(int workers) {
        return over || workers <= helpers || isOver() ? workers : helpers;
    }

    private synchronized boolean isOver() {
        long now = clock.getAsLong();
        if (!over && now - begin >= STRETCH) {
            long total = compilers.getAsLong();
            over = (total - compiled) * 2_000_000 < now - begin || now - start >= LONGEST;
            begin = now;
            compiled = total;
        }
        return over;
    }
}
