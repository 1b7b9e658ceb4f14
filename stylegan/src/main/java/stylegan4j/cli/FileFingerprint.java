package stylegan4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** A file by its name and what is in it, so that another file of the same name is told apart. */
final class FileFingerprint {
    private static final int SHOWN_BYTES = 8;

    private FileFingerprint() {
    }

    /** The name and the first digits of the content's SHA-256. */
    static String of(Path file) throws IOException {
        return file.getFileName() + " " + of(List.of(file));
    }

    /** The first digits of the SHA-256 of several files' contents, one after the other. */
    static String of(List<Path> files) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files) {
                try (InputStream in = Files.newInputStream(file)) {
                    new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
                }
            }
            return HexFormat.of().formatHex(digest.digest(), 0, SHOWN_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
