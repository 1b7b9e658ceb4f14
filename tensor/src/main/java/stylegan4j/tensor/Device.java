package stylegan4j.tensor;

import java.lang.System.Logger;
import java.util.function.Supplier;
import stylegan4j.kernels.Backend;
import stylegan4j.kernels.MemoryStats;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.cpu.CpuBackend;
import stylegan4j.kernels.cuda.CudaBackend;
import stylegan4j.kernels.cuda.driver.GpuException;
import stylegan4j.kernels.cuda.jcuda.JcudaPlatform;
import stylegan4j.kernels.cuda.library.CudaInstallation;

/** Where tensors live and are computed. Close it after every scope opened on it. */
public final class Device implements AutoCloseable {
    private static final Logger LOG = System.getLogger("stylegan4j.tensor");

    private final Backend backend;

    private Device(Backend backend) {
        this.backend = backend;
    }

    /** The CPU with all its cores. */
    public static Device cpu() {
        return cpu(Runtime.getRuntime().availableProcessors());
    }

    /**
     * The CPU with {@code threads} threads; results do not depend on their number.
     *
     * @throws IllegalArgumentException if {@code threads} is below 1
     */
    public static Device cpu(int threads) {
        return new Device(new CpuBackend(threads));
    }

    /**
     * A GPU by CUDA.
     *
     * @param index number of the GPU, from 0
     * @throws GpuException if this machine has no such GPU, or lacks a library that it takes; one line says which
     */
    public static Device cuda(int index) {
        return new Device(new CudaBackend(JcudaPlatform.open(index)));
    }

    /** A device of any backend, which is closed with it. */
    public static Device of(Backend backend) {
        return new Device(backend);
    }

    /** The first GPU where CUDA can be used, else the CPU; the choice and its reason are logged. */
    public static Device best() {
        if (!CudaInstallation.hasDriver()) {
            LOG.log(Logger.Level.INFO, "device: the CPU, as this machine has no NVIDIA driver");
            return cpu();
        }
        try {
            Device gpu = cuda(0);
            LOG.log(Logger.Level.INFO, "device: {0}", gpu);
            return gpu;
        } catch (GpuException e) {
            LOG.log(Logger.Level.WARNING, "device: the CPU. {0}", e.getMessage());
            return cpu();
        }
    }

    /** Opens a scope: tensors made on this thread until it closes live on this device and belong to it. */
    public Scope open() {
        return Scope.open(this);
    }

    public Backend backend() {
        return backend;
    }

    /**
     * Computes {@code body} once and records it, to be run again by one call. The result belongs to the current scope,
     * which must be one of this device; close the graph before the scopes of what it reads.
     *
     * @see Graph
     */
    public Graph graph(Supplier<Tensor> body) {
        return Graph.of(backend, body);
    }

    /**
     * How convolutions and matrix products multiply from here on: exactly ({@link Precision#F32}, the default) or,
     * faster on a GPU, with factors rounded. The CPU always multiplies exactly.
     */
    public void precision(Precision precision) {
        backend.precision(precision);
    }

    /** Live and pooled memory, in bytes. */
    public MemoryStats memory() {
        return backend.memory();
    }

    @Override
    public void close() {
        backend.close();
    }

    @Override
    public String toString() {
        return backend.description();
    }
}
