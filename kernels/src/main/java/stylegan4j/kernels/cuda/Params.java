package stylegan4j.kernels.cuda;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.NdArray;

/**
 * Writes a kernel's parameter struct field by field, aligned as C does. The kernel's struct lists the same fields in
 * the same order, by decreasing alignment. One of each thread is used again and again.
 */
public final class Params {
    /** What every device takes as parameters of a kernel. */
    private static final int MOST = 4096;

    private static final ThreadLocal<Params> OF_THREAD = ThreadLocal.withInitial(Params::new);

    private final MemorySegment memory = Arena.ofAuto().allocate(MOST, 16);
    private long at;
    private int alignment;

    private Params() {
    }

    /** This thread's struct, empty. */
    public static Params start() {
        Params params = OF_THREAD.get();
        params.at = 0;
        params.alignment = 1;
        return params;
    }

    /** A pointer to the array's first element; null gives a null pointer. */
    public Params pointer(NdArray array) {
        return integer64(array == null ? 0 : CudaBuffer.address(array));
    }

    /** A pointer, as a number. */
    public Params pointer(long address) {
        return integer64(address);
    }

    /** A {@code long long}. */
    public Params integer64(long value) {
        memory.set(JAVA_LONG, place(8), value);
        return this;
    }

    /** An {@code int}. */
    public Params integer(int value) {
        memory.set(JAVA_INT, place(4), value);
        return this;
    }

    /** An {@code int}: the number of an enum's constant. */
    public Params code(Enum<?> constant) {
        return integer(constant.ordinal());
    }

    /** An {@code int}, 1 or 0. */
    public Params flag(boolean value) {
        return integer(value ? 1 : 0);
    }

    /** A {@code float}. */
    public Params real(float value) {
        memory.set(JAVA_FLOAT, place(4), value);
        return this;
    }

    /** A {@code double}. */
    public Params real64(double value) {
        memory.set(JAVA_DOUBLE, place(8), value);
        return this;
    }

    /** An array {@code long long[length]}: the values, then zeros. */
    public Params integers64(long[] values, int length) {
        for (int i = 0; i < length; i++) {
            integer64(i < values.length ? values[i] : 0);
        }
        return this;
    }

    /** An array {@code int[length]}: the values, then zeros. */
    public Params integers(int[] values, int length) {
        for (int i = 0; i < length; i++) {
            integer(i < values.length ? values[i] : 0);
        }
        return this;
    }

    /** An array {@code float[length]}: the values, then zeros. */
    public Params reals(float[] values, int length) {
        for (int i = 0; i < length; i++) {
            real(i < values.length ? values[i] : 0);
        }
        return this;
    }

    /** Pads to the alignment of a struct that begins or ends here. */
    public Params align(int bytes) {
        at = Math.ceilDiv(at, bytes) * bytes;
        return this;
    }

    /** The struct, padded to its alignment; valid until this thread starts another. */
    MemorySegment finished() {
        align(alignment);
        return memory.asSlice(0, at);
    }

    private long place(int bytes) {
        align(bytes);
        alignment = Math.max(alignment, bytes);
        if (at + bytes > MOST) {
            throw new IllegalStateException("a kernel's parameters exceed " + MOST + " bytes");
        }
        long place = at;
        at += bytes;
        return place;
    }
}
