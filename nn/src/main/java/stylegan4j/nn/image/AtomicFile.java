package stylegan4j.nn.image;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * A file that appears whole or not at all: written beside its place under another name and moved there by
 * {@link #commit}. Closed without that, it leaves nothing behind, and what was there before stays.
 */
final class AtomicFile implements Closeable {
    private final Path target;
    private final Path temporary;

    AtomicFile(Path target) throws ImageException {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new ImageException(target, "no such folder to write to");
        }
        if (Files.isDirectory(target)) {
            throw new ImageException(target, "is a folder");
        }
        this.target = target;
        // Not Files.createTempFile: that makes files which only their owner may read.
        this.temporary = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    }

    /** Where to write. */
    Path path() {
        return temporary;
    }

    void commit() throws IOException {
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(temporary);
    }
}
