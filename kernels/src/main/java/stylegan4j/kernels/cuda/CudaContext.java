package stylegan4j.kernels.cuda;

import java.util.List;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.cuda.driver.ConvolutionLibrary;
import stylegan4j.kernels.cuda.driver.Gpu;
import stylegan4j.kernels.cuda.driver.GpuPlatform;
import stylegan4j.kernels.cuda.driver.GpuStream;
import stylegan4j.kernels.cuda.driver.LaunchSize;
import stylegan4j.kernels.cuda.driver.MatrixLibrary;

/** What the operations of one device share: its stream, its memory, its compiled kernels. */
public final class CudaContext implements AutoCloseable {
    /** Blocks for each multiprocessor in a launch whose threads walk over their elements. */
    private static final int WAVES = 16;

    private final GpuPlatform platform;
    private final GpuStream stream;
    private final KernelLibrary library;
    private final DeviceMemory memory;
    private volatile Precision precision = Precision.F32;

    CudaContext(GpuPlatform platform) {
        this.platform = platform;
        this.stream = platform.gpu().createStream();
        this.library = new KernelLibrary(platform.compiler());
        this.memory = new DeviceMemory(platform.gpu());
    }

    /** Scratch memory of one operation; work launched before its end may use it. */
    public final class Scratch implements AutoCloseable {
        private final CudaBuffer buffer;

        private Scratch(long bytes) {
            buffer = memory.allocate(bytes);
        }

        public long pointer() {
            return buffer.pointer();
        }

        /** Its beginning as a dense array. */
        public NdArray array(DType type, int... shape) {
            return NdArray.contiguous(buffer, type, shape);
        }

        @Override
        public void close() {
            memory.release(buffer);
        }
    }

    /**
     * A kernel of a source, to be compiled when first launched.
     *
     * @param options for the compiler, e.g. {@code -DTILE=64}
     */
    public Kernel kernel(String file, String name, String... options) {
        return new Kernel(library, file, name, List.of(options));
    }

    /** Starts a kernel on the device's stream. */
    public void launch(Kernel kernel, LaunchSize size, Params params) {
        platform.gpu().launch(kernel.function(), size, params.finished(), stream);
    }

    /**
     * Starts a kernel whose threads walk over {@code items} in steps of the grid; does nothing if there are none.
     *
     * @param threads in each block
     */
    public void launch(Kernel kernel, long items, int threads, Params params) {
        if (items > 0) {
            launch(kernel, LaunchSize.of(blocks(items, threads), threads), params);
        }
    }

    /** Blocks of {@code threads} threads for {@code items}: at most what keeps the whole device busy. */
    public int blocks(long items, int threads) {
        return (int) Math.min(Math.ceilDiv(items, threads), (long) WAVES * gpu().properties().multiprocessors());
    }

    /** Memory for the current operation only. */
    public Scratch scratch(long bytes) {
        return new Scratch(bytes);
    }

    public Gpu gpu() {
        return platform.gpu();
    }

    public GpuStream stream() {
        return stream;
    }

    /** The vendor's matrix products, or null. */
    public MatrixLibrary matrices() {
        return platform.matrices();
    }

    /** The vendor's convolutions, or null. */
    public ConvolutionLibrary convolutions() {
        return platform.convolutions();
    }

    /** How convolutions and matrix products multiply; {@code F32} until it is set. */
    public Precision precision() {
        return precision;
    }

    /**
     * How features of these types are multiplied: half types as such, which comes with rounding them.
     *
     * @param x of what is read
     * @param y of what is read besides, or made
     */
    public Precision precision(DType x, DType y) {
        return switch (x == DType.F32 ? y : x) {
            case F16 -> Precision.F16;
            case BF16 -> Precision.BF16;
            default -> precision;
        };
    }

    void precision(Precision wanted) {
        precision = wanted;
    }

    DeviceMemory memory() {
        return memory;
    }

    @Override
    public void close() {
        gpu().synchronize(stream);
        memory.close();
        library.close();
        stream.close();
        platform.close();
    }
}
