package stylegan4j.nn.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Tensor;

class ImageTensorsTest {
    private static Image every8BitValue() {
        float[] data = new float[3 * 16 * 17];
        for (int i = 0; i < data.length; i++) {
            data[i] = i % 256;
        }
        return new Image(3, 16, 17, data);
    }

    @Test
    void everyValueComesBack() {
        try (Device device = Device.cpu(); var _ = device.open()) {
            Image image = every8BitValue();
            Tensor x = ImageTensors.toTensor(image);
            assertArrayEquals(new int[] {1, 3, 16, 17}, x.shape());
            assertEquals(-1, x.toArray()[0]);
            assertEquals(1, x.toArray()[255]);
            assertArrayEquals(image.data(), ImageTensors.toImages(x).getFirst().data());
        }
    }

    @Test
    void batches() {
        try (Device device = Device.cpu(); var _ = device.open()) {
            List<Image> images = List.of(every8BitValue(), Image.black(3, 16, 17));
            Tensor x = ImageTensors.toTensor(images);
            assertArrayEquals(new int[] {2, 3, 16, 17}, x.shape());
            List<Image> back = ImageTensors.toImages(x);
            assertEquals(2, back.size());
            assertArrayEquals(images.get(0).data(), back.get(0).data());
            assertArrayEquals(images.get(1).data(), back.get(1).data());
            assertThrows(IllegalArgumentException.class,
                    () -> ImageTensors.toTensor(List.of(images.get(0), Image.black(3, 4, 4))));
            assertThrows(IllegalArgumentException.class, () -> ImageTensors.toImages(Tensor.zeros(3, 4, 4)));
        }
    }

    /** NVlabs' generate.py: v·127.5 + 128, clamped to 0..255, truncated. */
    @Test
    void networksOutputIsClampedAndTruncated() {
        try (Device device = Device.cpu(); var _ = device.open()) {
            Tensor y = Tensor.of(new float[] {-2, -1, 0, 0.5f, 1, 2}, 1, 1, 2, 3);
            assertArrayEquals(new float[] {0, 0, 128, 191, 255, 255}, ImageTensors.toImages(y).getFirst().data());
        }
    }
}
