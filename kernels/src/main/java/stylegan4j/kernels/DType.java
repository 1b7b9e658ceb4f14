package stylegan4j.kernels;

/** Element types a backend stores. Arithmetic is always done in {@link #F32}; the half types are storage only. */
public enum DType {
    /** IEEE binary32. */
    F32(4),
    /** IEEE binary16, storage only. */
    F16(2),
    /** The upper half of a binary32, storage only. */
    BF16(2),
    /** Signed 32-bit integers: indices. */
    I32(4);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Size of one element in bytes. */
    public int bytes() {
        return bytes;
    }
}
