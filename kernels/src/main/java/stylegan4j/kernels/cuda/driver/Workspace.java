package stylegan4j.kernels.cuda.driver;

/** Gives a library scratch memory on the device. */
@FunctionalInterface
public interface Workspace {
    /** Memory of {@code bytes} bytes, aligned to 256, for work of the current call only. */
    long take(long bytes);
}
