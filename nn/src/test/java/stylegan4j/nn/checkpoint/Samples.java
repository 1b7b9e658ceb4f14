package stylegan4j.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tensors of every type and of awkward shapes, and what the tests of all formats need to compare them. */
final class Samples {
    private Samples() {
    }

    /** One tensor of each type (13 elements with all sorts of bytes), a scalar, empty ones, and a large-ish one. */
    static Map<String, StoredTensor> tensors() {
        var tensors = new LinkedHashMap<String, StoredTensor>();
        for (var type : StoredType.values()) {
            var bytes = new byte[13 * type.byteSize()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (type == StoredType.BOOL ? i % 2 : 37 * i + 11);
            }
            tensors.put("type." + type, StoredTensor.of(type, MemorySegment.ofArray(bytes), 13, 1));
        }
        tensors.put("scalar", StoredTensor.of(new float[] {-2.5f}));
        tensors.put("empty", StoredTensor.of(new float[0], 3, 0, 5));
        tensors.put("special", StoredTensor.of(new float[] {Float.NaN, -0f, Float.NEGATIVE_INFINITY}, 3));
        tensors.put("naïve/名", StoredTensor.of(new float[207], 3, 69));
        return tensors;
    }

    /** What numpy can hold of these. */
    static Map<String, StoredTensor> withoutBfloat16() {
        var tensors = tensors();
        tensors.remove("type.BF16");
        return tensors;
    }

    static void assertSame(Map<String, StoredTensor> expected, Map<String, StoredTensor> actual) {
        assertEquals(new ArrayList<>(expected.keySet()), new ArrayList<>(actual.keySet()));
        expected.forEach((name, tensor) -> assertSame(name, tensor, actual.get(name)));
    }

    static void assertSame(String name, StoredTensor expected, StoredTensor actual) {
        assertEquals(expected.toString(), actual.toString(), name);
        assertArrayEquals(expected.data().toArray(ValueLayout.JAVA_BYTE),
                actual.data().toArray(ValueLayout.JAVA_BYTE), name);
    }

    static Checkpoint read(byte[] file) throws CheckpointException {
        return Checkpoints.read(Source.of(Path.of("dir", "sample.bin"), MemorySegment.ofArray(file)));
    }

    /** Reads what must be refused, and returns the message, which must be one line that begins with the file. */
    static String refusal(byte[] file) {
        var message = assertThrows(CheckpointException.class, () -> read(file)).getMessage();
        assertEquals(1, message.lines().count(), message);
        assertEquals(0, message.indexOf(Path.of("dir", "sample.bin") + ": "), message);
        return message;
    }
}
