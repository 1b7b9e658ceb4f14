package stylegan4j.kernels.cuda;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import stylegan4j.kernels.MemoryStats;
import stylegan4j.kernels.cuda.driver.Gpu;
import stylegan4j.kernels.cuda.driver.GpuOutOfMemoryException;

/**
 * Recycles device memory. A block that was released serves the next request of its size at once: all work is on one
 * stream, so what still reads the block runs before what writes it next.
 *
 * <p>While work is recorded into a graph, blocks come from a cache of the graph's own and stay with it, since every
 * replay uses them again.
 *
 * <p>With {@code -Dstylegan4j.memory.trace=true} each live buffer remembers who asked for it, and reports say so.
 */
final class DeviceMemory implements AutoCloseable {
    private static final boolean TRACE = Boolean.getBoolean("stylegan4j.memory.trace");
    private static final long ALIGNMENT = 512;
    private static final int REPORTED = 8;
    private static final int FRAMES = 4;

    private final Gpu gpu;
    private final BlockCache cache = new BlockCache();
    private final Map<CudaBuffer, String> live = new IdentityHashMap<>();
    private long liveBytes;
    private long peak;
    private long reserved;
    private Recording recording;

    DeviceMemory(Gpu gpu) {
        this.gpu = gpu;
    }

    /** The memory of one graph: its own cache, and blocks from outside that were released while it was recorded. */
    final class Recording implements AutoCloseable {
        private final BlockCache own = new BlockCache();
        private final List<BlockCache.Block> held = new ArrayList<>();

        private Recording() {
        }

        /** No more work is recorded; the memory stays. */
        void finish() {
            synchronized (DeviceMemory.this) {
                recording = null;
            }
        }

        /** The graph is gone: its memory is free for all. */
        @Override
        public void close() {
            synchronized (DeviceMemory.this) {
                own.leaveTo(cache);
                held.forEach(cache::give);
                held.clear();
            }
        }
    }

    /**
     * Begins to keep memory for a graph.
     *
     * @throws IllegalStateException if another graph is being recorded
     */
    synchronized Recording record() {
        if (recording != null) {
            throw new IllegalStateException("graph: another one is being recorded");
        }
        recording = new Recording();
        return recording;
    }

    synchronized CudaBuffer allocate(long bytes) {
        BlockCache home = recording == null ? cache : recording.own;
        long size = sizeClass(bytes);
        BlockCache.Block block = home.take(size);
        if (block == null && recording != null) {
            block = cache.take(size); // from here on the graph's
        }
        if (block == null) {
            block = fromDevice(size, bytes);
        }
        CudaBuffer buffer = new CudaBuffer(block, home, bytes);
        live.put(buffer, TRACE ? caller() : "");
        liveBytes += block.size();
        peak = Math.max(peak, liveBytes);
        return buffer;
    }

    synchronized void release(CudaBuffer buffer) {
        buffer.retire();
        live.remove(buffer);
        liveBytes -= buffer.block().size();
        if (recording != null && buffer.home() == cache) {
            recording.held.add(buffer.block());
        } else {
            buffer.home().give(buffer.block());
        }
    }

    /** Gives memory that nobody uses back to the device. */
    synchronized void trim() {
        cache.drain(block -> {
            gpu.free(block.pointer());
            reserved -= block.size();
        });
    }

    synchronized MemoryStats stats() {
        return new MemoryStats(liveBytes, peak, reserved, live.size());
    }

    synchronized void resetPeak() {
        peak = liveBytes;
    }

    /** What holds memory, the largest first; empty if nothing does. */
    synchronized String report() {
        Map<String, List<CudaBuffer>> groups = live.keySet().stream()
                .collect(Collectors.groupingBy(b -> b.bytes() + " bytes" + live.get(b)));
        return groups.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, List<CudaBuffer>> g) -> -sum(g.getValue()))
                        .thenComparing(Map.Entry::getKey))
                .limit(REPORTED)
                .map(g -> g.getValue().size() + " × " + g.getKey())
                .collect(Collectors.joining("; "));
    }

    @Override
    public void close() {
        trim();
    }

    private BlockCache.Block fromDevice(long size, long bytes) {
        long pointer;
        try {
            pointer = gpu.allocate(size);
        } catch (GpuOutOfMemoryException full) {
            // Giving memory back waits for the device, which a recording does not allow.
            if (recording == null) {
                trim();
            }
            try {
                pointer = gpu.allocate(size);
            } catch (GpuOutOfMemoryException still) {
                throw new GpuOutOfMemoryException("cuda: " + bytes + " bytes asked for, " + gpu.freeMemory()
                        + " of the device's " + gpu.properties().memory() + " are free; " + liveBytes + " bytes in "
                        + live.size() + " buffers are in use: " + report());
            }
        }
        reserved += size;
        return new BlockCache.Block(pointer, size);
    }

    private static long sum(List<CudaBuffer> buffers) {
        return buffers.stream().mapToLong(b -> b.block().size()).sum();
    }

    /** The nearest frames outside this package, innermost first. */
    private static String caller() {
        Predicate<StackWalker.StackFrame> outside = f -> !f.getClassName().startsWith(DeviceMemory.class.getPackageName())
                && !f.getClassName().endsWith(".Storage") && !f.getClassName().endsWith(".Tensor");
        return StackWalker.getInstance().walk(frames -> frames.filter(outside).limit(FRAMES)
                .map(f -> f.getClassName().substring(f.getClassName().lastIndexOf('.') + 1) + "." + f.getMethodName())
                .collect(Collectors.joining(" < ", " by ", "")));
    }

    /** Classes an eighth of a power of two apart: at most a ninth is wasted. */
    static long sizeClass(long bytes) {
        long least = Math.max(bytes, ALIGNMENT);
        long step = Math.max(ALIGNMENT, Long.highestOneBit(least) >> 3);
        return Math.ceilDiv(least, step) * step;
    }
}
