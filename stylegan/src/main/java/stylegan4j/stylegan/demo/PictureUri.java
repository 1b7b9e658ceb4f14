package stylegan4j.stylegan.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import stylegan4j.nn.image.Animation;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;

/** Pictures inside a page, as data URIs. */
final class PictureUri {
    private static final double FRAMES_PER_SECOND = 12;

    private PictureUri() {
    }

    static String of(Image image) throws IOException {
        return uri(Images.png(image));
    }

    /** An animated PNG, played for ever. */
    static String of(List<Image> frames) throws IOException {
        Path file = Files.createTempFile("stylegan4j", ".png");
        try {
            try (Animation animation = Animation.apng(file, FRAMES_PER_SECOND, 0)) {
                for (Image frame : frames) {
                    animation.add(frame);
                }
                animation.finish();
            }
            return uri(Files.readAllBytes(file));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static String uri(byte[] png) {
        return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
    }
}
