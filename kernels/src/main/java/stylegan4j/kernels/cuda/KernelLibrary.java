package stylegan4j.kernels.cuda;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import stylegan4j.kernels.cuda.driver.KernelCompiler;
import stylegan4j.kernels.cuda.driver.KernelFunction;
import stylegan4j.kernels.cuda.driver.KernelModule;

/** The compiled kernels of one device, each source and set of options compiled when first asked for. */
final class KernelLibrary implements AutoCloseable {
    private record Key(String file, List<String> options) {
    }

    private final KernelCompiler compiler;
    private final Map<Key, KernelModule> modules = new ConcurrentHashMap<>();

    KernelLibrary(KernelCompiler compiler) {
        this.compiler = compiler;
    }

    KernelFunction function(String file, String name, List<String> options) {
        return modules.computeIfAbsent(new Key(file, options),
                key -> compiler.compile(key.file(), KernelSources.text(key.file()), key.options())).function(name);
    }

    @Override
    public void close() {
        modules.values().forEach(KernelModule::close);
        modules.clear();
    }
}
