package stylegan4j.kernels.cuda.driver;

/** A queue of work that a device does in order. */
public interface GpuStream extends AutoCloseable {
    @Override
    void close();
}
