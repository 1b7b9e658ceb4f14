package stylegan4j.nn.image;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.FileImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import stylegan4j.nn.NewFile;

/**
 * Picture files. PNG and JPEG of every common kind are read; what comes out are the bytes PIL would give: colour
 * profiles and gamma are ignored, 16-bit samples keep their high byte, CMYK is converted without a profile. The Exif
 * orientation is applied. Files are written beside their place and moved there, so that no reader sees half of one.
 */
public final class Images {
    /** JPEG quality of {@link #write}. */
    public static final int DEFAULT_JPEG_QUALITY = 95;

    private Images() {
    }

    /**
     * Reads a picture as RGB; grey is replicated, alpha dropped.
     *
     * @return [3, height, width], whole numbers 0..255
     * @throws ImageException if the file is missing, not a PNG or JPEG picture, broken, truncated or too big
     */
    public static Image read(Path file) throws ImageException {
        return read(file, 3);
    }

    /**
     * Reads a picture with a number of channels: 1 grey, 3 RGB, 4 RGB and alpha; conversions as in
     * {@link Image#convert}.
     *
     * @throws ImageException as {@link #read(Path)}
     */
    public static Image read(Path file, int channels) throws ImageException {
        return ImageDecoder.decode(file).convert(channels);
    }

    /**
     * Reads a picture out of memory, for example from an archive, with as many channels as it has.
     *
     * @param name what to call it in messages
     * @throws ImageException as {@link #read(Path)}
     */
    public static Image read(Path name, byte[] bytes) throws ImageException {
        return ImageDecoder.decode(name, bytes);
    }

    /**
     * Reads a label map: a PNG whose pixels are numbers, kept as indices of a palette or as grey values.
     *
     * @param name what to call it in messages
     * @return [1, height, width], the stored numbers
     * @throws ImageException if it is not a PNG, broken, too big, or a picture in colours
     */
    public static Image readIndices(Path name, byte[] bytes) throws ImageException {
        return ImageDecoder.decodeIndices(name, bytes);
    }

    /**
     * Writes the kind of file that the name's ending asks for: {@code .png}, or {@code .jpg}/{@code .jpeg} of quality
     * {@value #DEFAULT_JPEG_QUALITY}.
     *
     * @throws ImageException if the ending is another, or the file cannot be written
     */
    public static void write(Image image, Path file) throws ImageException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".png")) {
            writePng(image, file);
        } else if (name.endsWith(".jpg") || name.endsWith(".jpeg")) {
            writeJpeg(image, file, DEFAULT_JPEG_QUALITY);
        } else {
            throw new ImageException(file, "name expected to end in .png, .jpg or .jpeg");
        }
    }

    /** Writes an 8-bit PNG: grey, RGB or RGBA as the picture has channels. */
    public static void writePng(Image image, Path file) throws ImageException {
        write(image, file, "png", 0);
    }

    /** The bytes of the file that {@link #writePng} writes. */
    public static byte[] png(Image image) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new MemoryCacheImageOutputStream(bytes)) {
            ImageIO.write(toBuffered(image), "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Writes a baseline JPEG, colour with halved chroma; alpha is dropped.
     *
     * @param quality 1 (worst) to 100, on libjpeg's scale
     */
    public static void writeJpeg(Image image, Path file, int quality) throws ImageException {
        if (quality < 1 || quality > 100) {
            throw new IllegalArgumentException("writeJpeg: quality expected 1..100, got " + quality);
        }
        write(image.channels() == 4 ? image.convert(3) : image, file, "jpeg", quality);
    }

    private static void write(Image image, Path file, String format, int quality) throws ImageException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        try (var target = new NewFile(file)) {
            try (var out = new FileImageOutputStream(target.path().toFile())) {
                ImageWriteParam options = writer.getDefaultWriteParam();
                if (format.equals("jpeg")) {
                    options.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                    options.setCompressionQuality(quality / 100f);
                }
                writer.setOutput(out);
                writer.write(null, new IIOImage(toBuffered(image), null, null), options);
            }
            target.commit();
        } catch (IOException e) {
            throw ImageException.unwritable(file, e);
        } finally {
            writer.dispose();
        }
    }

    /** The 8-bit picture as AWT's, sharing nothing with it. */
    static BufferedImage toBuffered(Image image) {
        byte[] bytes = image.toBytes();
        int channels = image.channels();
        if (channels == 1) {
            var grey = new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_BYTE_GRAY);
            grey.getRaster().setDataElements(0, 0, image.width(), image.height(), bytes);
            return grey;
        }
        boolean alpha = channels == 4;
        var colors = new ComponentColorModel(ColorSpace.getInstance(ColorSpace.CS_sRGB), alpha, false,
                alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE, DataBuffer.TYPE_BYTE);
        var raster = Raster.createInterleavedRaster(new DataBufferByte(bytes, bytes.length), image.width(),
                image.height(), image.width() * channels, channels,
                alpha ? new int[] {0, 1, 2, 3} : new int[] {0, 1, 2}, null);
        return new BufferedImage(colors, raster, false, null);
    }
}
