package stylegan4j.kernels.cuda;

import java.util.List;
import stylegan4j.kernels.cuda.driver.KernelFunction;

/** A kernel by its name, compiled when first launched. */
public final class Kernel {
    private final KernelLibrary library;
    private final String file;
    private final String name;
    private final List<String> options;
    private volatile KernelFunction function;

    Kernel(KernelLibrary library, String file, String name, List<String> options) {
        this.library = library;
        this.file = file;
        this.name = name;
        this.options = options;
    }

    /** Compiles it now, if that was not done before. */
    public KernelFunction function() {
        KernelFunction known = function;
        if (known == null) {
            known = library.function(file, name, options);
            function = known;
        }
        return known;
    }
}
