package stylegan4j.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.data.PictureDataset;

/** Any bytes as the {@code dataset.json} of a folder of two pictures either read or end in an {@link IOException}. */
public final class LabelsFuzz {
    private static final int RATIO = 1024;

    private static final Path FOLDER = pictures();

    private LabelsFuzz() {
    }

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] file) throws IOException {
        Files.write(FOLDER.resolve("dataset.json"), file);
        Allocation.check(file.length, RATIO, LabelsFuzz::read);
    }

    private static void read() {
        try {
            PictureDataset.open(FOLDER, true).close();
        } catch (IOException expected) {
            // How a file that is not one ends.
        }
    }

    private static Path pictures() {
        try {
            Path folder = Files.createTempDirectory("labels");
            for (String name : new String[] {"a.png", "b.png"}) {
                Images.writePng(Image.black(1, 8, 8), folder.resolve(name));
            }
            return folder;
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
