package stylegan4j.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {
    @TempDir
    Path folder;

    private static byte[] file(String header, int dataBytes) {
        var text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length).put(text).array();
    }

    @Test
    void returnsWhatWasWritten() throws IOException {
        var file = folder.resolve("all.bin");
        Safetensors.write(file, Samples.tensors(), Map.of("kind", "a \"quoted\" ü"));
        var read = Checkpoints.read(file);
        assertEquals("safetensors", read.format());
        assertEquals(Map.of("kind", "a \"quoted\" ü"), read.metadata());
        Samples.assertSame(Samples.tensors(), read.tensors());
        assertEquals(0, ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8);
    }

    @Test
    void bytesDoNotDependOnTheOrderOfMetadata() throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        var written = new byte[2][];
        for (int i = 0; i < 2; i++) {
            metadata.put("format", "1");
            metadata.put("base", "2");
            var file = folder.resolve(i + ".safetensors");
            Safetensors.write(file, Samples.tensors(), metadata);
            written[i] = Files.readAllBytes(file);
            metadata.remove("format");
        }
        assertArrayEquals(written[0], written[1]);
    }

    @Test
    void holdsNothingAtAll() throws IOException {
        var file = folder.resolve("none.safetensors");
        Safetensors.write(file, Map.of(), Map.of());
        assertTrue(Checkpoints.read(file).tensors().isEmpty());
    }

    @Test
    void replacesItsTargetOnlyWhenComplete() throws IOException {
        var file = folder.resolve("kept.safetensors");
        Files.writeString(file, "precious");
        var broken = new HashMap<String, StoredTensor>();
        broken.put("x", null);
        assertThrows(NullPointerException.class, () -> Safetensors.write(file, broken, Map.of()));
        assertThrows(IOException.class, () -> AtomicFile.write(file, out -> {
            out.write(new byte[100]);
            throw new IOException("disk full");
        }));
        assertEquals("precious", Files.readString(file));
        try (var files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
        Safetensors.write(file, Samples.tensors(), Map.of());
        Samples.assertSame(Samples.tensors(), Checkpoints.read(file).tensors());
    }

    @Test
    void readsWhileTheFileIsReplaced() throws IOException {
        var file = folder.resolve("self.safetensors");
        Safetensors.write(file, Samples.tensors(), Map.of());
        var read = Checkpoints.read(file);
        Safetensors.write(file, Map.of("only", read.tensor("special")), Map.of());
        Samples.assertSame(Samples.tensors(), read.tensors());
        assertArrayEquals(read.tensor("special").toFloats(), Checkpoints.read(file).tensor("only").toFloats());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | 9 | 1 bytes of data belong to no tensor",
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}} | 7 | tensor a: data_offsets",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}} | 8 | tensor a: F32[3] does not take the 8 bytes",
        "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}} | 8 | tensor a: F32[-2]",
        "{'a':{'dtype':'F32','shape':[1152921504606846976,4],'data_offsets':[0,0]}} | 0 | tensor a: F32",
        "{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,0]}} | 0 | tensor a: F32",
        "{'a':{'dtype':'U8','shape':[4],'data_offsets':[4,8]}} | 8 | tensor a: data_offsets [4, 8] leave a gap",
        "{'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4]},'b':{'dtype':'U8','shape':[4],'data_offsets':[2,6]}}"
                + " | 6 | tensor b: data_offsets [2, 6] leave a gap, overlap",
        "{'a':{'dtype':'U8','shape':[4],'data_offsets':[4,0]}} | 4 | tensor a: data_offsets",
        "{'a':{'dtype':'U8','shape':[4],'data_offsets':[0,9223372036854775807]}} | 4 | tensor a: data_offsets",
        "{'a':{'dtype':'F8_E4M3','shape':[4],'data_offsets':[0,4]}} | 4 | tensor a: element type F8_E4M3",
        "{'a':{'dtype':'U8','shape':[4]}} | 4 | tensor a: header entry lacks",
        "{'a':{'dtype':'U8','shape':[4.5],'data_offsets':[0,4]}} | 4 | malformed safetensors header",
        "{'a':{'dtype':'U8','shape':['4'],'data_offsets':[0,4]}} | 4 | malformed safetensors header",
        "{'a':{'dtype':'U8','shape':[4],'data_offsets':[0,4],'x':0}} | 4 | tensor a: unknown key",
        "{'a':[[[[[[[[[[[[]]]]]]]]]]]]} | 0 | malformed safetensors header",
        "{'a':{'dtype':'U8','shape':[],'data_offsets':[0,1]},'a':{'dtype':'U8','shape':[],'data_offsets':[0,1]}}"
                + " | 1 | tensor a: the name occurs twice",
        "{'a':3} | 0 | malformed safetensors header",
        "{}} | 0 | malformed safetensors header",
        "{'a' | 0 | malformed safetensors header",
    })
    void refusesLies(String header, int dataBytes, String reason) {
        var message = Samples.refusal(file(header.replace('\'', '"'), dataBytes));
        assertTrue(message.contains(reason), message);
    }

    @ParameterizedTest
    @CsvSource({"9223372036854775807", "-1", "1152921504606846976", "33554433", "3"})
    void refusesHeaderLengths(long length) {
        var bytes = file("{}", 0);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        assertTrue(Samples.refusal(bytes).contains("safetensors header of"));
    }

    @Test
    void namesTheFileThatIsMissing() {
        var missing = folder.resolve("missing.pt");
        var e = assertThrows(NoSuchFileException.class, () -> Checkpoints.read(missing));
        assertTrue(e.getMessage().contains("missing.pt"));
    }

    @Test
    void refusesOtherFiles() {
        assertTrue(Samples.refusal(new byte[0]).endsWith("empty file"));
        assertTrue(Samples.refusal("hello, world".getBytes(StandardCharsets.US_ASCII)).endsWith("known format"));
        assertTrue(Samples.refusal(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10}).endsWith("known format"));
    }
}
