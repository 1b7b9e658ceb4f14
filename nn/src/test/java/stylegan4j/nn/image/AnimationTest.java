package stylegan4j.nn.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnimationTest {
    @TempDir
    Path folder;

    private record Chunk(String type, ByteBuffer data) {
    }

    @Test
    void apngKeepsEveryByteOfEveryFrame() throws IOException {
        for (int channels : new int[] {1, 3, 4}) {
            var frames = frames(channels, 4);
            Path file = write(folder.resolve("a.png"), 12.5, 3, frames);
            assertArrayEquals(frames.getFirst().data(), Images.read(file, channels).data(), "first frame is the PNG");
            List<Chunk> chunks = chunks(file);
            assertEquals("IHDR", chunks.get(0).type);
            assertEquals("acTL", chunks.get(1).type);
            assertEquals(4, chunks.get(1).data.getInt(0));
            assertEquals(3, chunks.get(1).data.getInt(4));
            assertEquals("IEND", chunks.getLast().type);
            var header = chunks.getFirst().data;
            var parts = new ArrayList<ByteArrayOutputStream>();
            int sequence = 0;
            for (Chunk chunk : chunks) {
                switch (chunk.type) {
                    case "fcTL" -> {
                        assertEquals(sequence++, chunk.data.getInt(0));
                        assertEquals(9, chunk.data.getInt(4));
                        assertEquals(7, chunk.data.getInt(8));
                        assertEquals(0.08, chunk.data.getShort(20) / (double) chunk.data.getShort(22), 1e-12);
                        parts.add(new ByteArrayOutputStream());
                    }
                    case "IDAT" -> {
                        assertEquals(1, parts.size());
                        parts.getLast().write(chunk.data.array());
                    }
                    case "fdAT" -> {
                        assertTrue(parts.size() > 1);
                        assertEquals(sequence++, chunk.data.getInt(0));
                        parts.getLast().write(chunk.data.array(), 4, chunk.data.capacity() - 4);
                    }
                    default -> assertTrue(List.of("IHDR", "acTL", "IEND").contains(chunk.type), chunk.type);
                }
            }
            assertEquals(frames.size(), parts.size());
            for (int i = 0; i < parts.size(); i++) {
                Path single = Files.write(folder.resolve("single"), png(header, parts.get(i).toByteArray()));
                assertArrayEquals(frames.get(i).data(), Images.read(single, channels).data());
            }
        }
    }

    @Test
    void gifHasFramesDelaysAndLoops() throws IOException {
        Path file = write(folder.resolve("a.gif"), 40, 0, frames(3, 5));
        ImageReader reader = gif(file);
        assertEquals(5, reader.getNumImages(true));
        var delays = new ArrayList<String>();
        for (int i = 0; i < 5; i++) {
            assertEquals(9, reader.getWidth(i));
            assertEquals(7, reader.getHeight(i));
            delays.add(metadata(reader, i, "GraphicControlExtension").getAttribute("delayTime"));
        }
        assertEquals(List.of("3", "2", "3", "2", "3"), delays);
        assertArrayEquals(new byte[] {1, 0, 0},
                (byte[]) metadata(reader, 0, "ApplicationExtension").getUserObject());
        ByteBuffer screen = ByteBuffer.wrap(Files.readAllBytes(file)).position(6);
        assertEquals(9, screen.get() & 0xff);
        reader.dispose();
        ImageReader twice = gif(write(folder.resolve("b.gif"), 10, 2, frames(1, 2)));
        assertArrayEquals(new byte[] {1, 1, 0}, (byte[]) metadata(twice, 0, "ApplicationExtension").getUserObject());
        twice.dispose();
    }

    /** 256 well chosen colours hold a smooth picture to a few levels, and their mean over blocks to one or two. */
    @Test
    void gifColorsAreCloseAndCloserOnAverage() throws IOException {
        Image smooth = Resize.to(ResizeTest.pattern(3, 4, 4), 128, 96, ResizeFilter.BICUBIC);
        Path file = write(folder.resolve("a.gif"), 10, 0, List.of(smooth));
        Image read = rgb(file);
        double error = rootMeanSquare(smooth, read);
        double blurred = rootMeanSquare(Resize.to(smooth, 16, 12, ResizeFilter.BOX),
                Resize.to(read, 16, 12, ResizeFilter.BOX));
        assertTrue(error < 8, "error " + error);
        assertTrue(blurred < error / 4, "8x8 blocks " + blurred + " of " + error);
    }

    @Test
    void gifKeepsFewColorsExactly() throws IOException {
        Image image = ResizeTest.pattern(3, 4, 5);
        for (int i = 0; i < image.data().length; i++) {
            image.data()[i] = image.data()[i] < 128 ? 17 : 203;
        }
        assertArrayEquals(image.data(), rgb(write(folder.resolve("a.gif"), 10, 0, List.of(image))).data());
        var one = new Image(3, 1, 1, new float[] {1, 255, 77});
        assertArrayEquals(one.data(), rgb(write(folder.resolve("b.gif"), 10, 0, List.of(one))).data());
    }

    @Test
    void anyOtherNameIsAFolder() throws IOException {
        var frames = frames(3, 3);
        Path made = write(folder.resolve("new").resolve("frames"), 10, 0, frames);
        assertArrayEquals(frames.get(2).data(), Images.read(made.resolve("00002.png")).data());
        assertFalse(Files.exists(made.resolve("00003.png")));
    }

    @Test
    void unfinishedLeavesNothing() throws IOException {
        for (String name : List.of("a.gif", "a.png")) {
            try (Animation animation = Animation.open(folder.resolve(name), 10, 0)) {
                animation.add(Image.black(3, 2, 2));
                var e = assertThrows(IllegalArgumentException.class, () -> animation.add(Image.black(3, 2, 3)));
                assertEquals("animation: frame 1 expected Image[3, 2, 2] as the first, got Image[3, 2, 3]",
                        e.getMessage());
            }
            try (Animation animation = Animation.open(folder.resolve(name), 10, 0)) {
                assertThrows(IllegalStateException.class, animation::finish);
            }
        }
        try (var files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void badTimingIsRefused() {
        Path file = folder.resolve("a.gif");
        assertThrows(IllegalArgumentException.class, () -> Animation.open(file, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> Animation.open(file, Double.NaN, 0));
        assertThrows(IllegalArgumentException.class, () -> Animation.open(file, 51, 0));
        assertThrows(IllegalArgumentException.class, () -> Animation.open(file, 25, -1));
        assertThrows(ImageException.class, () -> Animation.open(folder.resolve("none").resolve("a.gif"), 25, 0));
    }

    private static List<Image> frames(int channels, int count) {
        var frames = new ArrayList<Image>();
        for (int i = 0; i < count; i++) {
            frames.add(ResizeTest.pattern(channels, 7 + i, 9).crop(0, i, 9, 7));
        }
        return frames;
    }

    private static Path write(Path file, double framesPerSecond, int loops, List<Image> frames) throws IOException {
        try (Animation animation = Animation.open(file, framesPerSecond, loops)) {
            for (Image frame : frames) {
                animation.add(frame);
            }
            animation.finish();
        }
        return file;
    }

    private static ImageReader gif(Path file) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
        reader.setInput(ImageIO.createImageInputStream(Files.newInputStream(file)));
        return reader;
    }

    private static IIOMetadataNode metadata(ImageReader reader, int index, String element) throws IOException {
        var tree = (IIOMetadataNode) reader.getImageMetadata(index).getAsTree("javax_imageio_gif_image_1.0");
        return (IIOMetadataNode) tree.getElementsByTagName(element).item(0);
    }

    private static Image rgb(Path gif) throws IOException {
        var buffered = ImageIO.read(gif.toFile());
        var image = Image.black(3, buffered.getHeight(), buffered.getWidth());
        int plane = image.height() * image.width();
        for (int i = 0; i < 3 * plane; i++) {
            int at = i % plane;
            int rgb = buffered.getRGB(at % image.width(), at / image.width());
            image.data()[i] = rgb >> 16 - 8 * (i / plane) & 0xff;
        }
        return image;
    }

    private static double rootMeanSquare(Image a, Image b) {
        double sum = 0;
        for (int i = 0; i < a.data().length; i++) {
            sum += (a.data()[i] - b.data()[i]) * (a.data()[i] - b.data()[i]);
        }
        return Math.sqrt(sum / a.data().length);
    }

    private static List<Chunk> chunks(Path file) throws IOException {
        var in = ByteBuffer.wrap(Files.readAllBytes(file)).position(8);
        var chunks = new ArrayList<Chunk>();
        while (in.hasRemaining()) {
            int length = in.getInt();
            var crc = new CRC32();
            crc.update(in.array(), in.position(), length + 4);
            var type = new byte[4];
            var data = new byte[length];
            in.get(type).get(data);
            assertEquals((int) crc.getValue(), in.getInt());
            chunks.add(new Chunk(new String(type, StandardCharsets.US_ASCII), ByteBuffer.wrap(data)));
        }
        return chunks;
    }

    private static byte[] png(ByteBuffer header, byte[] data) {
        var out = ByteBuffer.allocate(8 + 12 + header.capacity() + 12 + data.length + 12);
        out.putLong(0x89504e470d0a1a0aL);
        put(out, "IHDR", header.array());
        put(out, "IDAT", data);
        put(out, "IEND", new byte[0]);
        return out.array();
    }

    private static void put(ByteBuffer out, String type, byte[] data) {
        out.putInt(data.length);
        int start = out.position();
        out.put(type.getBytes(StandardCharsets.US_ASCII)).put(data);
        var crc = new CRC32();
        crc.update(out.array(), start, out.position() - start);
        out.putInt((int) crc.getValue());
    }
}
