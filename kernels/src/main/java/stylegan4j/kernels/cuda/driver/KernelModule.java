package stylegan4j.kernels.cuda.driver;

/** The kernels of one compiled source. */
public interface KernelModule extends AutoCloseable {
    /**
     * @throws GpuException if the source has no kernel of this name
     */
    KernelFunction function(String name);

    @Override
    void close();
}
