package stylegan4j.kernels.cuda.driver;

/** A point in the work of a stream, to wait for or to take the time at. */
public interface GpuEvent extends AutoCloseable {
    @Override
    void close();
}
