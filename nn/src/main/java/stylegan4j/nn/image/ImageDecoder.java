package stylegan4j.nn.image;

import com.drew.imaging.ImageProcessingException;
import com.drew.imaging.jpeg.JpegMetadataReader;
import com.drew.imaging.png.PngMetadataReader;
import com.drew.metadata.Metadata;
import com.drew.metadata.exif.ExifDirectoryBase;
import com.drew.metadata.exif.ExifIFD0Directory;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** From a file to an upright {@link Image} with the channels that are stored (palettes and CMYK made RGB). */
final class ImageDecoder {
    /** A header that announces more is refused before anything is allocated for its pixels. */
    static final long MAX_PIXELS = 1 << 28;
    /** Deflate makes at most 1032 bytes of one, each 8 pixels of one bit; JPEG spends no less than that. */
    private static final long MAX_PIXELS_PER_BYTE = 1032 * 8;

    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};

    private ImageDecoder() {
    }

    /** Where a picture's bytes come from, as often as they are asked for. */
    private interface Content {
        InputStream stream() throws IOException;

        ImageInputStream random() throws IOException;

        long size() throws IOException;
    }

    static Image decode(Path file) throws ImageException {
        return decode(file, new Content() {
            @Override
            public InputStream stream() throws IOException {
                return Files.newInputStream(file);
            }

            @Override
            public ImageInputStream random() throws IOException {
                return new FileImageInputStream(file.toFile());
            }

            @Override
            public long size() throws IOException {
                return Files.size(file);
            }
        });
    }

    /** @param name for messages */
    static Image decode(Path name, byte[] bytes) throws ImageException {
        return decode(name, new Content() {
            @Override
            public InputStream stream() {
                return new ByteArrayInputStream(bytes);
            }

            @Override
            public ImageInputStream random() {
                return new MemoryCacheImageInputStream(stream());
            }

            @Override
            public long size() {
                return bytes.length;
            }
        });
    }

    private static Image decode(Path file, Content content) throws ImageException {
        try {
            byte[] start = start(content);
            boolean png = startsWith(start, PNG);
            if (!png && !startsWith(start, JPEG)) {
                throw new ImageException(file, start.length == 0 ? "is empty" : "is not a PNG or JPEG picture");
            }
            return decode(file, content, png);
        } catch (ImageException e) {
            throw e;
        } catch (NoSuchFileException e) {
            throw new ImageException(file, "no such file", e);
        } catch (IOException | ImageProcessingException e) {
            throw new ImageException(file, reason(e), e);
        } catch (RuntimeException e) {
            // The readers meet some broken files with an unchecked exception.
            throw new ImageException(file, "is broken: " + e, e);
        }
    }

    private static Image decode(Path file, Content content, boolean png)
            throws IOException, ImageProcessingException {
        ImageReader reader = ImageIO.getImageReadersByFormatName(png ? "png" : "jpeg").next();
        try (var input = content.random()) {
            reader.setInput(input, true, true);
            checkSize(file, reader.getWidth(0), reader.getHeight(0), content.size());
            Metadata metadata = readMetadata(content, png);
            Image image = png ? fromBuffered(reader.read(0)) : JpegPixels.read(file, reader, metadata);
            return Orientation.upright(image, orientation(metadata));
        } finally {
            reader.dispose();
        }
    }

    /** @param name for messages */
    static Image decodeIndices(Path name, byte[] bytes) throws ImageException {
        if (!startsWith(bytes, PNG)) {
            throw new ImageException(name, "is not a PNG file, as label maps are");
        }
        ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
        try (var input = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            reader.setInput(input, true, true);
            checkSize(name, reader.getWidth(0), reader.getHeight(0), bytes.length);
            Raster raster = reader.read(0).getRaster();
            Image first = gather(raster, 0, 0);
            for (int band = 1; band < Math.min(raster.getNumBands(), 3); band++) {
                if (!Arrays.equals(first.data(), gather(raster, 0, band).data())) {
                    throw new ImageException(name, "is a picture in colours; a label map holds one number a pixel, as "
                            + "a palette's index or a grey value");
                }
            }
            return first;
        } catch (ImageException e) {
            throw e;
        } catch (IOException e) {
            throw new ImageException(name, reason(e), e);
        } catch (RuntimeException e) {
            throw new ImageException(name, "is broken: " + e, e);
        } finally {
            reader.dispose();
        }
    }

    private static byte[] start(Content content) throws IOException {
        try (InputStream in = content.stream()) {
            return in.readNBytes(PNG.length);
        }
    }

    private static boolean startsWith(byte[] start, byte[] magic) {
        return start.length >= magic.length && Arrays.equals(start, 0, magic.length, magic, 0, magic.length);
    }

    /** What the innermost cause says: the readers wrap it in generalities. */
    private static String reason(Exception e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof EOFException ? "is truncated" : "cannot be read: " + cause.getMessage();
    }

    private static void checkSize(Path file, int width, int height, long bytes) throws ImageException {
        if (width < 1 || height < 1) {
            throw new ImageException(file, "has no pixels (" + width + "x" + height + ")");
        }
        if ((long) width * height > MAX_PIXELS) {
            throw new ImageException(file, "is too big: " + width + "x" + height + ", at most " + MAX_PIXELS
                    + " pixels are read");
        }
        if ((long) width * height > bytes * MAX_PIXELS_PER_BYTE) {
            throw new ImageException(file, "is truncated: " + width + "x" + height + " pixels cannot come of "
                    + bytes + " bytes");
        }
    }

    private static Metadata readMetadata(Content content, boolean png)
            throws IOException, ImageProcessingException {
        try (InputStream in = content.stream()) {
            return png ? PngMetadataReader.readMetadata(in) : JpegMetadataReader.readMetadata(in);
        }
    }

    private static int orientation(Metadata metadata) {
        var exif = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
        Integer orientation = exif == null ? null : exif.getInteger(ExifDirectoryBase.TAG_ORIENTATION);
        return orientation == null ? 1 : orientation;
    }

    private static Image fromBuffered(BufferedImage buffered) {
        if (buffered.getColorModel() instanceof IndexColorModel palette) {
            return fromPalette(buffered.getRaster(), palette);
        }
        Raster raster = buffered.getRaster();
        int shift = raster.getTransferType() == DataBuffer.TYPE_USHORT ? 8 : 0;
        return switch (raster.getNumBands()) {
            case 1 -> gather(raster, shift, 0);
            case 2 -> gather(raster, shift, 0, 0, 0, 1);
            case 3 -> gather(raster, shift, 0, 1, 2);
            case 4 -> gather(raster, shift, 0, 1, 2, 3);
            default -> throw new IllegalStateException("bands expected 1..4, got " + raster.getNumBands());
        };
    }

    /** One channel of the picture from each named band of the raster. */
    static Image gather(Raster raster, int shift, int... bands) {
        int width = raster.getWidth();
        var image = Image.black(bands.length, raster.getHeight(), width);
        var row = new int[width];
        for (int c = 0; c < bands.length; c++) {
            for (int y = 0; y < image.height(); y++) {
                raster.getSamples(0, y, width, 1, bands[c], row);
                for (int x = 0; x < width; x++) {
                    image.data()[(c * image.height() + y) * width + x] = row[x] >> shift;
                }
            }
        }
        return image;
    }

    private static Image fromPalette(Raster raster, IndexColorModel palette) {
        var indices = gather(raster, 0, 0).data();
        var image = Image.black(palette.hasAlpha() ? 4 : 3, raster.getHeight(), raster.getWidth());
        for (int i = 0; i < indices.length; i++) {
            int argb = palette.getRGB((int) indices[i]);
            for (int c = 0; c < image.channels(); c++) {
                image.data()[c * indices.length + i] = argb >> (c == 3 ? 24 : 16 - 8 * c) & 0xff;
            }
        }
        return image;
    }
}
