package stylegan4j.kernels.cuda.driver;

/** Recorded work of a stream, which one call runs again. */
public interface GpuGraph extends AutoCloseable {
    @Override
    void close();
}
