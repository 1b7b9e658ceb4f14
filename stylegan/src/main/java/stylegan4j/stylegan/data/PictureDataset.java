package stylegan4j.stylegan.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;

/**
 * PNG and JPEG pictures of a folder, or of a zip archive as NVlabs' {@code dataset_tool.py} writes it, with the labels
 * of its {@code dataset.json} (stylegan2-ada-pytorch, {@code training/dataset.py}: ImageFolderDataset). Pictures are
 * decoded when they are asked for.
 */
public final class PictureDataset implements Dataset {
    private static final int LOWEST_RESOLUTION = 8;
    private static final float[] NO_LABEL = {};
    /** As stored, without alpha, which says nothing that a network should see. */
    public static final Decoder OPAQUE = PictureDataset::opaque;

    private final Path path;
    private final PictureFiles files;
    private final List<String> names;
    private final float[][] labels;
    private final Decoder decoder;
    private final int channels;
    private final int resolution;

    /** How pixels are made of a file. */
    @FunctionalInterface
    public interface Decoder {
        /** @param name for messages */
        Image decode(Path name, byte[] bytes) throws IOException;
    }

    private PictureDataset(Path path, PictureFiles files, boolean withLabels, Decoder decoder) throws IOException {
        this.path = path;
        this.files = files;
        this.decoder = decoder;
        List<String> all = files.names();
        this.names = all.stream().filter(PictureDataset::isPicture).toList();
        if (names.isEmpty()) {
            throw new IOException(path + ": holds no PNG or JPEG pictures");
        }
        this.labels = withLabels ? Labels.read(path, files, all, names) : null;
        Image first = decode(0);
        this.channels = first.channels();
        this.resolution = first.width();
        if (first.height() != resolution || resolution < LOWEST_RESOLUTION || Integer.bitCount(resolution) != 1) {
            throw new IOException(path.resolve(names.getFirst()) + ": pictures to train on must be square, a power of "
                    + "two from " + LOWEST_RESOLUTION + " on, got " + first.width() + "x" + first.height());
        }
    }

    /**
     * Opens a folder or zip archive, and decodes the first picture, which the others have to be like.
     *
     * @param withLabels whether to read the labels, which must then be there
     * @throws IOException if it cannot be opened, holds no pictures, pictures of impossible size, or no labels
     */
    public static PictureDataset open(Path path, boolean withLabels) throws IOException {
        return open(path, withLabels, OPAQUE);
    }

    /**
     * Opens a folder or zip archive of pictures that are read in another way, such as label maps.
     *
     * @throws IOException as {@link #open(Path, boolean)}
     */
    public static PictureDataset open(Path path, boolean withLabels, Decoder decoder) throws IOException {
        PictureFiles files = PictureFiles.open(path);
        try {
            return new PictureDataset(path, files, withLabels, decoder);
        } catch (IOException | RuntimeException e) {
            files.close();
            throw e;
        }
    }

    private static boolean isPicture(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".png") || lower.endsWith(".jpg") || lower.endsWith(".jpeg");
    }

    /**
     * Fails unless this holds the same names as another, whatever their endings: a source for each target.
     *
     * @throws IOException naming the first that has no partner
     */
    public void requirePairs(PictureDataset other) throws IOException {
        for (int i = 0; i < Math.max(size(), other.size()); i++) {
            String mine = i < size() ? stem(names.get(i)) : null;
            String theirs = i < other.size() ? stem(other.names.get(i)) : null;
            if (mine == null || theirs != null && mine.compareTo(theirs) > 0) {
                throw new IOException(other.path.resolve(other.names.get(i)) + ": has no partner in " + path);
            }
            if (!mine.equals(theirs)) {
                throw new IOException(path.resolve(names.get(i)) + ": has no partner in " + other.path);
            }
        }
    }

    private static String stem(String name) {
        return name.substring(0, name.lastIndexOf('.'));
    }

    @Override
    public int size() {
        return names.size();
    }

    @Override
    public int resolution() {
        return resolution;
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public int labelSize() {
        return labels == null ? 0 : labels[0].length;
    }

    @Override
    public float[] label(int index) {
        return labels == null ? NO_LABEL : labels[index];
    }

    @Override
    public Image picture(int index) throws IOException {
        Image image = decode(index);
        if (image.channels() != channels || image.width() != resolution || image.height() != resolution) {
            throw new IOException(path.resolve(names.get(index)) + ": expected " + describe(channels, resolution,
                    resolution) + " as the first picture, got "
                    + describe(image.channels(), image.width(), image.height()));
        }
        return image;
    }

    private Image decode(int index) throws IOException {
        String name = names.get(index);
        return decoder.decode(path.resolve(name), files.read(name));
    }

    private static Image opaque(Path name, byte[] bytes) throws IOException {
        Image image = Images.read(name, bytes);
        return image.channels() == 4 ? image.convert(3) : image;
    }

    private static String describe(int channels, int width, int height) {
        return width + "x" + height + (channels == 1 ? " grey" : " colour");
    }

    @Override
    public void close() throws IOException {
        files.close();
    }
}
