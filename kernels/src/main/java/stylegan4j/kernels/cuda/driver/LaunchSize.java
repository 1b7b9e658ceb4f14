package stylegan4j.kernels.cuda.driver;

/**
 * How many threads run a kernel: a grid of blocks of threads.
 *
 * @param shared bytes of dynamic shared memory of each block
 */
public record LaunchSize(int gridX, int gridY, int gridZ, int blockX, int blockY, int blockZ, int shared) {
    /** A row of blocks. */
    public static LaunchSize of(int blocks, int threads) {
        return new LaunchSize(blocks, 1, 1, threads, 1, 1, 0);
    }

    /** A grid of blocks, each a row of threads. */
    public static LaunchSize of(int gridX, int gridY, int gridZ, int threads) {
        return new LaunchSize(gridX, gridY, gridZ, threads, 1, 1, 0);
    }

    /** The same grid, each block with {@code bytes} of dynamic shared memory. */
    public LaunchSize withShared(int bytes) {
        return new LaunchSize(gridX, gridY, gridZ, blockX, blockY, blockZ, bytes);
    }
}
