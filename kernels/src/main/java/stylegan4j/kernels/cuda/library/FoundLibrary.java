package stylegan4j.kernels.cuda.library;

import java.nio.file.Path;

/**
 * A library file of a usable major version.
 *
 * @param major of the library's own numbering
 * @param path the file under its soname, not resolved further
 * @param source how its folder came to be searched
 */
public record FoundLibrary(CudaLibrary library, int major, Path path, String source) {
}
