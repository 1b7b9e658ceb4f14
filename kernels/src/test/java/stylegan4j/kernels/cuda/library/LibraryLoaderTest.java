package stylegan4j.kernels.cuda.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Libraries that need one another, built by g++. */
class LibraryLoaderTest {
    @TempDir
    private Path folder;

    /** Of one function, {@code int name()}. A soname that was loaded stays: names differ from test to test. */
    private Path build(String subfolder, String name, String code, Path... needed) throws Exception {
        Path place = Files.createDirectories(folder.resolve(subfolder));
        Path source = Files.writeString(folder.resolve(name + ".c"), code);
        String soname = "libcu" + name + ".so.1";
        List<String> command = new ArrayList<>(List.of("g++", "-xc", "-shared", "-fPIC", "-Wl,-soname," + soname, "-o",
                place.resolve(soname).toString(), source.toString(), "-xnone"));
        for (Path each : needed) {
            command.add(each.toString());
        }
        try {
            Process compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
            String messages = new String(compiler.getInputStream().readAllBytes());
            assertEquals(0, compiler.waitFor(), messages);
        } catch (IOException e) {
            assumeTrue(false, "no g++ on this machine");
        }
        return place.resolve(soname);
    }

    @Test
    void takesNeedsFromTheLibrarysOwnFolderFirst() throws Exception {
        Path other = build("other", "inner", "int inner(void) { return 1; }");
        Path need = build("own", "inner", "int inner(void) { return 2; }");
        Path library = build("own", "outer", "int inner(void); int outer(void) { return inner(); }", need);
        LibraryLoader loader = new LibraryLoader();
        loader.addFolder(other.getParent());
        loader.addFolder(library.getParent());
        assertEquals(2, new NativeCalls(loader.load(library)).status("outer"));
    }

    @Test
    void takesOtherNeedsFromKnownFolders() throws Exception {
        Path need = build("other", "left", "int left(void) { return 3; }");
        Path library = build("own", "right", "int left(void); int right(void) { return left(); }", need);
        LibraryLoader loader = new LibraryLoader();
        loader.addFolder(need.getParent());
        assertEquals(3, new NativeCalls(loader.load(library)).status("right"));
    }

    @Test
    void namesALibraryThatCannotBeLoaded() throws Exception {
        Path library = Files.writeString(folder.resolve("libcubroken.so.1"), "no library");
        IOException e = assertThrows(IOException.class, () -> new LibraryLoader().load(library));
        assertEquals(library + ": not a 64-bit little-endian ELF file", e.getMessage());
    }
}
