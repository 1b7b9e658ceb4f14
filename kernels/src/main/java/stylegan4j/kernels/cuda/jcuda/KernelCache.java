package stylegan4j.kernels.cuda.jcuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import stylegan4j.kernels.cuda.library.PrivateCache;

/**
 * Compiled kernels on disk, named by the hash of all that they follow from. A file begins with the hash of its content:
 * what is damaged counts as absent.
 */
final class KernelCache {
    private static final Logger LOG = Logger.getLogger(KernelCache.class.getName());
    private static final int HASH_BYTES = 32;

    private final PrivateCache folder;

    KernelCache(PrivateCache folder) {
        this.folder = folder;
    }

    /** A name for what is made from these texts. */
    static String key(String name, List<String> texts) {
        MessageDigest digest = sha256();
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
            digest.update(bytes);
        }
        return name.replaceAll("[^A-Za-z0-9_]", "_") + "-" + HexFormat.of().formatHex(digest.digest(), 0, 16);
    }

    /** The stored kernel, or null. */
    byte[] load(String key) {
        Path file = folder.folder().resolve(key);
        try {
            if (!Files.isRegularFile(file)) {
                return null;
            }
            byte[] stored = Files.readAllBytes(file);
            if (stored.length <= HASH_BYTES) {
                return null;
            }
            byte[] content = Arrays.copyOfRange(stored, HASH_BYTES, stored.length);
            return Arrays.equals(sha256().digest(content), Arrays.copyOf(stored, HASH_BYTES)) ? content : null;
        } catch (IOException e) {
            LOG.log(Level.FINE, "compiled kernel " + file + " cannot be read", e);
            return null;
        }
    }

    /** Keeps a kernel; a disk that takes none only costs time later. */
    void store(String key, byte[] content) {
        byte[] stored = Arrays.copyOf(sha256().digest(content), HASH_BYTES + content.length);
        System.arraycopy(content, 0, stored, HASH_BYTES, content.length);
        try {
            folder.store(key, stored);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "compiled kernels cannot be kept in {0}: {1}",
                    new Object[] {folder.folder(), e.getMessage()});
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
