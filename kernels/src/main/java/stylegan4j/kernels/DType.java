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

    /** What is read again after {@code x} was stored so: the nearest number of the type, ties to even. */
    public float stored(float x) {
        return switch (this) {
            case F32 -> x;
            case F16 -> Float.float16ToFloat(Float.floatToFloat16(x));
            case BF16 -> {
                int bits = Float.floatToRawIntBits(x);
                yield Float.isNaN(x) ? x : Float.intBitsToFloat(bits + 0x7fff + (bits >>> 16 & 1) & 0xffff0000);
            }
            case I32 -> (int) x;
        };
    }
}
