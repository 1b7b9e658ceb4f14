package stylegan4j.kernels.cuda;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import stylegan4j.kernels.cuda.driver.Gpu;
import stylegan4j.kernels.cuda.driver.GpuEvent;
import stylegan4j.kernels.cuda.driver.GpuStream;

/**
 * Moves data between ordinary host memory and the device through two page-locked buffers: while one is on its way, the
 * other is filled or emptied.
 */
final class Staging implements AutoCloseable {
    private static final long BYTES = 4 << 20;

    private final Gpu gpu;
    private final GpuStream stream;
    private final Slot[] slots = new Slot[2];
    private List<MemorySegment> recorded;

    private record Slot(MemorySegment memory, GpuEvent passed) {
    }

    /** A part of a transfer that is on its way. */
    private record Part(Slot slot, long at, long bytes) {
    }

    Staging(Gpu gpu, GpuStream stream) {
        this.gpu = gpu;
        this.stream = stream;
    }

    /** Copies all of {@code host} to the device; it may be changed when this returns. */
    synchronized void upload(MemorySegment host, long to) {
        if (recorded != null) {
            uploadRecorded(host, to);
            return;
        }
        for (long at = 0; at < host.byteSize(); at += BYTES) {
            long bytes = Math.min(BYTES, host.byteSize() - at);
            Slot slot = slot(at);
            gpu.synchronize(slot.passed());
            MemorySegment part = slot.memory().asSlice(0, bytes);
            MemorySegment.copy(host, at, part, 0, bytes);
            gpu.upload(part, to + at, stream);
            gpu.record(slot.passed(), stream);
        }
    }

    /**
     * Fills all of {@code host} from the device, after earlier work has finished.
     *
     * @throws IllegalStateException while a graph is being recorded
     */
    synchronized void download(long from, MemorySegment host) {
        if (recorded != null) {
            throw new IllegalStateException("graph: values cannot be read while work is recorded; "
                    + "read them after a replay");
        }
        Part previous = null;
        for (long at = 0; at < host.byteSize(); at += BYTES) {
            Part part = new Part(slot(at), at, Math.min(BYTES, host.byteSize() - at));
            gpu.synchronize(part.slot().passed());
            gpu.download(from + at, part.slot().memory().asSlice(0, part.bytes()), stream);
            gpu.record(part.slot().passed(), stream);
            arrived(previous, host);
            previous = part;
        }
        arrived(previous, host);
    }

    private void arrived(Part part, MemorySegment host) {
        if (part != null) {
            gpu.synchronize(part.slot().passed());
            MemorySegment.copy(part.slot().memory(), 0, host, part.at(), part.bytes());
        }
    }

    private Slot slot(long at) {
        int index = (int) (at / BYTES % slots.length);
        if (slots[index] == null) {
            slots[index] = new Slot(gpu.allocatePinned(BYTES), gpu.createEvent());
            gpu.record(slots[index].passed(), stream);
        }
        return slots[index];
    }

    /** Whether uploads become part of a graph. */
    synchronized boolean isRecording() {
        return recorded != null;
    }

    /** From here on uploads become part of a graph: each keeps its values for every replay. */
    synchronized void beginRecording() {
        recorded = new ArrayList<>();
    }

    /** Ends the recording; the caller frees the memory, by {@link Gpu#freePinned}, after the graph. */
    synchronized List<MemorySegment> endRecording() {
        List<MemorySegment> memory = recorded;
        recorded = null;
        return memory;
    }

    private void uploadRecorded(MemorySegment host, long to) {
        if (host.byteSize() > 0) {
            MemorySegment kept = gpu.allocatePinned(host.byteSize());
            recorded.add(kept);
            kept.copyFrom(host);
            gpu.upload(kept, to, stream);
        }
    }

    @Override
    public void close() {
        for (Slot slot : slots) {
            if (slot != null) {
                slot.passed().close();
                gpu.freePinned(slot.memory());
            }
        }
    }
}
