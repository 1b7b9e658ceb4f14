package stylegan4j.kernels.cuda.library;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * A folder of this user's own for files that are loaded as code: adapted libraries and compiled kernels. It is never a
 * shared temporary folder, nobody else may write to it, and files appear in it whole.
 *
 * <p>It is the folder named by {@code -Dstylegan4j.cache} or {@code STYLEGAN4J_CACHE}, else
 * {@code $XDG_CACHE_HOME/stylegan4j}, else {@code ~/.cache/stylegan4j}.
 */
public final class PrivateCache {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OTHERS_WRITE =
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private final Path folder;

    private PrivateCache(Path folder) {
        this.folder = folder;
    }

    /**
     * The cache of this user, made if need be.
     *
     * @throws IOException if it cannot be made, or if somebody else owns it or may write to it
     */
    public static PrivateCache open() throws IOException {
        String property = System.getProperty("stylegan4j.cache");
        return open(property != null ? Path.of(property)
                : location(System.getenv(), Path.of(System.getProperty("user.home"))));
    }

    static Path location(Map<String, String> variables, Path home) {
        String own = variables.getOrDefault("STYLEGAN4J_CACHE", "");
        if (!own.isEmpty()) {
            return Path.of(own);
        }
        String base = variables.getOrDefault("XDG_CACHE_HOME", "");
        return (base.isEmpty() ? home.resolve(".cache") : Path.of(base)).resolve("stylegan4j");
    }

    static PrivateCache open(Path folder) throws IOException {
        try {
            Path absolute = folder.toAbsolutePath();
            if (!Files.isDirectory(absolute, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(absolute.getParent());
                create(absolute);
            }
            return new PrivateCache(checked(absolute));
        } catch (FileSystemException e) {
            throw new IOException("the cache folder " + folder + " cannot be made ("
                    + (e.getReason() == null ? e.getClass().getSimpleName() : e.getReason())
                    + "); name another with STYLEGAN4J_CACHE", e);
        }
    }

    private static void create(Path folder) throws IOException {
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (FileAlreadyExistsException e) {
            // Another process of this user may have made it meanwhile; whatever else is there is no folder.
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
        }
    }

    public Path folder() {
        return folder;
    }

    /** A folder inside, for this user only. */
    public PrivateCache subfolder(String name) throws IOException {
        return open(folder.resolve(name));
    }

    /**
     * The file {@code name} holding exactly {@code content}: left alone where it does, else written whole, so that
     * another process never sees half of it.
     */
    public Path store(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) == content.length
                && Arrays.equals(Files.readAllBytes(file), content)) {
            return file;
        }
        Path part = Files.createTempFile(folder, name, ".part", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            Files.write(part, content);
            moveInto(part, file);
        } finally {
            Files.deleteIfExists(part);
        }
        return file;
    }

    static void moveInto(Path part, Path file) throws IOException {
        try {
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static Path checked(Path folder) throws IOException {
        PosixFileAttributes attributes =
                Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Path probe = Files.createTempFile(folder, "owner", ".part", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            if (!attributes.owner().equals(Files.getOwner(probe))) {
                throw new IOException("the cache folder " + folder + " belongs to " + attributes.owner()
                        + "; name another with STYLEGAN4J_CACHE");
            }
        } finally {
            Files.delete(probe);
        }
        if (attributes.permissions().stream().anyMatch(OTHERS_WRITE::contains)) {
            throw new IOException("others may write to the cache folder " + folder + " ("
                    + PosixFilePermissions.toString(attributes.permissions())
                    + "): chmod 700 it, or name another with STYLEGAN4J_CACHE");
        }
        return folder;
    }
}
