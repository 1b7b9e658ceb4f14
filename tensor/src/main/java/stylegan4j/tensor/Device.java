package stylegan4j.tensor;

import stylegan4j.kernels.Backend;
import stylegan4j.kernels.MemoryStats;
import stylegan4j.kernels.cpu.CpuBackend;

/** Where tensors live and are computed. Close it after every scope opened on it. */
public final class Device implements AutoCloseable {
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

    /** The fastest device at hand. */
    public static Device best() {
        return cpu();
    }

    /** Opens a scope: tensors made on this thread until it closes live on this device and belong to it. */
    public Scope open() {
        return Scope.open(this);
    }

    public Backend backend() {
        return backend;
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
