package stylegan4j.nn.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of numbered PNG files; each is in its place as soon as it was added. */
final class FrameFolder extends Animation {
    private final Path folder;

    FrameFolder(Path folder) throws IOException {
        super(folder);
        this.folder = Files.createDirectories(folder);
    }

    @Override
    void write(Image frame, int index) throws IOException {
        Images.writePng(frame, folder.resolve("%05d.png".formatted(index)));
    }

    @Override
    void complete(int frameCount) {
    }

    @Override
    public void close() {
    }
}
