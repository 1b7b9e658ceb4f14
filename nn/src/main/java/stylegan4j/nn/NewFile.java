package stylegan4j.nn;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * A file that appears whole or not at all: written beside its place under another name and moved there by
 * {@link #commit}. Closed without that, it leaves nothing behind, and what was there before stays.
 */
public final class NewFile implements Closeable {
    private final Path target;
    private final Path temporary;

    /**
     * Nothing is created yet.
     *
     * @throws FileSystemException if the target is a folder, or the folder it should lie in does not exist
     */
    public NewFile(Path target) throws FileSystemException {
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || Files.isDirectory(target)) {
            throw new FileSystemException(target.toString(), null, "is a folder");
        }
        if (!Files.isDirectory(folder)) {
            throw new FileSystemException(target.toString(), null, "no such folder to write to");
        }
        this.target = target;
        // Not Files.createTempFile: that makes files which only their owner may read.
        this.temporary = folder.resolve("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    }

    /** Where to write. */
    public Path path() {
        return temporary;
    }

    /** Puts what was written in its place, atomically where the file system can. */
    public void commit() throws IOException {
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Removes what was written, unless it was committed. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(temporary);
    }
}
