package stylegan4j.kernels.cpu.gemm;

/** An array that grows when more is asked for, kept by each thread between calls. */
public final class HeapArray {
    private final ThreadLocal<float[]> array = ThreadLocal.withInitial(() -> new float[0]);

    /** At least {@code size} floats, contents undefined. */
    public float[] ofSize(int size) {
        float[] current = array.get();
        if (current.length < size) {
            current = new float[size];
            array.set(current);
        }
        return current;
    }
}
