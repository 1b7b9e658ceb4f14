package stylegan4j.nn.checkpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor as a checkpoint holds it: element type, shape and read-only bytes in host memory.
 *
 * <p>The bytes are usually a slice of the memory-mapped file, so a tensor costs nothing until it is looked at, and two
 * tensors saved over one storage share it. They stay valid as long as the tensor is reachable; nothing needs closing.
 */
public final class StoredTensor {
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final StoredType dtype;
    private final long[] shape;
    private final long[] strides;
    private final long elements;
    private final MemorySegment storage;
    private final long offset;

    /** Trusts its arguments: every element of the view lies inside the storage. Offset and strides in elements. */
    private StoredTensor(StoredType dtype, long[] shape, long[] strides, long offset, MemorySegment storage) {
        this.dtype = dtype;
        this.shape = shape;
        this.strides = strides;
        this.elements = Shapes.elements(shape);
        this.storage = storage.asReadOnly();
        this.offset = offset;
    }

    /**
     * A float32 tensor over a copy of the values.
     *
     * @param values row-major elements
     * @param shape  dimensions, none for a scalar
     * @throws IllegalArgumentException if the shape does not hold exactly that many elements
     */
    public static StoredTensor of(float[] values, long... shape) {
        var data = Arena.ofAuto().allocate(4L * values.length, 64);
        MemorySegment.copy(values, 0, data, StoredType.FLOAT, 0, values.length);
        return of(StoredType.F32, data, shape);
    }

    /**
     * A tensor over existing bytes, which are not copied.
     *
     * @param dtype element type
     * @param data  row-major little-endian elements
     * @param shape dimensions, none for a scalar
     * @throws IllegalArgumentException if the shape does not need exactly these bytes
     */
    public static StoredTensor of(StoredType dtype, MemorySegment data, long... shape) {
        long elements = Shapes.elements(shape);
        if (elements < 0 || elements > data.byteSize() / dtype.byteSize()
                || elements * dtype.byteSize() != data.byteSize()) {
            throw new IllegalArgumentException("storedTensor: shape " + Arrays.toString(shape) + " of " + dtype
                    + " does not fit " + data.byteSize() + " bytes");
        }
        return new StoredTensor(dtype, shape.clone(), Shapes.rowMajor(shape), 0, data);
    }

    /**
     * A strided view of a storage. Callers have checked it with {@link Shapes#viewError}.
     *
     * @param offset  first element's index in the storage
     * @param strides step of each dimension, in elements
     */
    static StoredTensor view(StoredType dtype, MemorySegment storage, long offset, long[] shape, long[] strides) {
        return new StoredTensor(dtype, shape.clone(), strides.clone(), offset, storage);
    }

    /** Element type. */
    public StoredType dtype() {
        return dtype;
    }

    /** Dimensions, empty for a scalar. */
    public long[] shape() {
        return shape.clone();
    }

    /** Number of elements, 1 for a scalar. */
    public long elements() {
        return elements;
    }

    /** Bytes of {@link #data()}. */
    public long byteSize() {
        return elements * dtype.byteSize();
    }

    /**
     * The elements, contiguous, row-major and little-endian, read-only. The address may be unaligned. A view that was
     * saved with other strides is gathered into fresh memory at each call.
     */
    public MemorySegment data() {
        return Shapes.isRowMajor(shape, strides)
                ? storage.asSlice(elements == 0 ? 0 : offset * dtype.byteSize(), byteSize())
                : gather().asReadOnly();
    }

    /**
     * The elements as floats, whatever the element type.
     *
     * @throws IllegalArgumentException if there are more elements than an array can hold
     */
    public float[] toFloats() {
        if (elements > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("toFloats: " + this + " has too many elements for an array");
        }
        var values = new float[(int) elements];
        convert(MemorySegment.ofArray(values));
        return values;
    }

    /**
     * Writes the elements as native floats to the start of a segment.
     *
     * @throws IllegalArgumentException if it is smaller than 4 bytes an element
     */
    public void copyFloatsTo(MemorySegment target) {
        if (target.byteSize() / 4 < elements) {
            throw new IllegalArgumentException("copyFloatsTo: " + this + " needs " + 4 * elements
                    + " bytes, target has " + target.byteSize());
        }
        convert(target);
    }

    private void convert(MemorySegment target) {
        var data = data();
        if (dtype == StoredType.F32) {
            MemorySegment.copy(data, StoredType.FLOAT, 0, target, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, elements);
            return;
        }
        int size = dtype.byteSize();
        for (long i = 0; i < elements; i++) {
            target.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, (float) dtype.get(data, i * size));
        }
    }

    /**
     * The same numbers in half precision, each rounded to the nearest.
     *
     * @throws IllegalArgumentException if a finite one is beyond half precision's range
     */
    public StoredTensor toHalf() {
        float[] values = toFloats();
        var half = Arena.ofAuto().allocate(2L * values.length, 64);
        for (int i = 0; i < values.length; i++) {
            short rounded = Float.floatToFloat16(values[i]);
            if (Float.isFinite(values[i]) && !Float.isFinite(Float.float16ToFloat(rounded))) {
                throw new IllegalArgumentException("toHalf: element " + i + " of " + this + " is " + values[i]
                        + ", beyond half precision");
            }
            half.set(StoredType.SHORT, 2L * i, rounded);
        }
        return of(StoredType.F16, half, shape);
    }

    /** Row-major index of the first element that is infinite or not a number, or -1 if there is none. */
    public long firstNonFinite() {
        if (!dtype.isFloating()) {
            return -1;
        }
        var data = data();
        if (dtype == StoredType.F32) {
            return firstNonFinite(data, elements);
        }
        int size = dtype.byteSize();
        for (long i = 0; i < elements; i++) {
            if (!Double.isFinite(dtype.get(data, i * size))) {
                return i;
            }
        }
        return -1;
    }

    /** The common case, by the exponent's bits. */
    private static long firstNonFinite(MemorySegment floats, long elements) {
        int exponent = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
        for (long i = 0; i < elements; i++) {
            if ((floats.get(INT, i * Integer.BYTES) & exponent) == exponent) {
                return i;
            }
        }
        return -1;
    }

    /** Copies row by row, walking the outer dimensions like an odometer. */
    private MemorySegment gather() {
        int size = dtype.byteSize();
        var out = Arena.ofAuto().allocate(byteSize(), 64);
        int last = shape.length - 1;
        var index = new long[last];
        long from = offset;
        for (long to = 0; to < elements; to += shape[last]) {
            for (long i = 0; i < shape[last]; i++) {
                long source = (from + i * strides[last]) * size;
                long target = (to + i) * size;
                switch (size) {
                    case 8 -> out.set(StoredType.LONG, target, storage.get(StoredType.LONG, source));
                    case 4 -> out.set(StoredType.INT, target, storage.get(StoredType.INT, source));
                    case 2 -> out.set(StoredType.SHORT, target, storage.get(StoredType.SHORT, source));
                    default -> out.set(ValueLayout.JAVA_BYTE, target, storage.get(ValueLayout.JAVA_BYTE, source));
                }
            }
            for (int d = last - 1; d >= 0; d--) {
                from += strides[d];
                if (++index[d] < shape[d]) {
                    break;
                }
                from -= strides[d] * shape[d];
                index[d] = 0;
            }
        }
        return out;
    }

    /** For example {@code F32[1, 512]}. */
    @Override
    public String toString() {
        return dtype + Arrays.toString(shape);
    }
}
