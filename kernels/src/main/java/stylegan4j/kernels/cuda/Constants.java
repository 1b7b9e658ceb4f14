package stylegan4j.kernels.cuda;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Small host arrays that operations read on the device, such as filters and interpolation weights. Uploading one
 * would hold up the host until the device has come that far; so those used last stay.
 */
public final class Constants implements AutoCloseable {
    private static final int MOST = 256;

    private final CudaContext cuda;
    private final Staging staging;
    private final SequencedMap<ByteBuffer, Long> kept = new LinkedHashMap<>(16, 0.75f, true);
    /** Those that a graph reads: it may be replayed at any time. */
    private final Map<ByteBuffer, Long> pinned = new HashMap<>();

    Constants(CudaContext cuda, Staging staging) {
        this.cuda = cuda;
        this.staging = staging;
    }

    /** An array on the device; close it when the work that reads it has been launched. */
    public interface Constant extends AutoCloseable {
        long pointer();

        @Override
        default void close() {
        }
    }

    public Constant of(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.nativeOrder());
        bytes.asFloatBuffer().put(values);
        return of(bytes);
    }

    public Constant of(int[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.nativeOrder());
        bytes.asIntBuffer().put(values);
        return of(bytes);
    }

    private synchronized Constant of(ByteBuffer bytes) {
        Long fixed = pinned.get(bytes);
        if (fixed != null) {
            return () -> fixed;
        }
        boolean recording = staging.isRecording();
        Long known = recording ? kept.remove(bytes) : kept.get(bytes);
        if (known != null) {
            if (recording) {
                pinned.put(bytes, known);
            }
            return () -> known;
        }
        // What is uploaded by a graph exists only once it was replayed, and belongs to it.
        if (recording) {
            return new Recorded(cuda.scratch(bytes.capacity()), bytes);
        }
        long pointer = cuda.gpu().allocate(Math.max(1, bytes.capacity()));
        staging.upload(MemorySegment.ofArray(bytes.array()), pointer);
        kept.put(bytes, pointer);
        if (kept.size() > MOST) {
            cuda.gpu().free(kept.pollFirstEntry().getValue());
        }
        return () -> pointer;
    }

    private final class Recorded implements Constant {
        private final CudaContext.Scratch scratch;

        private Recorded(CudaContext.Scratch scratch, ByteBuffer bytes) {
            this.scratch = scratch;
            staging.upload(MemorySegment.ofArray(bytes.array()), scratch.pointer());
        }

        @Override
        public long pointer() {
            return scratch.pointer();
        }

        @Override
        public void close() {
            scratch.close();
        }
    }

    @Override
    public synchronized void close() {
        kept.values().forEach(cuda.gpu()::free);
        pinned.values().forEach(cuda.gpu()::free);
        kept.clear();
        pinned.clear();
    }
}
