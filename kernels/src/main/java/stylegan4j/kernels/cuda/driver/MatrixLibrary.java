package stylegan4j.kernels.cuda.driver;

/** Matrix products of a vendor's library (cuBLAS). */
public interface MatrixLibrary extends AutoCloseable {
    /** Name and version, for messages and records. */
    String version();

    void multiply(MatrixProduct product, GpuStream stream);

    @Override
    void close();
}
