package stylegan4j.nn.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class ImageGridTest {
    @Test
    void picturesKeepTheirPlaces() {
        var images = List.of(ResizeTest.pattern(3, 5, 4), ResizeTest.pattern(3, 6, 4).crop(0, 1, 4, 5),
                ResizeTest.pattern(3, 5, 7).crop(3, 0, 4, 5));
        Image grid = ImageGrid.of(images, 2);
        assertEquals("Image[3, 10, 8]", grid.toString());
        assertArrayEquals(images.get(0).data(), grid.crop(0, 0, 4, 5).data());
        assertArrayEquals(images.get(1).data(), grid.crop(4, 0, 4, 5).data());
        assertArrayEquals(images.get(2).data(), grid.crop(0, 5, 4, 5).data());
        assertArrayEquals(new float[3 * 20], grid.crop(4, 5, 4, 5).data());
    }

    @Test
    void oneAloneStaysAsItIs() {
        Image image = ResizeTest.pattern(1, 3, 2);
        assertArrayEquals(image.data(), ImageGrid.of(List.of(image), 1).data());
        assertEquals("Image[1, 3, 6]", ImageGrid.of(List.of(image), 3).toString());
    }

    @Test
    void differingShapesAreRefused() {
        var images = List.of(Image.black(3, 2, 2), Image.black(1, 2, 2));
        assertEquals("imageGrid: image 1 expected Image[3, 2, 2] as the first, got Image[1, 2, 2]",
                assertThrows(IllegalArgumentException.class, () -> ImageGrid.of(images, 2)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> ImageGrid.of(List.of(), 2));
        assertThrows(IllegalArgumentException.class, () -> ImageGrid.of(images, 0));
    }
}
