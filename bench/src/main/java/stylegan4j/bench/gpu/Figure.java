package stylegan4j.bench.gpu;

/**
 * One measurement.
 *
 * @param group which table it belongs to
 * @param name what was done; the official code's figures go by the same names
 * @param seconds of one call, NaN if it failed
 * @param bytes that must be read and written, 0 if that says nothing
 * @param flop multiplications and additions of the direct method, 0 if that says nothing
 * @param memory peak of device memory in bytes, 0 if not looked at
 * @param note why it failed, or what else to know; may be empty
 */
record Figure(String group, String name, double seconds, double bytes, double flop, long memory, String note) {
    double gigabytesPerSecond() {
        return bytes / seconds * 1e-9;
    }

    double teraflops() {
        return flop / seconds * 1e-12;
    }
}
