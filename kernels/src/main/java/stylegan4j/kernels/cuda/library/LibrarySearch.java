package stylegan4j.kernels.cuda.library;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** Looks for CUDA's libraries; finding loads nothing. */
public final class LibrarySearch {
    private final List<Place> places;
    private final BundledLibraries bundled;

    private LibrarySearch(List<Place> places, BundledLibraries bundled) {
        this.places = places;
        this.bundled = bundled;
    }

    /**
     * A search of this machine: folders in {@code -Dstylegan4j.cuda} or {@code STYLEGAN4J_CUDA}, {@code CUDA_HOME} and
     * {@code CUDA_PATH}, {@code LD_LIBRARY_PATH}, {@code /usr/local/cuda*}, the system's folders, {@code nvidia/*}
     * among Python's packages, and jars on the class path.
     */
    public static LibrarySearch ofMachine() {
        return of(Surroundings.ofProcess());
    }

    static LibrarySearch of(Surroundings surroundings) {
        return new LibrarySearch(Places.of(surroundings), new BundledLibraries(surroundings.loader()));
    }

    /** The folders that are searched, in order. */
    public List<Place> places() {
        return places;
    }

    /** Every usable file of a library: in the order of places, and newest first within one. */
    public List<FoundLibrary> find(CudaLibrary library) {
        List<FoundLibrary> found = new ArrayList<>();
        for (Place place : places) {
            for (int major : library.majors()) {
                var file = place.folder().resolve(library.soname(major));
                if (Files.isRegularFile(file)) {
                    found.add(new FoundLibrary(library, major, file, place.source()));
                }
            }
        }
        found.addAll(bundled.find(library));
        return found;
    }
}
