package stylegan4j.kernels.cpu.map;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import stylegan4j.kernels.cpu.Threads;

/**
 * Cuts row-major element ranges: into tasks for threads, and those into blocks that stay in the first-level cache.
 * Both sizes are fixed, so nothing computed depends on the number of threads.
 */
final class Blocks {
    /** Most elements of a block; four blocks of floats fill a 32 KiB cache. */
    static final int SIZE = 2048;
    /** Elements of a task: enough work to pay for waking a thread. */
    static final int TASK = 16 * SIZE;

    /** The scratch slot that kernels use within a call; the others belong to their callers. */
    static final int TEMPORARY = 7;

    private static final ThreadLocal<List<MemorySegment>> SCRATCH = ThreadLocal.withInitial(ArrayList::new);

    private Blocks() {
    }

    /** A piece of the work: elements {@code from} to {@code to}. */
    @FunctionalInterface
    interface Range {
        void run(long from, long to);
    }

    /** Runs {@code body} over 0 … {@code count}, cut where {@code grain} divides; small counts on the caller alone. */
    static void parallel(Threads threads, long count, long grain, Range body) {
        if (count <= grain) {
            if (count > 0) {
                body.run(0, count);
            }
            return;
        }
        threads.run(Math.toIntExact(Math.ceilDiv(count, grain)),
                task -> body.run(task * grain, Math.min(count, (task + 1) * grain)));
    }

    /** Runs {@code body} over {@code count} elements of elementwise work. */
    static void parallel(Threads threads, long count, Range body) {
        parallel(threads, count, TASK, body);
    }

    /** This thread's scratch block number {@code slot}, {@link #SIZE} floats. */
    static MemorySegment scratch(int slot) {
        List<MemorySegment> blocks = SCRATCH.get();
        while (blocks.size() <= slot) {
            blocks.add(Arena.ofAuto().allocate(4L * SIZE, 64));
        }
        return blocks.get(slot);
    }
}
