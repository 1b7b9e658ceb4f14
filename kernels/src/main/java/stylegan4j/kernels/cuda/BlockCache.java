package stylegan4j.kernels.cuda;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Blocks of device memory that wait for their next use, by size. */
final class BlockCache {
    /** @param size in bytes */
    record Block(long pointer, long size) {
    }

    private final TreeMap<Long, ArrayDeque<Block>> bySize = new TreeMap<>();
    private BlockCache heir;
    private long bytes;

    /** A block of {@code size} bytes or up to a quarter more, the one used last; null if there is none. */
    Block take(long size) {
        Map.Entry<Long, ArrayDeque<Block>> fit = bySize.ceilingEntry(size);
        if (fit == null || fit.getKey() > size + size / 4) {
            return null;
        }
        Block block = fit.getValue().pop();
        if (fit.getValue().isEmpty()) {
            bySize.remove(fit.getKey());
        }
        bytes -= block.size();
        return block;
    }

    void give(Block block) {
        if (heir != null) {
            heir.give(block);
            return;
        }
        bySize.computeIfAbsent(block.size(), size -> new ArrayDeque<>()).push(block);
        bytes += block.size();
    }

    /** Sum of the blocks' sizes. */
    long bytes() {
        return bytes;
    }

    /** Takes out all blocks. */
    void drain(Consumer<Block> target) {
        bySize.values().forEach(blocks -> blocks.forEach(target));
        bySize.clear();
        bytes = 0;
    }

    /** Gives all blocks, and those that come back later, to another cache. */
    void leaveTo(BlockCache other) {
        drain(other::give);
        heir = other;
    }
}
