package stylegan4j.kernels;

/**
 * What a backend's memory holds, in bytes.
 *
 * @param live handed out and not yet released
 * @param peak the largest {@code live} so far
 * @param reserved obtained from the system: live and pooled
 * @param buffers number of live buffers
 */
public record MemoryStats(long live, long peak, long reserved, long buffers) {
}
