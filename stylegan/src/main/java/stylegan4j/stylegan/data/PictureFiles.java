package stylegan4j.stylegan.data;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Files by name, out of a folder or a zip archive. */
interface PictureFiles extends Closeable {
    /** All files below, sorted, with {@code /} between folders. */
    List<String> names() throws IOException;

    byte[] read(String name) throws IOException;

    static PictureFiles open(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return new Folder(path);
        }
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        try {
            return new Archive(path, new ZipFile(path.toFile()));
        } catch (ZipException e) {
            throw new IOException(path + ": neither a folder nor a zip archive (" + e.getMessage() + ")", e);
        }
    }

    /** A folder with everything below it. */
    record Folder(Path root) implements PictureFiles {
        @Override
        public List<String> names() throws IOException {
            try (var files = Files.walk(root)) {
                return files.filter(Files::isRegularFile)
                        .map(file -> root.relativize(file).toString().replace('\\', '/')).sorted().toList();
            }
        }

        @Override
        public byte[] read(String name) throws IOException {
            return Files.readAllBytes(root.resolve(name));
        }

        @Override
        public void close() {
            // Nothing stays open.
        }
    }

    /** A zip archive. */
    record Archive(Path file, ZipFile zip) implements PictureFiles {
        @Override
        public List<String> names() {
            return zip.stream().filter(entry -> !entry.isDirectory()).map(ZipEntry::getName).sorted().toList();
        }

        @Override
        public byte[] read(String name) throws IOException {
            try (InputStream in = zip.getInputStream(zip.getEntry(name))) {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new IOException(file + ": entry " + name + " cannot be read: " + e.getMessage(), e);
            }
        }

        @Override
        public void close() throws IOException {
            zip.close();
        }
    }
}
