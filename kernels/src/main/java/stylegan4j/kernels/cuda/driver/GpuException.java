package stylegan4j.kernels.cuda.driver;

/** A call to the driver or one of its libraries failed; the message names the call, its status and the kernel. */
public class GpuException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public GpuException(String message) {
        super(message);
    }

    public GpuException(String message, Throwable cause) {
        super(message, cause);
    }
}
