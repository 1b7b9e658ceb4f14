package stylegan4j.nn.image;

import com.drew.metadata.Metadata;
import com.drew.metadata.adobe.AdobeJpegDirectory;
import com.drew.metadata.jfif.JfifDirectory;
import com.drew.metadata.jpeg.JpegDirectory;
import java.awt.image.Raster;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.imageio.IIOException;
import javax.imageio.ImageReader;

/**
 * JPEG samples to RGB or grey. ImageIO gives the samples as stored; the conversions are those of libjpeg (jdcolor.c,
 * 16-bit fixed point) and, for CMYK, of PIL, which takes every four-component file as inverted, Adobe's habit.
 */
final class JpegPixels {
    private static final int SCALE_BITS = 16;
    private static final int HALF = 1 << (SCALE_BITS - 1);
    private static final int CR_TO_RED = fixed(1.40200);
    private static final int CB_TO_BLUE = fixed(1.77200);
    private static final int CR_TO_GREEN = -fixed(0.71414);
    private static final int CB_TO_GREEN = -fixed(0.34414);

    private JpegPixels() {
    }

    static Image read(Path file, ImageReader reader, Metadata metadata) throws IOException {
        Raster raster = readSamples(reader);
        return switch (raster.getNumBands()) {
            case 1 -> ImageDecoder.gather(raster, 0, 0);
            case 3 -> {
                Image image = ImageDecoder.gather(raster, 0, 0, 1, 2);
                if (isYcc(metadata)) {
                    yccToRgb(image);
                }
                yield image;
            }
            case 4 -> {
                Image image = ImageDecoder.gather(raster, 0, 0, 1, 2, 3);
                if (isYcck(metadata)) {
                    yccToRgb(image);
                    invertColors(image);
                }
                yield invertedCmykToRgb(image);
            }
            default -> throw new ImageException(file,
                    "has " + raster.getNumBands() + " components, expected 1, 3 or 4");
        };
    }

    private static Raster readSamples(ImageReader reader) throws IOException {
        // The decoder only warns, and goes on as if the file had ended properly.
        var truncated = new AtomicBoolean();
        reader.addIIOReadWarningListener((source, warning) -> {
            if (warning.startsWith("Truncated File")) {
                truncated.set(true);
            }
        });
        try {
            Raster raster = reader.readRaster(0, null);
            if (truncated.get()) {
                throw new EOFException();
            }
            return raster;
        } catch (IIOException e) {
            throw truncated.get() ? new EOFException() : e;
        }
    }

    /** Three components: the JFIF mark, then Adobe's transform, then the components' names tell. */
    private static boolean isYcc(Metadata metadata) {
        if (metadata.containsDirectoryOfType(JfifDirectory.class)) {
            return true;
        }
        Integer transform = adobeTransform(metadata);
        if (transform != null) {
            return transform != 0;
        }
        var frame = metadata.getFirstDirectoryOfType(JpegDirectory.class);
        for (int i = 0; i < 3; i++) {
            var component = frame == null ? null : frame.getComponent(i);
            if (component == null || component.getComponentId() != "RGB".charAt(i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isYcck(Metadata metadata) {
        Integer transform = adobeTransform(metadata);
        return transform != null && transform != 0;
    }

    private static Integer adobeTransform(Metadata metadata) {
        var adobe = metadata.getFirstDirectoryOfType(AdobeJpegDirectory.class);
        return adobe == null ? null : adobe.getInteger(AdobeJpegDirectory.TAG_COLOR_TRANSFORM);
    }

    /** Y, Cb, Cr to R, G, B in place, in the first three channels. */
    private static void yccToRgb(Image image) {
        float[] data = image.data();
        int plane = image.height() * image.width();
        for (int i = 0; i < plane; i++) {
            int y = (int) data[i];
            int cb = (int) data[plane + i] - 128;
            int cr = (int) data[2 * plane + i] - 128;
            data[i] = clamp(y + ((CR_TO_RED * cr + HALF) >> SCALE_BITS));
            data[plane + i] = clamp(y + ((CB_TO_GREEN * cb + CR_TO_GREEN * cr + HALF) >> SCALE_BITS));
            data[2 * plane + i] = clamp(y + ((CB_TO_BLUE * cb + HALF) >> SCALE_BITS));
        }
    }

    private static void invertColors(Image image) {
        for (int i = 0; i < 3 * image.height() * image.width(); i++) {
            image.data()[i] = 255 - image.data()[i];
        }
    }

    private static Image invertedCmykToRgb(Image cmyk) {
        int plane = cmyk.height() * cmyk.width();
        var rgb = Image.black(3, cmyk.height(), cmyk.width());
        for (int i = 0; i < 3 * plane; i++) {
            int ink = 255 - (int) cmyk.data()[i];
            int light = (int) cmyk.data()[3 * plane + i % plane];
            rgb.data()[i] = clamp(light - Fixed8.multiply(ink, light));
        }
        return rgb;
    }

    private static int clamp(int value) {
        return Math.clamp(value, 0, 255);
    }

    private static int fixed(double factor) {
        return (int) (factor * (1 << SCALE_BITS) + 0.5);
    }
}
