package stylegan4j.nn.image;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** A picture file that cannot be read or written; the message is one line, naming the file and the reason. */
public final class ImageException extends IOException {
    private static final long serialVersionUID = 1L;

    ImageException(Path file, String reason) {
        super(file + ": " + oneLine(reason));
    }

    ImageException(Path file, String reason, Throwable cause) {
        super(file + ": " + oneLine(reason), cause);
    }

    static ImageException unwritable(Path file, IOException cause) {
        String reason = cause instanceof FileSystemException f && f.getReason() != null
                ? f.getReason() : cause.getMessage();
        return new ImageException(file, "cannot be written: " + reason, cause);
    }

    private static String oneLine(String reason) {
        return reason.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
