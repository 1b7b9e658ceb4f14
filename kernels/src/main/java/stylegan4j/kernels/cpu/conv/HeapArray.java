package stylegan4j.kernels.cpu.conv;

/** An array that grows when more is asked for, kept by each thread between calls. */
final class HeapArray {
    private final ThreadLocal<float[]> array = ThreadLocal.withInitial(() -> new float[0]);

    /** At least {@code size} floats, contents undefined. */
    float[] ofSize(int size) {
        float[] current = array.get();
        if (current.length < size) {
            current = new float[size];
            array.set(current);
        }
        return current;
    }
}
