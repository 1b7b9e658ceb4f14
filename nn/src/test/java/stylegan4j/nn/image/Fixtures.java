package stylegan4j.nn.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;

/** The reference files that make_fixtures.py wrote with Pillow. */
final class Fixtures {
    private Fixtures() {
    }

    static byte[] bytes(String name) throws IOException {
        try (InputStream in = Fixtures.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    static List<String> lines(String name) throws IOException {
        return new String(bytes(name), StandardCharsets.US_ASCII).lines().toList();
    }

    static Path copy(String name, Path folder) throws IOException {
        return Files.write(folder.resolve(name), bytes(name));
    }

    static int channels(String mode) {
        return switch (mode) {
            case "L", "F" -> 1;
            case "RGB" -> 3;
            case "RGBA" -> 4;
            default -> throw new IllegalArgumentException(mode);
        };
    }

    /** Interleaved 8-bit pixels against hexadecimal digits, or {@code crc32:} and their checksum. */
    static void assertPixels(String expected, Image actual, String message) {
        for (float value : actual.data()) {
            assertEquals(Image.to8Bits(value), value, message);
        }
        if (expected.startsWith("crc32:")) {
            var crc = new CRC32();
            crc.update(actual.toBytes());
            assertEquals(expected.substring(6), "%08x".formatted(crc.getValue()), message);
        } else {
            assertArrayEquals(HexFormat.of().parseHex(expected), actual.toBytes(), message);
        }
    }
}
