package stylegan4j.nn.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The element types a checkpoint may hold, with their names in each format. Elements are little-endian. */
public enum StoredType {
    /** IEEE double precision. */
    F64(8, "DoubleStorage", "<f8"),
    /** IEEE single precision. */
    F32(4, "FloatStorage", "<f4"),
    /** IEEE half precision. */
    F16(2, "HalfStorage", "<f2"),
    /** The upper half of an IEEE single; numpy has no such type. */
    BF16(2, "BFloat16Storage", null),
    /** 64-bit signed integer. */
    I64(8, "LongStorage", "<i8"),
    /** 32-bit signed integer. */
    I32(4, "IntStorage", "<i4"),
    /** 16-bit signed integer. */
    I16(2, "ShortStorage", "<i2"),
    /** 8-bit signed integer. */
    I8(1, "CharStorage", "|i1"),
    /** 8-bit unsigned integer. */
    U8(1, "ByteStorage", "|u1"),
    /** One byte each: 0 or 1. */
    BOOL(1, "BoolStorage", "|b1");

    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int byteSize;
    private final String torchStorage;
    private final String numpyDescr;

    StoredType(int byteSize, String torchStorage, String numpyDescr) {
        this.byteSize = byteSize;
        this.torchStorage = torchStorage;
        this.numpyDescr = numpyDescr;
    }

    /** Bytes of one element. */
    public int byteSize() {
        return byteSize;
    }

    /** Whether elements may be fractions (and so may be infinite or not a number). */
    public boolean isFloating() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }

    /** The type's name in a safetensors header, which is also the constant's. */
    public String safetensorsName() {
        return name();
    }

    /** The class of {@code torch} whose storages hold this type. */
    public String torchStorage() {
        return torchStorage;
    }

    /** numpy's little-endian array-protocol string, or null where numpy has no such type. */
    public String numpyDescr() {
        return numpyDescr;
    }

    /** The type of this safetensors name, or null if it is none of these. */
    static StoredType ofSafetensors(String name) {
        for (var type : values()) {
            if (type.safetensorsName().equals(name)) {
                return type;
            }
        }
        return null;
    }

    /** The type held by this storage class of {@code torch}, or null if it is none of these. */
    static StoredType ofTorchStorage(String className) {
        for (var type : values()) {
            if (type.torchStorage.equals(className)) {
                return type;
            }
        }
        return null;
    }

    /** The type of this numpy kind and size such as {@code f4}, without byte order, or null if it is none of these. */
    static StoredType ofNumpy(String kindAndSize) {
        for (var type : values()) {
            if (type.numpyDescr != null && type.numpyDescr.substring(1).equals(kindAndSize)) {
                return type;
            }
        }
        return null;
    }

    /** The element at a byte offset, as the nearest double. */
    double get(MemorySegment data, long offset) {
        return switch (this) {
            case F64 -> data.get(DOUBLE, offset);
            case F32 -> data.get(FLOAT, offset);
            case F16 -> Float.float16ToFloat(data.get(SHORT, offset));
            case BF16 -> Float.intBitsToFloat(data.get(SHORT, offset) << 16);
            case I64 -> data.get(LONG, offset);
            case I32 -> data.get(INT, offset);
            case I16 -> data.get(SHORT, offset);
            case I8 -> data.get(ValueLayout.JAVA_BYTE, offset);
            case U8 -> data.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
            case BOOL -> data.get(ValueLayout.JAVA_BYTE, offset) == 0 ? 0 : 1;
        };
    }
}
