package stylegan4j.kernels.cuda.jcuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntSupplier;
import jcuda.driver.CUcontext;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUevent;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstream;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.CUstream_flags;
import jcuda.driver.JCudaDriver;
import stylegan4j.kernels.cuda.driver.Gpu;
import stylegan4j.kernels.cuda.driver.GpuEvent;
import stylegan4j.kernels.cuda.driver.GpuException;
import stylegan4j.kernels.cuda.driver.GpuGraph;
import stylegan4j.kernels.cuda.driver.GpuProperties;
import stylegan4j.kernels.cuda.driver.GpuStream;
import stylegan4j.kernels.cuda.driver.KernelFunction;
import stylegan4j.kernels.cuda.driver.LaunchSize;

/**
 * A GPU through the CUDA driver. With {@code -Dstylegan4j.cuda.sync=true} every launch is waited for, so that an error
 * names the very kernel that made it.
 */
final class JcudaGpu implements Gpu {
    private static final boolean SYNCHRONOUS = Boolean.getBoolean("stylegan4j.cuda.sync");

    /** The device whose context is current on this thread. */
    private static final ThreadLocal<JcudaGpu> CURRENT = new ThreadLocal<>();

    /** One pointer of native memory a thread, where a launch finds the address of the parameters. */
    private static final ThreadLocal<MemorySegment> PARAMETERS =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(ValueLayout.ADDRESS));

    private final Status status = new Status();
    private final CUdevice device = new CUdevice();
    private final CUcontext context = new CUcontext();
    private final GpuProperties properties;

    /** @throws GpuException if there is no such device, or it cannot be used */
    JcudaGpu(int index) {
        status.driver("cuInit", JCudaDriver.cuInit(0));
        int[] count = {0};
        status.driver("cuDeviceGetCount", JCudaDriver.cuDeviceGetCount(count));
        if (index < 0 || index >= count[0]) {
            throw new GpuException("cuda:" + index + ": this machine has " + (count[0] == 0 ? "no GPU"
                    : count[0] == 1 ? "one GPU, cuda:0" : count[0] + " GPUs, cuda:0 to cuda:" + (count[0] - 1)));
        }
        status.driver("cuDeviceGet", JCudaDriver.cuDeviceGet(device, index));
        status.driver("cuDevicePrimaryCtxRetain", JCudaDriver.cuDevicePrimaryCtxRetain(context, device));
        properties = readProperties(index);
    }

    private GpuProperties readProperties(int index) {
        byte[] name = new byte[256];
        status.driver("cuDeviceGetName", JCudaDriver.cuDeviceGetName(name, name.length, device));
        long[] memory = {0};
        status.driver("cuDeviceTotalMem", JCudaDriver.cuDeviceTotalMem(memory, device));
        int[] driverVersion = {0};
        status.driver("cuDriverGetVersion", JCudaDriver.cuDriverGetVersion(driverVersion));
        return new GpuProperties(MemorySegment.ofArray(name).getString(0), index,
                attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
                attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
                attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT), memory[0],
                attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN),
                attribute(CUdevice_attribute.CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE), driverVersion[0]);
    }

    private int attribute(int which) {
        int[] value = {0};
        status.driver("cuDeviceGetAttribute", JCudaDriver.cuDeviceGetAttribute(value, which, device));
        return value[0];
    }

    Status status() {
        return status;
    }

    /** Makes this device the one that calls of this thread mean. */
    void makeCurrent() {
        if (CURRENT.get() != this) {
            status.driver("cuCtxSetCurrent", JCudaDriver.cuCtxSetCurrent(context));
            CURRENT.set(this);
        }
    }

    /** Calls the driver for this device. */
    void driver(String call, IntSupplier body) {
        makeCurrent();
        status.driver(call, body.getAsInt());
    }

    @Override
    public GpuProperties properties() {
        return properties;
    }

    @Override
    public long allocate(long bytes) {
        DeviceAddress memory = new DeviceAddress();
        driver("cuMemAlloc(" + bytes + " bytes)", () -> JCudaDriver.cuMemAlloc(memory, bytes));
        return memory.value();
    }

    @Override
    public void free(long pointer) {
        driver("cuMemFree", () -> JCudaDriver.cuMemFree(new DeviceAddress(pointer)));
    }

    @Override
    public long freeMemory() {
        long[] free = {0};
        driver("cuMemGetInfo", () -> JCudaDriver.cuMemGetInfo(free, new long[1]));
        return free[0];
    }

    @Override
    @SuppressWarnings("restricted")
    public MemorySegment allocatePinned(long bytes) {
        Address memory = new Address();
        driver("cuMemHostAlloc(" + bytes + " bytes)", () -> JCudaDriver.cuMemHostAlloc(memory, bytes, 0));
        return MemorySegment.ofAddress(memory.value()).reinterpret(bytes);
    }

    @Override
    public void freePinned(MemorySegment memory) {
        driver("cuMemFreeHost", () -> JCudaDriver.cuMemFreeHost(new Address(memory.address())));
    }

    @Override
    public void upload(MemorySegment host, long to, GpuStream stream) {
        driver("cuMemcpyHtoDAsync(" + host.byteSize() + " bytes)", () -> JCudaDriver.cuMemcpyHtoDAsync(
                new DeviceAddress(to), new Address(host.address()), host.byteSize(), handle(stream)));
    }

    @Override
    public void download(long from, MemorySegment host, GpuStream stream) {
        driver("cuMemcpyDtoHAsync(" + host.byteSize() + " bytes)", () -> JCudaDriver.cuMemcpyDtoHAsync(
                new Address(host.address()), new DeviceAddress(from), host.byteSize(), handle(stream)));
    }

    @Override
    public void copy(long from, long to, long bytes, GpuStream stream) {
        driver("cuMemcpyDtoDAsync(" + bytes + " bytes)", () -> JCudaDriver.cuMemcpyDtoDAsync(new DeviceAddress(to),
                new DeviceAddress(from), bytes, handle(stream)));
    }

    @Override
    public GpuStream createStream() {
        CUstream stream = new CUstream();
        driver("cuStreamCreate", () -> JCudaDriver.cuStreamCreate(stream, CUstream_flags.CU_STREAM_NON_BLOCKING));
        return new JcudaStream(this, stream);
    }

    @Override
    public void synchronize(GpuStream stream) {
        driver("cuStreamSynchronize", () -> JCudaDriver.cuStreamSynchronize(handle(stream)));
    }

    @Override
    public GpuEvent createEvent() {
        CUevent event = new CUevent();
        driver("cuEventCreate", () -> JCudaDriver.cuEventCreate(event, 0));
        return new JcudaEvent(this, event);
    }

    @Override
    public void record(GpuEvent event, GpuStream stream) {
        driver("cuEventRecord", () -> JCudaDriver.cuEventRecord(handle(event), handle(stream)));
    }

    @Override
    public void await(GpuEvent event, GpuStream stream) {
        driver("cuStreamWaitEvent", () -> JCudaDriver.cuStreamWaitEvent(handle(stream), handle(event), 0));
    }

    @Override
    public void synchronize(GpuEvent event) {
        driver("cuEventSynchronize", () -> JCudaDriver.cuEventSynchronize(handle(event)));
    }

    @Override
    public float milliseconds(GpuEvent from, GpuEvent to) {
        float[] time = {0};
        driver("cuEventElapsedTime", () -> JCudaDriver.cuEventElapsedTime(time, handle(from), handle(to)));
        return time[0];
    }

    @Override
    public void launch(KernelFunction function, LaunchSize size, MemorySegment params, GpuStream stream) {
        JcudaFunction kernel = (JcudaFunction) function;
        makeCurrent();
        kernel.allowShared(size.shared());
        status.launching(kernel.name());
        MemorySegment pointers = PARAMETERS.get();
        pointers.set(ValueLayout.JAVA_LONG, 0, params.address());
        int result = JCudaDriver.cuLaunchKernel(kernel.handle(), size.gridX(), size.gridY(), size.gridZ(), size.blockX(),
                size.blockY(), size.blockZ(), size.shared(), handle(stream), new Address(pointers.address()), null);
        if (result != 0) {
            status.driver("cuLaunchKernel(" + kernel.name() + ", " + size + ")", result);
        }
        if (SYNCHRONOUS && !((JcudaStream) stream).isCapturing()) {
            status.driver(kernel.name(), JCudaDriver.cuStreamSynchronize(handle(stream)));
        }
    }

    @Override
    public void beginCapture(GpuStream stream) {
        driver("cuStreamBeginCapture", () -> JCudaDriver.cuStreamBeginCapture(handle(stream),
                CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_RELAXED));
        ((JcudaStream) stream).capturing(true);
    }

    @Override
    public GpuGraph endCapture(GpuStream stream) {
        CUgraph graph = new CUgraph();
        ((JcudaStream) stream).capturing(false);
        driver("cuStreamEndCapture", () -> JCudaDriver.cuStreamEndCapture(handle(stream), graph));
        try {
            CUgraphExec executable = new CUgraphExec();
            driver("cuGraphInstantiate", () -> JCudaDriver.cuGraphInstantiate(executable, graph, 0));
            return new JcudaGraph(this, executable);
        } finally {
            driver("cuGraphDestroy", () -> JCudaDriver.cuGraphDestroy(graph));
        }
    }

    @Override
    public void launch(GpuGraph graph, GpuStream stream) {
        status.launching("a recorded graph");
        driver("cuGraphLaunch", () -> JCudaDriver.cuGraphLaunch(((JcudaGraph) graph).handle(), handle(stream)));
    }

    /**
     * Lets go of the device. Its primary context stays as long as the process: cuBLAS and cuDNN keep state in it that
     * outlives their handles, and the next opening finds it ready.
     */
    @Override
    public void close() {
        CURRENT.remove();
    }

    private static CUstream handle(GpuStream stream) {
        return ((JcudaStream) stream).handle();
    }

    private static CUevent handle(GpuEvent event) {
        return ((JcudaEvent) event).handle();
    }
}
