package stylegan4j.kernels.cuda.driver;

import java.lang.foreign.MemorySegment;

/**
 * One graphics processor, as far as the backend needs it: memory, streams, launches and graphs. Device memory is
 * addressed by plain numbers. Work on a stream runs in order and asynchronously unless a method says otherwise; every
 * method may be called from any thread.
 *
 * <p>Every failure is a {@link GpuException}; one that surfaces later than its cause names the last kernel launched.
 */
public interface Gpu extends AutoCloseable {
    GpuProperties properties();

    // ---- memory

    /**
     * Device memory of {@code bytes} bytes, aligned to 256.
     *
     * @throws GpuOutOfMemoryException if the device has not that much left
     */
    long allocate(long bytes);

    /** Returns memory to the device; waits for work that may still use it. */
    void free(long pointer);

    /** Bytes of device memory that nobody holds. */
    long freeMemory();

    /** Page-locked host memory: copies to and from it are asynchronous. */
    MemorySegment allocatePinned(long bytes);

    void freePinned(MemorySegment memory);

    /** Copies all of {@code host} to the device; {@code host} is pinned and must stay unchanged until then. */
    void upload(MemorySegment host, long to, GpuStream stream);

    /** Fills all of {@code host}, which is pinned, from the device; to be read after synchronising. */
    void download(long from, MemorySegment host, GpuStream stream);

    /** Copies within the device; the ranges do not overlap. */
    void copy(long from, long to, long bytes, GpuStream stream);

    // ---- order

    GpuStream createStream();

    /** Waits until all work of the stream is done. */
    void synchronize(GpuStream stream);

    GpuEvent createEvent();

    /** Marks the end of the stream's work so far. */
    void record(GpuEvent event, GpuStream stream);

    /** Makes later work of the stream wait for the event. */
    void await(GpuEvent event, GpuStream stream);

    /** Waits until the event has passed. */
    void synchronize(GpuEvent event);

    /** Milliseconds between two events that have passed. */
    float milliseconds(GpuEvent from, GpuEvent to);

    // ---- work

    /**
     * Starts a kernel.
     *
     * @param params the kernel's one parameter struct, laid out as in C; read before this returns
     */
    void launch(KernelFunction function, LaunchSize size, MemorySegment params, GpuStream stream);

    /** From here on work of the stream is recorded and not run. */
    void beginCapture(GpuStream stream);

    /** Ends the recording begun on the stream. */
    GpuGraph endCapture(GpuStream stream);

    /** Runs a recording: the same kernels with the same parameters on the same memory. */
    void launch(GpuGraph graph, GpuStream stream);

    @Override
    void close();
}
