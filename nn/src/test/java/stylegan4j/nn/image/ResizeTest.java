package stylegan4j.nn.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResizeTest {
    static Stream<String> cases() throws IOException {
        return Fixtures.lines("resize.txt").stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsPillow(String line) {
        String[] f = line.split(" ");
        String mode = f[1];
        int height = Integer.parseInt(f[4]);
        int width = Integer.parseInt(f[5]);
        Image source = pattern(Fixtures.channels(mode), Integer.parseInt(f[2]), Integer.parseInt(f[3]));
        String message = line.substring(0, Math.min(line.length(), 50));
        if (f[0].equals("FIT")) {
            Fixtures.assertPixels(f[7], Resize.fit(source, height, width, ResizeFilter.LANCZOS), message);
            return;
        }
        ResizeFilter filter = ResizeFilter.valueOf(f[0]);
        if (mode.equals("F")) {
            assertFloats(f[7], thirds(source), height, width, filter);
        } else {
            Fixtures.assertPixels(f[7], Resize.to(source, height, width, filter, box(f[6], source)), message);
        }
    }

    /** One unit in the last place: the sums are in double, whose errors can only tip the last rounding to float. */
    private static void assertFloats(String hex, Image source, int height, int width, ResizeFilter filter) {
        var expected = ByteBuffer.wrap(HexFormat.of().parseHex(hex)).asFloatBuffer();
        Image actual = Resize.floats(source, height, width, filter);
        assertEquals(expected.remaining(), actual.data().length);
        for (float value : actual.data()) {
            float reference = expected.get();
            assertEquals(reference, value, Math.ulp(reference));
        }
    }

    @Test
    void fractionsAreRoundedFirst() {
        var image = new Image(1, 1, 3, new float[] {0.6f, -3f, 300f});
        assertArrayEquals(new float[] {1, 0, 255}, Resize.to(image, 1, 3, ResizeFilter.LANCZOS).data());
        assertArrayEquals(new float[] {0.6f, -3f, 300f}, image.data());
    }

    @Test
    void sourceStaysAsItWas() {
        Image image = pattern(4, 13, 7);
        float[] before = image.data().clone();
        Resize.to(image, 5, 5, ResizeFilter.BICUBIC);
        Resize.floats(image, 13, 7, ResizeFilter.BICUBIC).data()[0] = -1;
        assertArrayEquals(before, image.data());
    }

    @Test
    void badBoxIsRefused() {
        Image image = pattern(1, 4, 5);
        for (var box : new Resize.Box[] {new Resize.Box(-1, 0, 5, 4), new Resize.Box(0, 0, 5, 5),
            new Resize.Box(2, 1, 2, 4), new Resize.Box(Float.NaN, 0, 5, 4)}) {
            var e = assertThrows(IllegalArgumentException.class,
                    () -> Resize.to(image, 2, 2, ResizeFilter.BOX, box));
            assertTrue(e.getMessage().contains("5x4"), e.getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> Resize.to(image, 0, 2, ResizeFilter.BOX));
    }

    private static Image thirds(Image image) {
        var out = new float[image.data().length];
        for (int i = 0; i < out.length; i++) {
            out[i] = image.data()[i] / 3;
        }
        return new Image(image.channels(), image.height(), image.width(), out);
    }

    private static Resize.Box box(String text, Image image) {
        if (text.equals("-")) {
            return Resize.Box.whole(image);
        }
        String[] f = text.split(",");
        return new Resize.Box(Float.parseFloat(f[0]), Float.parseFloat(f[1]), Float.parseFloat(f[2]),
                Float.parseFloat(f[3]));
    }

    /** The picture that make_fixtures.py makes by the same formula. */
    static Image pattern(int channels, int height, int width) {
        var image = Image.black(channels, height, width);
        int i = 0;
        for (int c = 0; c < channels; c++) {
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    image.data()[i++] = (x * x * 7 + x * y * 13 + c * y * 29 + x * 31 + y * 17 + c * 101
                            + (x ^ y) * 53) % 256;
                }
            }
        }
        return image;
    }
}
