package stylegan4j.kernels.cuda.library;

import java.nio.file.Path;

/**
 * A folder that may hold libraries.
 *
 * @param source how it came to be searched, e.g. {@code CUDA_HOME}
 */
public record Place(String source, Path folder) {
}
