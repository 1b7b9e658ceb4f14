package stylegan4j.kernels.cuda.library;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateCacheTest {
    @TempDir
    private Path folder;

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void isTheOwnersAlone() throws IOException {
        PrivateCache cache = PrivateCache.open(folder.resolve("deep/cache"));
        Path file = cache.subfolder("inner").store("x.so", new byte[] {1, 2, 3});
        assertEquals("rwx------", permissions(cache.folder()));
        assertEquals("rwx------", permissions(file.getParent()));
        assertTrue(permissions(file).endsWith("------"));
    }

    @Test
    void storesWholeFilesAndMendsDamagedOnes() throws IOException {
        PrivateCache cache = PrivateCache.open(folder.resolve("cache"));
        byte[] content = {1, 2, 3};
        Path file = cache.store("x.so", content);
        Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
        cache.store("x.so", content);
        assertEquals(1000, Files.getLastModifiedTime(file).toMillis(), "an intact file is left alone");
        Files.write(file, new byte[] {1, 9, 3});
        cache.store("x.so", content);
        assertArrayEquals(content, Files.readAllBytes(file));
        try (var files = Files.list(cache.folder())) {
            assertEquals(1, files.count(), "no parts are left behind");
        }
    }

    @Test
    void severalMayOpenItForTheFirstTimeAtOnce() {
        for (int i = 0; i < 50; i++) {
            Path cache = folder.resolve("at once " + i);
            List<String> failures = IntStream.range(0, 8).parallel().mapToObj(_ -> {
                try {
                    PrivateCache.open(cache);
                    return "";
                } catch (IOException e) {
                    return e.getMessage();
                }
            }).filter(message -> !message.isEmpty()).toList();
            assertEquals(List.of(), failures);
        }
    }

    @Test
    void refusesAFolderThatOthersMayWriteTo() throws IOException {
        Path shared = Files.createDirectory(folder.resolve("shared"));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwx---"));
        IOException e = assertThrows(IOException.class, () -> PrivateCache.open(shared));
        assertTrue(e.getMessage().contains("rwxrwx---") && e.getMessage().contains("STYLEGAN4J_CACHE"), e.getMessage());
    }

    @Test
    void refusesALinkInItsPlace() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link"), Files.createDirectory(folder.resolve("real")));
        assertThrows(IOException.class, () -> PrivateCache.open(link));
    }

    @Test
    void saysWhichFolderCannotBeMade() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        IOException e = assertThrows(IOException.class, () -> PrivateCache.open(file.resolve("cache")));
        assertTrue(e.getMessage().startsWith("the cache folder " + file.resolve("cache")), e.getMessage());
    }

    @Test
    void liesWhereTheUserSays() {
        Path home = Path.of("/home/me");
        assertEquals(Path.of("/a"), PrivateCache.location(Map.of("STYLEGAN4J_CACHE", "/a", "XDG_CACHE_HOME", "/b"), home));
        assertEquals(Path.of("/b/stylegan4j"), PrivateCache.location(Map.of("XDG_CACHE_HOME", "/b"), home));
        assertEquals(Path.of("/home/me/.cache/stylegan4j"), PrivateCache.location(Map.of(), home));
    }
}
