package stylegan4j.kernels.cuda.host;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import stylegan4j.kernels.cuda.driver.Gpu;
import stylegan4j.kernels.cuda.driver.GpuEvent;
import stylegan4j.kernels.cuda.driver.GpuException;
import stylegan4j.kernels.cuda.driver.GpuGraph;
import stylegan4j.kernels.cuda.driver.GpuOutOfMemoryException;
import stylegan4j.kernels.cuda.driver.GpuPlatform;
import stylegan4j.kernels.cuda.driver.GpuProperties;
import stylegan4j.kernels.cuda.driver.GpuStream;
import stylegan4j.kernels.cuda.driver.KernelFunction;
import stylegan4j.kernels.cuda.driver.LaunchSize;

/**
 * A host that plays a GPU: device memory is host memory, kernels run to their end as they are launched. Memory has
 * guards on both sides, which are checked when it is freed.
 */
@SuppressWarnings("restricted") // device memory is plain addresses
public final class HostGpu implements Gpu {
    private static final long GUARD = 256;
    private static final byte GUARD_BYTE = (byte) 0xa5;
    private static final byte UNDEFINED_BYTE = (byte) 0xff;

    private final long capacity;
    private final Map<Long, Block> blocks = new HashMap<>();
    private final Map<Long, Arena> pinned = new HashMap<>();
    private long used;
    private List<Runnable> recording;
    private long launches;

    private record Block(Arena arena, MemorySegment memory) {
    }

    private record Stream() implements GpuStream {
        @Override
        public void close() {
            // nothing is held
        }
    }

    private static final class Event implements GpuEvent {
        private long nanos;

        @Override
        public void close() {
            // nothing is held
        }
    }

    private record Graph(List<Runnable> work) implements GpuGraph {
        @Override
        public void close() {
            // nothing is held
        }
    }

    /** @param capacity bytes of memory to have */
    public HostGpu(long capacity) {
        this.capacity = capacity;
    }

    /** A GPU played by the host, with its compiler and without a vendor's libraries. */
    public static GpuPlatform platform() {
        return new GpuPlatform(new HostGpu(8L << 30), new HostCompiler(), null, null);
    }

    @Override
    public GpuProperties properties() {
        return new GpuProperties("host grid", 0, 9, 0, 2, capacity, 227 << 10, 1 << 20, 0);
    }

    /** Kernels started so far, without those of graphs. */
    public synchronized long launches() {
        return launches;
    }

    @Override
    public synchronized long allocate(long bytes) {
        if (used + bytes > capacity) {
            throw new GpuOutOfMemoryException("cuMemAlloc: CUDA_ERROR_OUT_OF_MEMORY (" + bytes + " bytes)");
        }
        Arena arena = Arena.ofShared();
        MemorySegment memory = arena.allocate(bytes + 2 * GUARD, GUARD);
        memory.fill(GUARD_BYTE);
        memory.asSlice(GUARD, bytes).fill(UNDEFINED_BYTE);
        long pointer = memory.address() + GUARD;
        blocks.put(pointer, new Block(arena, memory));
        used += bytes;
        return pointer;
    }

    @Override
    public synchronized void free(long pointer) {
        refuseRecording("cuMemFree");
        Block block = blocks.remove(pointer);
        if (block == null) {
            throw new GpuException("cuMemFree: CUDA_ERROR_INVALID_VALUE");
        }
        MemorySegment memory = block.memory();
        long bytes = memory.byteSize() - 2 * GUARD;
        used -= bytes;
        checkGuard(memory.asSlice(0, GUARD), bytes);
        checkGuard(memory.asSlice(GUARD + bytes, GUARD), bytes);
        block.arena().close();
    }

    private static void checkGuard(MemorySegment guard, long bytes) {
        for (byte b : guard.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)) {
            if (b != GUARD_BYTE) {
                throw new GpuException("a kernel wrote beside a block of " + bytes + " bytes");
            }
        }
    }

    @Override
    public synchronized long freeMemory() {
        return capacity - used;
    }

    @Override
    public synchronized MemorySegment allocatePinned(long bytes) {
        Arena arena = Arena.ofShared();
        MemorySegment memory = arena.allocate(bytes, 64);
        pinned.put(memory.address(), arena);
        return memory;
    }

    @Override
    public synchronized void freePinned(MemorySegment memory) {
        pinned.remove(memory.address()).close();
    }

    @Override
    public void upload(MemorySegment host, long to, GpuStream stream) {
        checkPinned(host);
        run(() -> at(to, host.byteSize()).copyFrom(host));
    }

    @Override
    public void download(long from, MemorySegment host, GpuStream stream) {
        checkPinned(host);
        run(() -> host.copyFrom(at(from, host.byteSize())));
    }

    @Override
    public void copy(long from, long to, long bytes, GpuStream stream) {
        run(() -> at(to, bytes).copyFrom(at(from, bytes)));
    }

    private void checkPinned(MemorySegment host) {
        if (!pinned.containsKey(host.address())) {
            throw new GpuException("host memory is not pinned");
        }
    }

    private static MemorySegment at(long pointer, long bytes) {
        return MemorySegment.ofAddress(pointer).reinterpret(bytes);
    }

    @Override
    public GpuStream createStream() {
        return new Stream();
    }

    @Override
    public void synchronize(GpuStream stream) {
        refuseRecording("cuStreamSynchronize");
    }

    @Override
    public GpuEvent createEvent() {
        return new Event();
    }

    @Override
    public void record(GpuEvent event, GpuStream stream) {
        run(() -> ((Event) event).nanos = System.nanoTime());
    }

    @Override
    public void await(GpuEvent event, GpuStream stream) {
        // work is done as soon as it is asked for
    }

    @Override
    public void synchronize(GpuEvent event) {
        // work is done as soon as it is asked for
    }

    @Override
    public float milliseconds(GpuEvent from, GpuEvent to) {
        return (((Event) to).nanos - ((Event) from).nanos) * 1e-6f;
    }

    @Override
    public void launch(KernelFunction function, LaunchSize size, MemorySegment params, GpuStream stream) {
        var kernel = (HostCompiler.HostFunction) function;
        if (params.byteSize() != kernel.paramsSize()) {
            throw new GpuException("kernel " + function.name() + ": its parameters take " + kernel.paramsSize()
                    + " bytes, got " + params.byteSize());
        }
        if (recording == null) {
            launches++;
            start(kernel, size, params);
        } else {
            MemorySegment kept = Arena.ofAuto().allocate(params.byteSize(), 16).copyFrom(params);
            recording.add(() -> start(kernel, size, kept));
        }
    }

    private static void start(HostCompiler.HostFunction kernel, LaunchSize size, MemorySegment params) {
        MemorySegment failure;
        synchronized (kernel.lock()) {
            try {
                failure = (MemorySegment) kernel.launch().invokeExact(size.gridX(), size.gridY(), size.gridZ(),
                        size.blockX(), size.blockY(), size.blockZ(), (long) size.shared(), params);
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
            if (failure.address() != 0) {
                throw new GpuException(failure.reinterpret(Long.MAX_VALUE).getString(0));
            }
        }
    }

    @Override
    public synchronized void beginCapture(GpuStream stream) {
        refuseRecording("cuStreamBeginCapture");
        recording = new ArrayList<>();
    }

    @Override
    public synchronized GpuGraph endCapture(GpuStream stream) {
        Graph graph = new Graph(List.copyOf(recording));
        recording = null;
        return graph;
    }

    @Override
    public void launch(GpuGraph graph, GpuStream stream) {
        refuseRecording("cuGraphLaunch");
        ((Graph) graph).work().forEach(Runnable::run);
    }

    private void run(Runnable work) {
        if (recording == null) {
            work.run();
        } else {
            recording.add(work);
        }
    }

    private void refuseRecording(String call) {
        if (recording != null) {
            throw new GpuException(call + ": CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED");
        }
    }

    /** @throws GpuException if memory was not freed */
    @Override
    public synchronized void close() {
        if (!blocks.isEmpty()) {
            throw new GpuException(blocks.size() + " blocks of device memory were not freed");
        }
    }
}
