package stylegan4j.nn;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
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

    /** Writes a file's content to a path. */
    @FunctionalInterface
    public interface Body {
        void writeTo(Path path) throws IOException;
    }

    /**
     * Writes a file whole, or leaves what was there.
     *
     * @throws FileSystemException naming the file, whatever went wrong
     */
    public static void write(Path target, Body body) throws FileSystemException {
        try (var file = new NewFile(target)) {
            body.writeTo(file.path());
            file.commit();
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    /** What went wrong with a file, by its name: a full disk, for one, is reported without any. */
    public static FileSystemException unwritable(Path target, IOException cause) {
        String reason = switch (cause) {
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException named -> named.getReason();
            default -> cause.getMessage();
        };
        var failure = new FileSystemException(target.toString(), null, reason == null ? "cannot be written" : reason);
        failure.initCause(cause);
        return failure;
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
