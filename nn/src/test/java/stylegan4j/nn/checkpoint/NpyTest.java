package stylegan4j.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {
    @TempDir
    Path folder;

    /** An npy file of a version, with this header dictionary and these bytes. */
    private static byte[] npy(int version, String header, byte[] data) {
        var text = header.getBytes(StandardCharsets.UTF_8);
        int lengthBytes = version == 1 ? 2 : 4;
        var file = ByteBuffer.allocate(8 + lengthBytes + text.length + data.length);
        file.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) version).put((byte) 0);
        for (int i = 0; i < lengthBytes; i++) {
            file.put((byte) (text.length >> 8 * i));
        }
        return file.put(text).put(data).array();
    }

    private static String header(String descr, boolean fortran, String shape) {
        return "{'descr': '" + descr + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape
                + ", }\n";
    }

    private static StoredTensor only(byte[] file) throws CheckpointException {
        return Samples.read(file).tensor("sample");
    }

    @Test
    void returnsWhatWasWritten() throws IOException {
        for (var entry : Samples.withoutBfloat16().entrySet()) {
            var file = folder.resolve("direction.npy");
            Npy.write(file, entry.getValue());
            var read = Checkpoints.read(file);
            assertEquals("npy", read.format());
            assertEquals(List.of("direction"), List.copyOf(read.tensors().keySet()), "named after its file");
            Samples.assertSame(entry.getKey(), entry.getValue(), read.tensor("direction"));
            assertEquals(0, (Files.size(file) - entry.getValue().byteSize()) % 64, "data begins at a multiple of 64");
        }
    }

    @Test
    void writesTheHeaderNumpyWrites() throws IOException {
        var file = folder.resolve("x.npy");
        Npy.write(file, StoredTensor.of(new float[512], 1, 512));
        var text = new String(Files.readAllBytes(file), 0, 128, StandardCharsets.ISO_8859_1);
        assertEquals("\u0093NUMPY\1\0v\0{'descr': '<f4', 'fortran_order': False, 'shape': (1, 512), }",
                text.stripTrailing());
        assertEquals('\n', text.charAt(127));
    }

    @Test
    void archivesReturnWhatWasWritten() throws IOException {
        var file = folder.resolve("all.npz");
        Npz.write(file, Samples.withoutBfloat16());
        var read = Checkpoints.read(file);
        assertEquals("npz", read.format());
        Samples.assertSame(Samples.withoutBfloat16(), read.tensors());
    }

    @Test
    void archivesPassJavasOwnZipReader() throws IOException {
        var file = folder.resolve("all.npz");
        Npz.write(file, Map.of("w", StoredTensor.of(new float[] {1, 2}, 2)));
        try (var zip = new ZipInputStream(Files.newInputStream(file))) {
            assertEquals("w.npy", zip.getNextEntry().getName());
            assertEquals(128 + 8, zip.readAllBytes().length, "read to the end, which checks the CRC");
        }
    }

    @Test
    void numpyHasNoBfloat16() {
        var tensor = Samples.tensors().get("type.BF16");
        assertThrows(IllegalArgumentException.class, () -> Npy.write(folder.resolve("x.npy"), tensor));
        assertThrows(IllegalArgumentException.class, () -> Npz.write(folder.resolve("x.npz"), Map.of("x", tensor)));
        assertFalse(Files.exists(folder.resolve("x.npz")));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void readsEveryVersion(int version) throws CheckpointException {
        assertArrayEquals(new float[] {3, -1}, only(npy(version, header("|i1", false, "(2,)"),
                new byte[] {3, -1})).toFloats());
    }

    @Test
    void reordersFortranArrays() throws CheckpointException {
        var tensor = only(npy(1, header("|u1", true, "(2, 3)"), new byte[] {1, 4, 2, 5, 3, 6}));
        assertArrayEquals(new long[] {2, 3}, tensor.shape());
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, tensor.toFloats());
    }

    @Test
    void swapsBigEndianElements() throws CheckpointException {
        assertArrayEquals(new float[] {1, -2}, only(npy(1, header(">f4", false, "(2,)"),
                ByteBuffer.allocate(8).putFloat(1).putFloat(-2).array())).toFloats());
        assertArrayEquals(new float[] {1, -2}, only(npy(1, header(">f8", false, "(2,)"),
                ByteBuffer.allocate(16).putDouble(1).putDouble(-2).array())).toFloats());
        assertArrayEquals(new float[] {258}, only(npy(1, header(">i2", false, "()"), new byte[] {1, 2})).toFloats());
        assertArrayEquals(new float[] {7}, only(npy(1, header(">u1", false, "()"), new byte[] {7})).toFloats());
    }

    @Test
    void readsHeadersInOtherStyles() throws CheckpointException {
        var tensor = only(npy(1, "{\"shape\":(1L, 2L),'fortran_order':False,'descr':'<i2'}", new byte[] {1, 0, 2, 0}));
        assertArrayEquals(new long[] {1, 2}, tensor.shape());
        assertArrayEquals(new float[] {1, 2}, tensor.toFloats());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'descr': 'O', 'fortran_order': False, 'shape': (2,)} | numpy element type O is not supported",
        "{'descr': '<c8', 'fortran_order': False, 'shape': (1,)} | numpy element type <c8",
        "{'descr': '', 'fortran_order': False, 'shape': (1,)} | numpy element type",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)} | malformed npy header",
        "{'descr': '<f4', 'fortran_order': False} | npy header lacks",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)} | F32[3] does not take the 8 bytes",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} | F32[1] does not take the 8 bytes",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)} | F32[-2]",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967298)} | F32[4294967296, 4294967298]",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775808,)} | malformed npy header",
        "{'descr': '<f4', 'fortran_order': __import__('os'), 'shape': (2,)} | malformed npy header",
        "{'descr': '<f4 | malformed npy header",
        "nonsense | malformed npy header",
    })
    void refusesLies(String header, String reason) {
        var message = Samples.refusal(npy(1, header, new byte[8]));
        assertTrue(message.contains(reason), message);
    }

    @Test
    void refusesOtherVersionsAndLengths() {
        assertTrue(Samples.refusal(npy(4, "{}", new byte[0])).contains("npy version 4"));
        var file = npy(2, "{}", new byte[0]);
        file[11] = (byte) 0xff;
        assertTrue(Samples.refusal(file).contains("npy header of 4278190082 bytes"));
    }

    private static byte[] zip(Map<String, byte[]> entries) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void inflatesCompressedArchives() throws IOException {
        var array = npy(1, header("<f8", false, "(1000,)"), new byte[8000]);
        var archive = zip(Map.of("zeros.npy", array));
        assertTrue(archive.length < 1000);
        assertArrayEquals(new float[1000], Samples.read(archive).tensor("zeros").toFloats());
    }

    @Test
    void namesTheArrayAtFault() throws IOException {
        var message = Samples.refusal(zip(Map.of("w.npy", npy(1, header("<f8", false, "(3,)"), new byte[8]))));
        assertTrue(message.contains("tensor w: npy array F64[3]"), message);
    }

    @Test
    void doesNotBelieveSizesInArchives() throws IOException {
        var archive = zip(Map.of("w.npy", npy(1, header("<f8", false, "(1000,)"), new byte[8000])));
        int directory = new String(archive, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
        for (int size : new int[] {8000, 9000, 2_000_000_000}) {
            var lie = ByteBuffer.wrap(archive.clone()).order(ByteOrder.LITTLE_ENDIAN);
            lie.putInt(directory + 24, size);
            var message = Samples.refusal(lie.array());
            assertTrue(message.contains("zip entry w.npy"), message);
        }
    }

    @Test
    void refusesOtherArchives() throws IOException {
        assertTrue(Samples.refusal(zip(Map.of("a.txt", new byte[3]))).contains("neither torch's nor numpy's"));
        assertTrue(Samples.refusal(zip(Map.of())).contains("neither torch's nor numpy's"));
    }
}
