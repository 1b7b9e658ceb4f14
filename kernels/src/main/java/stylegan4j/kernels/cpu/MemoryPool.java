package stylegan4j.kernels.cpu;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import stylegan4j.kernels.MemoryStats;

/**
 * Recycles off-heap blocks by size class. Classes are an eighth of a power of two apart, so at most a ninth of a block
 * is wasted and buffers of nearby sizes share blocks. Large blocks come from the system rarely: a network's second
 * pass allocates nothing.
 */
final class MemoryPool implements AutoCloseable {
    private static final long ALIGNMENT = 64;

    private final Map<Long, ArrayDeque<CpuBuffer>> free = new HashMap<>();
    private long live;
    private long peak;
    private long pooled;
    private long buffers;

    synchronized CpuBuffer allocate(long bytes) {
        long size = sizeClass(bytes);
        ArrayDeque<CpuBuffer> candidates = free.get(size);
        CpuBuffer buffer;
        if (candidates != null && !candidates.isEmpty()) {
            buffer = candidates.pop().reissued(bytes);
            pooled -= size;
        } else {
            buffer = fromSystem(size, bytes);
        }
        live += size;
        peak = Math.max(peak, live);
        buffers++;
        return buffer;
    }

    synchronized void release(CpuBuffer buffer) {
        buffer.retire();
        long size = buffer.segment().byteSize();
        free.computeIfAbsent(size, s -> new ArrayDeque<>()).push(buffer);
        live -= size;
        pooled += size;
        buffers--;
    }

    synchronized void trim() {
        for (ArrayDeque<CpuBuffer> blocks : free.values()) {
            blocks.forEach(CpuBuffer::free);
        }
        free.clear();
        pooled = 0;
    }

    synchronized MemoryStats stats() {
        return new MemoryStats(live, peak, live + pooled, buffers);
    }

    synchronized void resetPeak() {
        peak = live;
    }

    @Override
    public void close() {
        trim();
    }

    private CpuBuffer fromSystem(long size, long bytes) {
        Arena arena = Arena.ofShared();
        try {
            return new CpuBuffer(arena, arena.allocate(size, ALIGNMENT), bytes);
        } catch (OutOfMemoryError e) {
            trim();
            try {
                return new CpuBuffer(arena, arena.allocate(size, ALIGNMENT), bytes);
            } catch (OutOfMemoryError again) {
                arena.close();
                throw new OutOfMemoryError("cpu: " + bytes + " bytes asked for, " + live + " bytes in " + buffers
                        + " buffers are in use");
            }
        }
    }

    static long sizeClass(long bytes) {
        long least = Math.max(bytes, ALIGNMENT);
        long step = Math.max(ALIGNMENT, Long.highestOneBit(least) >> 3);
        return Math.ceilDiv(least, step) * step;
    }
}
