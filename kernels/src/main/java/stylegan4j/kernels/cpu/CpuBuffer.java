package stylegan4j.kernels.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.Buffer;
import stylegan4j.kernels.NdArray;

/** Off-heap memory, 64-byte aligned, readable from every thread. */
public final class CpuBuffer implements Buffer {
    private final Arena arena;
    private final MemorySegment segment;
    private final long bytes;
    private boolean live = true;
    private Prepared prepared = new Prepared();

    CpuBuffer(Arena arena, MemorySegment segment, long bytes) {
        this.arena = arena;
        this.segment = segment;
        this.bytes = bytes;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    /** The memory itself; may be larger than {@link #bytes()}. */
    public MemorySegment segment() {
        return segment;
    }

    /** The buffer under an array of this backend. */
    public static CpuBuffer of(NdArray array) {
        return (CpuBuffer) array.buffer();
    }

    /** The memory under an array of this backend. */
    public static MemorySegment segmentOf(NdArray array) {
        return ((CpuBuffer) array.buffer()).segment;
    }

    /** What kernels made of the present contents. */
    public synchronized Prepared prepared() {
        return prepared;
    }

    /** To be called by whoever is about to change the contents. */
    synchronized void written() {
        if (!prepared.isUntouched()) {
            prepared = new Prepared();
        }
    }

    /** A fresh handle of the same memory, so that a stale one is told from the new owner's. */
    CpuBuffer reissued(long newBytes) {
        return new CpuBuffer(arena, segment, newBytes);
    }

    /** Marks the handle as released. */
    void retire() {
        if (!live) {
            throw new IllegalStateException("release: buffer of " + bytes + " bytes was released before");
        }
        live = false;
    }

    void free() {
        arena.close();
    }
}
