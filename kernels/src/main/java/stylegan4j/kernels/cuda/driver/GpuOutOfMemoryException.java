package stylegan4j.kernels.cuda.driver;

/** The device has not as much memory left as was asked for. */
public final class GpuOutOfMemoryException extends GpuException {
    private static final long serialVersionUID = 1;

    public GpuOutOfMemoryException(String message) {
        super(message);
    }
}
