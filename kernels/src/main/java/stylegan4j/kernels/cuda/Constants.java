package stylegan4j.kernels.cuda;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * Small host arrays that operations read on the device, such as filters and interpolation weights. Uploading one
 * would hold up the host until the device has come that far; so those used last stay.
 */
public final class Constants implements AutoCloseable {
    private static final int MOST = 256;

    private final CudaContext cuda;
    private final Staging staging;
    private final SequencedMap<ByteBuffer, CudaBuffer> kept = new LinkedHashMap<>(16, 0.75f, true);

    Constants(CudaContext cuda, Staging staging) {
        this.cuda = cuda;
        this.staging = staging;
    }

    /** An array on the device; close it when the work that reads it has been launched. */
    public final class Constant implements AutoCloseable {
        private final CudaBuffer own;
        private final long pointer;

        private Constant(CudaBuffer buffer, boolean temporary) {
            this.own = temporary ? buffer : null;
            this.pointer = buffer.pointer();
        }

        public long pointer() {
            return pointer;
        }

        @Override
        public void close() {
            if (own != null) {
                cuda.memory().release(own);
            }
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
        CudaBuffer known = kept.get(bytes);
        if (known != null) {
            return new Constant(known, false);
        }
        CudaBuffer buffer = cuda.memory().allocate(bytes.capacity());
        staging.upload(MemorySegment.ofArray(bytes.array()), buffer.pointer());
        // What is recorded into a graph exists only when it is replayed, and belongs to it.
        boolean temporary = staging.isRecording();
        if (!temporary) {
            kept.put(bytes, buffer);
            if (kept.size() > MOST) {
                cuda.memory().release(kept.pollFirstEntry().getValue());
            }
        }
        return new Constant(buffer, temporary);
    }

    @Override
    public synchronized void close() {
        kept.values().forEach(cuda.memory()::release);
        kept.clear();
    }
}
