package stylegan4j.nn.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImagesTest {
    @TempDir
    Path folder;

    static Stream<String> decodeCases() throws IOException {
        return Fixtures.lines("decode.txt").stream();
    }

    @ParameterizedTest
    @MethodSource("decodeCases")
    void readsWhatPillowReads(String line) throws IOException {
        String[] f = line.split(" ");
        Image image = Images.read(Fixtures.copy(f[0], folder), Fixtures.channels(f[1]));
        assertEquals(Integer.parseInt(f[2]), image.height());
        assertEquals(Integer.parseInt(f[3]), image.width());
        Fixtures.assertPixels(f[4], image, f[0] + " " + f[1]);
    }

    /** Flat 8x8 blocks: JPEG at quality 95 keeps them to 3 levels, Pillow itself too (make_fixtures.py asserts it). */
    @ParameterizedTest
    @ValueSource(strings = {"orientation1.jpg", "orientation2.jpg", "orientation3.jpg", "orientation4.jpg",
        "orientation5.jpg", "orientation6.jpg", "orientation7.jpg", "orientation8.jpg", "orientation6.png"})
    void exifOrientationIsApplied(String name) throws IOException {
        Image upright = Images.read(Fixtures.copy("upright.png", folder));
        Image image = Images.read(Fixtures.copy(name, folder));
        assertEquals(upright.toString(), image.toString());
        assertArrayEquals(upright.data(), image.data(), 3f);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgb.png", "rgb16.png", "rgba16-interlaced.png", "palette.png", "grey1.png",
        "baseline.jpg", "progressive.jpg", "grey.jpg", "cmyk.jpg"})
    void truncationIsNoticedWhereverItHappens(String name) throws IOException {
        byte[] whole = Fixtures.bytes(name);
        // The last 20 bytes are beyond the pixels: PNG's IEND and checksums, JPEG's EOI and padding.
        for (int length = 1; length < whole.length - 20; length += 7) {
            Path file = Files.write(folder.resolve(name), Arrays.copyOf(whole, length));
            var e = assertThrows(ImageException.class, () -> Images.read(file), name + " cut at " + length);
            assertOneLine(file, e);
        }
        Path half = Files.write(folder.resolve(name), Arrays.copyOf(whole, whole.length - 20));
        assertEquals(half + ": is truncated", assertThrows(ImageException.class, () -> Images.read(half)).getMessage());
    }

    @Test
    void whatIsNoPictureIsRefused() throws IOException {
        assertReason("is not a PNG or JPEG picture", "GIF89a, say".getBytes(StandardCharsets.US_ASCII));
        assertReason("is empty", new byte[0]);
        Path missing = folder.resolve("missing.png");
        assertEquals(missing + ": no such file",
                assertThrows(ImageException.class, () -> Images.read(missing)).getMessage());
        assertOneLine(folder, assertThrows(ImageException.class, () -> Images.read(folder)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rgb.png", "baseline.jpg", "progressive.jpg"})
    void garbageNeverEscapesAsAnotherException(String name) throws IOException {
        byte[] good = Fixtures.bytes(name);
        var random = new Random(5);
        // PNG's size is left alone: a random one costs gigabytes before it is found wrong, and has its own test.
        int start = name.endsWith(".png") ? 24 : 3;
        int refused = 0;
        for (int trial = 0; trial < 300; trial++) {
            byte[] bad = good.clone();
            for (int i = 0; i < 3; i++) {
                bad[start + random.nextInt(bad.length - start)] = (byte) random.nextInt();
            }
            Path file = Files.write(folder.resolve(name), bad);
            try {
                Images.read(file);
            } catch (ImageException e) {
                assertOneLine(file, e);
                refused++;
            }
        }
        assertTrue(refused > 0);
    }

    @Test
    void sizeIsCheckedBeforeAnythingIsAllocated() throws IOException {
        assertReason("is too big: 20000x20000, at most 268435456 pixels are read", pngOfSize(20000, 20000));
        assertTrue(reason(pngOfSize(0, 5)).contains("width"), reason(pngOfSize(0, 5)));
        byte[] short16k = pngOfSize(16384, 16384);
        assertReason("is truncated: 16384x16384 pixels cannot come of " + short16k.length + " bytes", short16k);
        byte[] jpeg = Fixtures.bytes("baseline.jpg");
        int frame = indexOf(jpeg, 0xff, 0xc0);
        ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 65000).putShort(frame + 7, (short) 65000);
        assertReason("is too big: 65000x65000, at most 268435456 pixels are read", jpeg);
        ByteBuffer.wrap(jpeg).putShort(frame + 5, (short) 0);
        assertOneLine(folder, assertThrows(ImageException.class, () -> Images.read(write(jpeg))));
    }

    @Test
    void pngKeepsEveryByte() throws IOException {
        for (int channels : new int[] {1, 3, 4}) {
            for (int[] size : new int[][] {{1, 1}, {13, 207}}) {
                Image image = ResizeTest.pattern(channels, size[0], size[1]);
                Path file = folder.resolve("x.png");
                Images.write(image, file);
                Image again = Images.read(file, channels);
                assertEquals(image.toString(), again.toString());
                assertArrayEquals(image.data(), again.data());
            }
        }
        assertOnlyFile("x.png");
    }

    @Test
    void jpegQualityDecidesSizeAndError() throws IOException {
        Image image = Resize.to(Images.read(Fixtures.copy("upright.png", folder)), 61, 77, ResizeFilter.BICUBIC);
        Path fine = folder.resolve("fine.jpg");
        Path coarse = folder.resolve("coarse.jpeg");
        Images.writeJpeg(image.convert(4), fine, 98);
        Images.writeJpeg(image, coarse, 10);
        assertTrue(Files.size(fine) > 2 * Files.size(coarse));
        assertTrue(meanError(image, Images.read(fine)) < 3, "chroma is halved: edges of saturated colours blur");
        assertTrue(meanError(image, Images.read(fine)) < meanError(image, Images.read(coarse)));
        assertThrows(IllegalArgumentException.class, () -> Images.writeJpeg(image, fine, 0));
    }

    @Test
    void unwritablePlacesAreNamed() throws IOException {
        Files.createDirectory(folder.resolve("is a folder.png"));
        assertThrows(ImageException.class, () -> Images.writePng(Image.black(1, 1, 1),
                folder.resolve("is a folder.png")));
        Files.delete(folder.resolve("is a folder.png"));
        Path nowhere = folder.resolve("nowhere").resolve("x.png");
        assertEquals(nowhere + ": cannot be written: no such folder to write to", assertThrows(ImageException.class,
                () -> Images.writePng(Image.black(1, 1, 1), nowhere)).getMessage());
        assertThrows(ImageException.class, () -> Images.write(Image.black(1, 1, 1), folder.resolve("x.bmp")));
    }

    private void assertOnlyFile(String name) throws IOException {
        try (var files = Files.list(folder)) {
            assertEquals(name, String.join(",", files.map(p -> p.getFileName().toString()).toList()));
        }
    }

    private void assertReason(String reason, byte[] content) throws IOException {
        assertEquals(reason, reason(content));
    }

    private String reason(byte[] content) throws IOException {
        Path file = write(content);
        var e = assertThrows(ImageException.class, () -> Images.read(file));
        assertOneLine(file, e);
        return e.getMessage().substring(file.toString().length() + 2);
    }

    private Path write(byte[] content) throws IOException {
        return Files.write(folder.resolve("file"), content);
    }

    private static void assertOneLine(Path file, ImageException e) {
        assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
        assertFalse(e.getMessage().contains("null"), e.getMessage());
    }

    private static byte[] pngOfSize(int width, int height) throws IOException {
        byte[] png = Fixtures.bytes("rgb.png");
        var buffer = ByteBuffer.wrap(png).putInt(16, width).putInt(20, height);
        var crc = new CRC32();
        crc.update(png, 12, 17);
        buffer.putInt(29, (int) crc.getValue());
        return png;
    }

    private static int indexOf(byte[] data, int first, int second) {
        for (int i = 0; ; i++) {
            if ((data[i] & 0xff) == first && (data[i + 1] & 0xff) == second) {
                return i;
            }
        }
    }

    private static double meanError(Image a, Image b) {
        double sum = 0;
        for (int i = 0; i < a.data().length; i++) {
            sum += Math.abs(a.data()[i] - b.data()[i]);
        }
        return sum / a.data().length;
    }
}
