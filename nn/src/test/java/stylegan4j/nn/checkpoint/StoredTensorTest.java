package stylegan4j.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class StoredTensorTest {
    private static StoredTensor tensor(StoredType type, long... bits) {
        var bytes = ByteBuffer.allocate(bits.length * type.byteSize()).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : bits) {
            switch (type.byteSize()) {
                case 8 -> bytes.putLong(value);
                case 4 -> bytes.putInt((int) value);
                case 2 -> bytes.putShort((short) value);
                default -> bytes.put((byte) value);
            }
        }
        return StoredTensor.of(type, MemorySegment.ofArray(bytes.array()), bits.length);
    }

    @Test
    void everyTypeBecomesFloats() {
        assertArrayEquals(new float[] {1.5f, Float.POSITIVE_INFINITY}, tensor(StoredType.F64,
                Double.doubleToLongBits(1.5), Double.doubleToLongBits(1e300)).toFloats());
        assertArrayEquals(new float[] {-3f, Float.MIN_VALUE}, tensor(StoredType.F32,
                Float.floatToIntBits(-3f), 1).toFloats());
        assertArrayEquals(new float[] {1, -2, 0x1p-24f, 65504, Float.NEGATIVE_INFINITY}, tensor(StoredType.F16,
                0x3c00, 0xc000, 1, 0x7bff, 0xfc00).toFloats());
        assertArrayEquals(new float[] {1, -2, 0x1p-133f, Float.NaN}, tensor(StoredType.BF16,
                0x3f80, 0xc000, 1, 0x7fc0).toFloats());
        assertArrayEquals(new float[] {-1, 0x1p63f}, tensor(StoredType.I64, -1, Long.MAX_VALUE).toFloats());
        assertArrayEquals(new float[] {-1, -0x1p31f}, tensor(StoredType.I32, -1, Integer.MIN_VALUE).toFloats());
        assertArrayEquals(new float[] {-1, 32767}, tensor(StoredType.I16, -1, 32767).toFloats());
        assertArrayEquals(new float[] {-1, 127}, tensor(StoredType.I8, -1, 127).toFloats());
        assertArrayEquals(new float[] {255, 127}, tensor(StoredType.U8, -1, 127).toFloats());
        assertArrayEquals(new float[] {0, 1}, tensor(StoredType.BOOL, 0, 1).toFloats());
    }

    @Test
    void copiesFloatsIntoNativeMemory() {
        try (var arena = Arena.ofConfined()) {
            var target = arena.allocate(12);
            target.fill((byte) 0x7f);
            tensor(StoredType.U8, 7, 200).copyFloatsTo(target);
            assertArrayEquals(new float[] {7, 200}, target.asSlice(0, 8).toArray(ValueLayout.JAVA_FLOAT));
            assertEquals(0x7f7f7f7f, target.get(ValueLayout.JAVA_INT, 8), "bytes behind the last element changed");
            var e = assertThrows(IllegalArgumentException.class,
                    () -> StoredTensor.of(new float[4], 2, 2).copyFloatsTo(target));
            assertEquals("copyFloatsTo: F32[2, 2] needs 16 bytes, target has 12", e.getMessage());
        }
    }

    @Test
    void ownsItsValues() {
        var values = new float[] {1, 2};
        var tensor = StoredTensor.of(values, 2);
        values[0] = 5;
        tensor.shape()[0] = 99;
        assertArrayEquals(new float[] {1, 2}, tensor.toFloats());
        assertArrayEquals(new long[] {2}, tensor.shape());
        assertThrows(IllegalArgumentException.class, () -> tensor.data().fill((byte) 0));
    }

    @Test
    void gathersAnyStrides() {
        var storage = new float[7 * 13 * 5 * 2];
        for (int i = 0; i < storage.length; i++) {
            storage[i] = i;
        }
        var data = MemorySegment.ofArray(storage);
        long[] shape = {5, 7, 1, 13};
        long[] strides = {1, 65, 1000, 5};
        var gathered = StoredTensor.view(StoredType.F32, data, 3, shape, strides).toFloats();
        int at = 0;
        for (int a = 0; a < 5; a++) {
            for (int b = 0; b < 7; b++) {
                for (int c = 0; c < 13; c++) {
                    assertEquals(3 + a + 65 * b + 5 * c, gathered[at++]);
                }
            }
        }
        assertEquals(gathered.length, at);
    }

    @Test
    void expandsStrideZero() {
        var data = MemorySegment.ofArray(new float[] {9, 4});
        assertArrayEquals(new float[] {9, 9, 9, 4, 4, 4},
                StoredTensor.view(StoredType.F32, data, 0, new long[] {2, 3}, new long[] {1, 0}).toFloats());
    }

    @Test
    void findsTheFirstNonFiniteElement() {
        assertEquals(-1, StoredTensor.of(new float[] {1, Float.MAX_VALUE}, 2).firstNonFinite());
        assertEquals(1, StoredTensor.of(new float[] {1, Float.NaN, Float.NaN}, 3).firstNonFinite());
        assertEquals(0, tensor(StoredType.F16, 0x7c00).firstNonFinite());
        assertEquals(2, tensor(StoredType.BF16, 0, 0, 0xff80).firstNonFinite());
        assertEquals(1, tensor(StoredType.F64, 0, Double.doubleToLongBits(Double.NaN)).firstNonFinite());
        assertEquals(-1, tensor(StoredType.F64, Double.doubleToLongBits(1e300)).firstNonFinite());
        assertEquals(-1, tensor(StoredType.I64, -1).firstNonFinite());
    }

    @Test
    void refusesShapesThatDoNotFit() {
        assertThrows(IllegalArgumentException.class, () -> StoredTensor.of(new float[6], 2, 4));
        assertThrows(IllegalArgumentException.class, () -> StoredTensor.of(new float[6], -2, -3));
        assertThrows(IllegalArgumentException.class, () -> StoredTensor.of(new float[0], 1L << 32, 1L << 32));
        assertThrows(IllegalArgumentException.class,
                () -> StoredTensor.of(StoredType.F32, MemorySegment.ofArray(new byte[5]), 1));
    }

    @Test
    void countsElementsWithoutOverflow() {
        assertEquals(1, Shapes.elements(new long[0]));
        assertEquals(0, Shapes.elements(new long[] {1L << 62, 1L << 62, 0}));
        assertEquals(-1, Shapes.elements(new long[] {1L << 32, 1L << 31}));
        assertEquals(Long.MAX_VALUE, Shapes.elements(new long[] {Long.MAX_VALUE, 1}));
        assertEquals(-1, Shapes.elements(new long[] {0, -1}));
    }

    @Test
    void judgesViews() {
        assertNull(error(0, new long[] {2, 5}, new long[] {5, 1}));
        assertNull(error(9, new long[] {1, 1}, new long[] {77, 99}));
        assertNull(error(1 << 20, new long[] {0}, new long[] {1}), "an empty view touches nothing");
        assertNotNull(error(1, new long[] {2, 5}, new long[] {5, 1}));
        assertNotNull(error(10, new long[0], new long[0]));
        assertNotNull(error(-1, new long[] {1}, new long[] {1}));
        assertNotNull(error(9, new long[] {2}, new long[] {-1}));
        assertNotNull(error(0, new long[] {2}, new long[0]));
        assertNotNull(error(0, new long[] {1L << 33, 1L << 33}, new long[] {0, 0}));
        assertNotNull(error(0, new long[] {1L << 40}, new long[] {0}), "far larger than the file");
        assertNotNull(error(Long.MAX_VALUE, new long[] {2}, new long[] {Long.MAX_VALUE}));
        assertNotNull(error(0, new long[] {1L << 32}, new long[] {1L << 32}));
    }

    /** Judges a float32 view of a storage of 10 elements in a file of 100 bytes. */
    private static String error(long offset, long[] shape, long[] strides) {
        return Shapes.viewError(StoredType.F32, offset, shape, strides, 40, 100);
    }
}
