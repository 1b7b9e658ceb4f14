package stylegan4j.fuzz;

import java.io.IOException;
import java.nio.file.Path;
import stylegan4j.nn.image.ImageException;
import stylegan4j.nn.image.Images;

/** Any bytes as a picture either read or end in an {@link ImageException}. */
public final class ImageFuzz {
    /** One byte of a PNG inflates to at most 1032, of 8 pixels each, of 3 bytes and then 3 floats. */
    private static final int RATIO = 1032 * 8 * 16;

    private ImageFuzz() {
    }

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] file) throws IOException {
        Allocation.check(file.length, RATIO, () -> read(file));
    }

    private static void read(byte[] file) {
        try {
            Images.read(Path.of("fuzz"), file);
        } catch (ImageException expected) {
            // How a file that is not one ends.
        }
    }
}
