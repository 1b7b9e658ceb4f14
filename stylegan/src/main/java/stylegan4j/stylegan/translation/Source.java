package stylegan4j.stylegan.translation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Resize;
import stylegan4j.nn.image.ResizeFilter;

/**
 * How an encoder's input is made of a stored picture (pixel2style2pixel, {@code configs/transforms_config.py}). Another
 * aspect ratio is cropped to the middle.
 */
public interface Source {
    /** Channels of the inputs. */
    int channels();

    /**
     * The pixels of a file, as this source reads them.
     *
     * @param name of the file, for messages
     * @param bytes its content
     * @throws IOException naming the file, if it cannot be read or is not what this source wants
     */
    Image decode(Path name, byte[] bytes) throws IOException;

    /**
     * The input that decoded pixels stand for.
     *
     * @param random for what a kind of source leaves open
     * @throws IllegalArgumentException if nothing can be made of them
     */
    EncoderInput input(Image decoded, int height, int width, RandomGenerator random);

    /**
     * Both at once.
     *
     * @throws IOException naming the file, whatever is wrong with it
     */
    default EncoderInput read(Path name, byte[] bytes, int height, int width, RandomGenerator random)
            throws IOException {
        try {
            return input(decode(name, bytes), height, width, random);
        } catch (IllegalArgumentException e) {
            throw new IOException(name + ": " + e.getMessage(), e);
        }
    }

    /** An input as people look at it, [3, height, width]. */
    Image shown(EncoderInput input);

    /** The largest middle part of the wanted aspect ratio, resized as torchvision does (PIL's bilinear filter). */
    static Image fitted(Image image, int height, int width) {
        return image.height() == height && image.width() == width ? image
                : Resize.fit(image, height, width, ResizeFilter.BILINEAR);
    }
}
