package stylegan4j.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewFileTest {
    @TempDir
    Path folder;

    @Test
    void replacesOnlyOnCommit() throws IOException {
        Path target = Files.writeString(folder.resolve("x"), "old");
        try (var file = new NewFile(target)) {
            Files.writeString(file.path(), "new");
            assertEquals("old", Files.readString(target));
            file.commit();
        }
        assertEquals("new", Files.readString(target));
        assertEquals(List.of(target), files());
    }

    @Test
    void abandonedLeavesNothing() throws IOException {
        Path target = Files.writeString(folder.resolve("x"), "old");
        try (var file = new NewFile(target)) {
            Files.writeString(file.path(), "half");
        }
        assertEquals("old", Files.readString(target));
        assertEquals(List.of(target), files());
    }

    @Test
    void aWriteThatFailsNamesTheFileAndLeavesWhatWasThere() throws IOException {
        Path target = Files.writeString(folder.resolve("x"), "old");
        var failure = assertThrows(FileSystemException.class, () -> NewFile.write(target, path -> {
            Files.writeString(path, "half");
            throw new IOException("No space left on device");
        }));
        assertEquals(target + ": No space left on device", failure.getMessage());
        assertEquals("old", Files.readString(target));
        assertEquals(List.of(target), files());
    }

    @Test
    void placesThatCannotBe() {
        assertThrows(FileSystemException.class, () -> new NewFile(folder));
        assertThrows(FileSystemException.class, () -> new NewFile(folder.resolve("none").resolve("x")));
    }

    private List<Path> files() throws IOException {
        try (var list = Files.list(folder)) {
            return list.toList();
        }
    }
}
