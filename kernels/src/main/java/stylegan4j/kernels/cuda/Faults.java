package stylegan4j.kernels.cuda;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What kernels find wrong with their data. They cannot throw: the first wrong index waits on the device (struct
 * {@code Fault} of fault.cuh) until values are read next.
 */
public final class Faults implements AutoCloseable {
    /** An operation that checks its indices. */
    public enum Operation {
        INDEX_SELECT("indexSelect"), INDEX_ADD("indexAdd"), GATHER("gather"), SCATTER_ADD("scatterAdd");

        private final String label;

        Operation(String label) {
            this.label = label;
        }
    }

    private static final long BYTES = 16;

    private final CudaContext cuda;
    private final Staging staging;
    private final long pointer;
    private volatile boolean used;

    Faults(CudaContext cuda, Staging staging) {
        this.cuda = cuda;
        this.staging = staging;
        this.pointer = cuda.gpu().allocate(BYTES);
        clear();
    }

    /** The place to report to, for a kernel about to be launched. */
    public long pointer() {
        used = true;
        return pointer;
    }

    /**
     * Looks, after all work has finished, for what it found.
     *
     * @throws IllegalArgumentException naming the operation and its first wrong index
     */
    void check() {
        if (!used) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment fault = arena.allocate(BYTES, JAVA_INT.byteAlignment());
            staging.download(pointer, fault);
            if (fault.get(JAVA_INT, 0) != 0) {
                clear();
                throw new IllegalArgumentException(Operation.values()[fault.get(JAVA_INT, 12)].label + ": index "
                        + fault.get(JAVA_INT, 4) + " is outside 0…" + (fault.get(JAVA_INT, 8) - 1));
            }
        }
    }

    private void clear() {
        try (Arena arena = Arena.ofConfined()) {
            staging.upload(arena.allocate(BYTES), pointer);
        }
    }

    @Override
    public void close() {
        cuda.gpu().free(pointer);
    }
}
