package stylegan4j.stylegan.translation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;

class SourcesTest {
    private static final Path NAME = Path.of("in.png");

    private static Source source(String task, SourceOptions options) {
        return Task.named(task).source().apply(options);
    }

    private static SourceOptions options(int classes, int... factors) {
        return new SourceOptions(classes, Arrays.stream(factors).boxed().toList(), null, false);
    }

    private static EncoderInput read(Source source, byte[] png, int height, int width) throws IOException {
        return source.read(NAME, png, height, width, new SplittableRandom(1));
    }

    /** Different everywhere, in whole numbers. */
    private static Image picture(int channels, int height, int width) {
        float[] data = new float[channels * height * width];
        for (int i = 0; i < data.length; i++) {
            data[i] = i * 37 % 251;
        }
        return new Image(channels, height, width, data);
    }

    /** A label map of a palette, as bits deep as asked for. */
    private static byte[] palette(int height, int width, int bits, int... labels) throws IOException {
        byte[] colours = new byte[1 << bits];
        for (int i = 0; i < colours.length; i++) {
            colours[i] = (byte) (255 - 40 * i);
        }
        var map = new BufferedImage(width, height, bits == 8 ? BufferedImage.TYPE_BYTE_INDEXED
                : BufferedImage.TYPE_BYTE_BINARY, new IndexColorModel(bits, 1 << bits, colours, colours, colours));
        for (int i = 0; i < labels.length; i++) {
            map.getRaster().setSample(i % width, i / width, 0, labels[i]);
        }
        var bytes = new ByteArrayOutputStream();
        ImageIO.write(map, "png", bytes);
        return bytes.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 4, 8})
    void labelMapsBecomeOneHot(int bits) throws IOException {
        int[] labels = {0, 1, 2, 3, 3, 0};
        EncoderInput input = read(source("celebs_seg_to_face", options(5)), palette(2, 3, bits, labels), 2, 3);
        assertEquals(5, input.channels());
        for (int c = 0; c < 5; c++) {
            for (int i = 0; i < 6; i++) {
                assertEquals(labels[i] == c ? 1 : 0, input.values()[6 * c + i]);
            }
        }
    }

    @Test
    void greyValuesAreClassesTooAndTheNearestPixelCounts() throws IOException {
        byte[] grey = Images.png(new Image(1, 2, 4, new float[] {9, 0, 1, 9, 9, 2, 3, 9}));
        EncoderInput input = read(source("segmentation", options(10)), grey, 4, 4);
        int[] wanted = {0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3};
        for (int i = 0; i < wanted.length; i++) {
            assertEquals(1, input.values()[16 * wanted[i] + i], "pixel " + i);
        }
        float sum = 0;
        for (float v : input.values()) {
            sum += v;
        }
        assertEquals(16, sum);
    }

    @Test
    void badLabelMapsAreNamed() throws IOException {
        Source source = source("segmentation", options(3));
        String outside = assertThrows(IOException.class, () -> read(source, palette(1, 2, 2, 0, 3), 1, 2)).getMessage();
        assertEquals("in.png: has class 3; expected 0 to 2 (label_nc 3)", outside);
        String colours = assertThrows(IOException.class, () -> read(source, Images.png(picture(3, 2, 2)), 2, 2))
                .getMessage();
        assertTrue(colours.startsWith("in.png: is a picture in colours; a label map holds one number"), colours);
        assertTrue(assertThrows(IOException.class, () -> read(source, new byte[] {1, 2}, 2, 2)).getMessage()
                .contains("is not a PNG"));
    }

    @Test
    void picturesAndSketchesHaveTheOfficialRanges() throws IOException {
        Image image = new Image(1, 1, 3, new float[] {0, 255, 51});
        assertArrayEquals(new float[] {0, 1, 0.2f}, read(source("sketch", options(1)), Images.png(image), 1, 3).values());
        EncoderInput colours = read(source("encode", options(3)), Images.png(image), 1, 3);
        assertEquals(3, colours.channels());
        assertArrayEquals(new float[] {-1, 1, 51 / 127.5f - 1}, Arrays.copyOf(colours.values(), 3));
    }

    @Test
    void coarsePicturesAreBlocksOfTheMeanAndLessThanTheOriginal() throws IOException {
        // A constant stays as it is through reflected edges; a checkerboard of single pixels becomes its mean.
        float[] checker = new float[3 * 16 * 16];
        for (int i = 0; i < checker.length; i++) {
            checker[i] = (i / 16 + i) % 2 == 0 ? 0 : 200;
        }
        byte[] png = Images.png(new Image(3, 16, 16, checker));
        float[] coarse = read(source("super-resolution", options(3, 4)), png, 16, 16).values();
        // The kernel's 16 taps see as many dark pixels as light ones; 8 bits and the border's mirror leave a few levels.
        for (float v : coarse) {
            assertEquals(100 / 127.5 - 1, v, 4 / 127.5);
        }
        float[] same = read(source("super-resolution", options(3, 1)), png, 16, 16).values();
        assertArrayEquals(new Image(3, 16, 16, checker).toSignedUnit(), same);
        String message = assertThrows(IOException.class,
                () -> read(source("super-resolution", options(3, 16)), png, 16, 16)).getMessage();
        assertTrue(message.startsWith("in.png: ") && message.contains("16 times"), message);
        assertThrows(IllegalArgumentException.class, () -> source("super-resolution", options(3, 0)));
    }

    @Test
    void coarsePicturesAreTheOfficialCodes() throws IOException {
        // Factor 2 by hand at one place: taps of Keys' kernel (a = −0.5) at ±0.25, ±0.75, ±1.25, ±1.75, rows alike.
        Image ramp = Image.black(3, 8, 8);
        for (int i = 0; i < ramp.data().length; i++) {
            ramp.data()[i] = 20 * (i % 8);
        }
        float[] values = read(source("super-resolution", options(3, 2)), Images.png(ramp), 8, 8).values();
        // A ramp stays a ramp away from the edges: coarse pixel j is 40 j + 10; columns 3 and 4 lie a quarter from 1, 2.
        assertEquals(Math.round(0.75 * 50 + 0.25 * 90) / 127.5 - 1, values[3], 1.01 / 127.5);
        assertEquals(Math.round(0.25 * 50 + 0.75 * 90) / 127.5 - 1, values[4], 1.01 / 127.5);
    }

    @Test
    void holesAreZeroAndMarked() throws IOException {
        Image image = picture(4, 2, 2);
        float[] alpha = {255, 0, 255, 100};
        System.arraycopy(alpha, 0, image.data(), 12, 4);
        float[] own = read(source("inpainting", options(4)), Images.png(image), 2, 2).values();
        assertArrayEquals(new float[] {1, 0, 1, 0}, Arrays.copyOfRange(own, 12, 16));
        assertEquals(0, own[1]);
        assertEquals(image.data()[2] / 127.5f - 1, own[2]);
        Image mask = new Image(1, 2, 2, new float[] {0, 255, 255, 255});
        Source masked = source("inpainting", new SourceOptions(4, List.of(1), mask, false));
        assertArrayEquals(new float[] {0, 1, 1, 1}, Arrays.copyOfRange(
                read(masked, Images.png(picture(3, 2, 2)), 2, 2).values(), 12, 16));
        assertTrue(assertThrows(IOException.class, () -> read(masked, Images.png(picture(3, 2, 3)), 2, 2))
                .getMessage().startsWith("in.png: is 3x2, its mask 2x2"));
        assertTrue(assertThrows(IOException.class,
                () -> read(source("inpainting", options(4)), Images.png(picture(3, 2, 2)), 2, 2))
                .getMessage().startsWith("in.png: has no hole"));
    }

    @Test
    void drawnHolesFollowFromTheRandomNumbers() throws IOException {
        Source training = source("inpainting", SourceOptions.forTraining(4, SourceOptions.FACTORS));
        byte[] png = Images.png(picture(3, 32, 32));
        float[] one = training.read(NAME, png, 32, 32, new SplittableRandom(5)).values();
        assertArrayEquals(one, training.read(NAME, png, 32, 32, new SplittableRandom(5)).values());
        int hidden = 0;
        for (int i = 3 * 32 * 32; i < one.length; i++) {
            hidden += one[i] == 0 ? 1 : 0;
        }
        // The smallest spot has radii 0.06·32, the three largest cover at most 3·π·(0.16·32)² pixels.
        assertTrue(hidden >= 4 && hidden < 260, hidden + " hidden");
    }

    @Test
    void otherAspectsAreCroppedToTheMiddle() throws IOException {
        Image wide = picture(3, 4, 10);
        EncoderInput input = read(source("encode", options(3)), Images.png(wide), 4, 4);
        assertArrayEquals(wide.crop(3, 0, 4, 4).toSignedUnit(), input.values());
    }

    @Test
    void tasksHaveOurNamesAndTheOfficialOnes() {
        for (Task task : Task.ALL) {
            assertEquals(task, Task.named(task.name()));
            assertEquals(task, Task.named(task.alias()));
        }
        assertEquals("sketch", Task.named("celebs_sketch_to_face").name());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Task.named("faces")).getMessage()
                .contains("celebs_super_resolution"));
    }
}
