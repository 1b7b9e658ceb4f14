package stylegan4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;
import stylegan4j.nn.image.Resize;
import stylegan4j.nn.image.ResizeFilter;

/** Pictures that are to be inverted. */
final class TargetPictures {
    private TargetPictures() {
    }

    /**
     * The files meant by paths of files and folders, by names that are different from each other: those of the files,
     * with a number where one comes again. A folder stands for the PNG and JPEG files in it, by name.
     *
     * @throws IOException if a path does not exist, or a folder holds no picture
     */
    static Map<String, Path> named(List<Path> inputs) throws IOException {
        Map<String, Path> files = new LinkedHashMap<>();
        for (Path input : inputs) {
            if (!Files.isDirectory(input)) {
                if (!Files.exists(input)) {
                    throw new NoSuchFileException(input.toString());
                }
                files.put(free(files, input), input);
                continue;
            }
            try (Stream<Path> inside = Files.list(input)) {
                List<Path> pictures = inside.filter(TargetPictures::isPicture).sorted().toList();
                if (pictures.isEmpty()) {
                    throw new IOException(input + ": the folder holds no PNG or JPEG picture");
                }
                pictures.forEach(picture -> files.put(free(files, picture), picture));
            }
        }
        return files;
    }

    private static boolean isPicture(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return Files.isRegularFile(file)
                && (name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg"));
    }

    private static String free(Map<String, Path> taken, Path file) {
        String name = file.getFileName().toString().replaceFirst("(?<=.)\\.[^.]*$", "");
        String free = name;
        for (int i = 2; taken.containsKey(free); i++) {
            free = name + "-" + i;
        }
        return free;
    }

    /**
     * Reads a picture as a target: the largest part around the middle of the wanted aspect, resized (Lanczos), as the
     * official projector does; what had to be changed is told in a note.
     *
     * @return [3, height, width]
     */
    static Image read(Path file, int height, int width, Consumer<String> notes) throws IOException {
        Image stored = Images.read(file, 4);
        if (isTransparent(stored)) {
            notes.accept(file + ": the alpha channel is dropped");
        }
        Image image = stored.convert(3);
        if (image.height() == height && image.width() == width) {
            return image;
        }
        boolean cropped = (long) image.height() * width != (long) image.width() * height;
        notes.accept(file + ": " + image.width() + "x" + image.height() + " picture "
                + (cropped ? "cropped to its middle and " : "") + "resized to " + width + "x" + height);
        return height == width ? Resize.to(image.centerSquare(), height, width, ResizeFilter.LANCZOS)
                : Resize.fit(image, height, width, ResizeFilter.LANCZOS);
    }

    private static boolean isTransparent(Image image) {
        float[] data = image.data();
        int plane = image.height() * image.width();
        return IntStream.range(3 * plane, 4 * plane).anyMatch(i -> data[i] != 255);
    }
}
