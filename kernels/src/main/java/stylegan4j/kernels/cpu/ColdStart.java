package stylegan4j.kernels.cpu;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/**
 * The first seconds of a process, while the JVM compiles the kernels: until then they run a hundred times slower, and
 * threads that do so beside one another keep the compilers from the cores that they need. So only as many threads work
 * at first as leave the compilers theirs. Results do not depend on the number of threads, so nothing but time does on
 * when this ends.
 */
final class ColdStart {
    /** Cores for the JVM's two kinds of compiler. */
    private static final int COMPILERS = 2;
    /** The start is over when the compilers were busy for less than half of such a stretch. */
    private static final long STRETCH = 200_000_000;

    private static final int HELPERS = Math.max(0, Runtime.getRuntime().availableProcessors() - 1 - COMPILERS);

    private final CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
    private boolean over = compilers == null || !compilers.isCompilationTimeMonitoringSupported();
    private long begin = System.nanoTime();
    private long compiled = over ? 0 : compilers.getTotalCompilationTime();

    /** How many of {@code workers} threads are to help the calling one now. */
    int helpers(int workers) {
        return over || workers <= HELPERS || isOver() ? workers : HELPERS;
    }

    private boolean isOver() {
        long now = System.nanoTime();
        if (now - begin >= STRETCH) {
            long total = compilers.getTotalCompilationTime();
            over = (total - compiled) * 2_000_000 < now - begin;
            begin = now;
            compiled = total;
        }
        return over;
    }
}
