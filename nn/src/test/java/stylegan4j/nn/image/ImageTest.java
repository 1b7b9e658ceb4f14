package stylegan4j.nn.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ImageTest {
    @Test
    void signedUnitAsNvlabs() {
        // -1 gives 0.5 and 1 gives 255.5: both are truncated, as are the halves between.
        float[] values = {-1, 1, 0, -5, 5, 0.0039f, -0.0039f, Float.NaN};
        assertArrayEquals(new float[] {0, 255, 128, 0, 255, 128, 127, 0},
                Image.ofSignedUnit(1, 2, 4, values).data());
        assertArrayEquals(new float[] {-1, 0, 1, 51 / 127.5f - 1},
                new Image(1, 1, 4, new float[] {0, 127.5f, 255, 51}).toSignedUnit());
    }

    @Test
    void everyByteSurvivesSignedUnit() {
        var all = new byte[256];
        for (int i = 0; i < 256; i++) {
            all[i] = (byte) i;
        }
        Image image = Image.ofBytes(1, 16, 16, all);
        assertArrayEquals(all, Image.ofSignedUnit(1, 16, 16, image.toSignedUnit()).toBytes());
    }

    @Test
    void bytesAreInterleavedFloatsPlanar() {
        Image image = Image.ofBytes(3, 1, 2, new byte[] {1, 2, 3, -1, -2, -3});
        assertArrayEquals(new float[] {1, 255, 2, 254, 3, 253}, image.data());
        assertArrayEquals(new byte[] {1, 2, 3, -1, -2, -3}, image.toBytes());
    }

    @Test
    void roundingIsToTheNearestEvenAndClamped() {
        var image = new Image(1, 1, 6, new float[] {0.5f, 1.5f, 254.6f, 255.6f, -0.6f, Float.NaN});
        assertArrayEquals(new float[] {0, 2, 255, 255, 0, 0}, image.rounded().data());
    }

    @Test
    void centerSquareLeavesTheOddPixelBehind() {
        var image = new Image(1, 1, 4, new float[] {0, 1, 2, 3});
        assertArrayEquals(new float[] {1}, image.centerSquare().data());
        Image tall = ResizeTest.pattern(3, 8, 3).centerSquare();
        assertEquals(3, tall.height());
        assertArrayEquals(ResizeTest.pattern(3, 8, 3).crop(0, 2, 3, 3).data(), tall.data());
        assertEquals(ResizeTest.pattern(3, 8, 3).data()[8 * 3 + 2 * 3], tall.data()[9]);
    }

    @Test
    void badArgumentsAreNamed() {
        assertEquals("image: channels expected 1, 3 or 4, got 2",
                assertThrows(IllegalArgumentException.class, () -> Image.black(2, 1, 1)).getMessage());
        assertEquals("image: data expected 12 values, got 5 ([3, 2, 2])",
                assertThrows(IllegalArgumentException.class, () -> new Image(3, 2, 2, new float[5])).getMessage());
        assertThrows(IllegalArgumentException.class, () -> Image.black(1, 0, 3));
        assertThrows(IllegalArgumentException.class, () -> Image.black(1, 3, 3).crop(1, 0, 3, 3));
        assertThrows(IllegalArgumentException.class, () -> Image.black(1, 3, 3).convert(2));
    }
}
