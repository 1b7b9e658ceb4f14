package stylegan4j.stylegan.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;

/** Pictures to train on, each a colour with a darker square of its own place. */
final class SmallPictures {
    private SmallPictures() {
    }

    /** Writes {@code 00/img0.png} … into a folder. */
    static Path folder(Path root, int count, int size) throws IOException {
        Files.createDirectories(root.resolve("00"));
        for (int i = 0; i < count; i++) {
            Images.writePng(picture(i, 3, size, size), root.resolve("00/img" + i + ".png"));
        }
        return root;
    }

    static Image picture(int index, int channels, int height, int width) {
        Image image = Image.black(channels, height, width);
        for (int i = 0; i < image.data().length; i++) {
            int c = i / (height * width);
            int y = i / width % height;
            int x = i % width;
            boolean square = (x - index % width + width) % width < width / 2 && y < height / 2;
            image.data()[i] = (40 + 60 * c + 23 * index) % 200 + (square ? 0 : 55);
        }
        return image;
    }

    /** Packs a folder's files, and a {@code dataset.json} unless it is null. */
    static Path zip(Path folder, Path file, String json) throws IOException {
        try (var zip = new ZipOutputStream(Files.newOutputStream(file)); var files = Files.walk(folder)) {
            for (Path picture : files.filter(Files::isRegularFile).sorted().toList()) {
                zip.putNextEntry(new ZipEntry(folder.relativize(picture).toString()));
                zip.write(Files.readAllBytes(picture));
            }
            if (json != null) {
                zip.putNextEntry(new ZipEntry("dataset.json"));
                zip.write(json.getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }
}
