package stylegan4j.kernels;

/** A block of memory that a {@link Backend} handed out; only that backend can read or free it. */
public interface Buffer {
    /** Usable size in bytes. */
    long bytes();
}
