package stylegan4j.kernels;

/**
 * Work that a device has recorded, to be run again by one call: the same operations with the same numbers on the same
 * memory. Close it before its device.
 */
public interface Recording extends AutoCloseable {
    /** Starts all of the work, in order after what was started before. */
    void replay();

    /** Forgets the work, and frees the memory that only it used. */
    @Override
    void close();
}
