package stylegan4j.kernels.cuda.driver;

/**
 * What a GPU is.
 *
 * @param name as its driver calls it
 * @param index number of the device, from 0
 * @param major first digit of the compute capability (9 of 9.0)
 * @param minor second digit of the compute capability
 * @param multiprocessors number of streaming multiprocessors
 * @param memory bytes of device memory
 * @param sharedPerBlock most bytes of shared memory a block may ask for
 * @param l2Cache bytes of second-level cache
 * @param driverVersion CUDA version of the driver, as 1000·major + 10·minor
 */
public record GpuProperties(String name, int index, int major, int minor, int multiprocessors, long memory,
                            int sharedPerBlock, long l2Cache, int driverVersion) {
    /** The compute capability as one number: 90 for 9.0. */
    public int capability() {
        return 10 * major + minor;
    }

    /** The architecture's name: {@code sm_90}. */
    public String architecture() {
        return "sm_" + capability();
    }
}
