package stylegan4j.kernels.cuda.library;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Loads libraries by absolute path, for as long as the process lives, each after the ones it needs. A library that is
 * loaded satisfies every later need of its soname, wherever it lies: no {@code LD_LIBRARY_PATH} is required.
 */
final class LibraryLoader {
    private final List<Path> folders = new ArrayList<>();
    private final Map<String, SymbolLookup> loaded = new HashMap<>();

    /** Also looks here for what libraries need. */
    void addFolder(Path folder) {
        folders.add(folder);
    }

    /**
     * Loads a library and, before it, what it needs of the known folders.
     *
     * @throws IOException if the file is no library, or the system's loader refuses it
     */
    @SuppressWarnings("restricted")
    SymbolLookup load(Path path) throws IOException {
        String name = path.getFileName().toString();
        SymbolLookup known = loaded.get(name);
        if (known != null) {
            return known;
        }
        loaded.put(name, symbol -> Optional.empty());
        for (String needed : ElfFile.needed(path)) {
            // The rest is the system's.
            Path file = needed.startsWith("libcu") || needed.startsWith("libnv") ? find(needed, path) : null;
            if (file != null) {
                load(file);
            }
        }
        try {
            SymbolLookup symbols = SymbolLookup.libraryLookup(path, Arena.global());
            loaded.put(name, symbols);
            return symbols;
        } catch (IllegalArgumentException e) {
            loaded.remove(name);
            throw new IOException(path + ": the system's loader refuses this library (one that it needs may be missing)",
                    e);
        }
    }

    /**
     * Loads the libraries beside {@code library} that it opens by name only when it runs: NVRTC's built-in
     * functions, cuDNN's parts for convolutions.
     */
    void loadCompanions(FoundLibrary library) throws IOException {
        Path folder = library.path().getParent();
        String pattern = switch (library.library()) {
            case NVRTC -> "libnvrtc-builtins.so." + library.major() + ".*";
            case CUDNN -> "libcudnn_{graph,ops,cnn,engines,heuristic}*.so." + library.major();
            case DRIVER, CUBLAS -> null;
        };
        if (pattern != null) {
            for (Path file : Globs.under(folder, pattern)) {
                load(file);
            }
        }
    }

    /** What a library needs: from its own folder before others, which may hold another release. */
    private Path find(String soname, Path needing) {
        Path beside = needing.resolveSibling(soname);
        if (Files.isRegularFile(beside)) {
            return beside;
        }
        for (Path folder : folders) {
            Path file = folder.resolve(soname);
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        return null;
    }
}
