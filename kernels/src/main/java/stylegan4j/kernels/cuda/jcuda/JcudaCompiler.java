package stylegan4j.kernels.cuda.jcuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jcuda.driver.CUfunction;
import jcuda.driver.CUmodule;
import jcuda.driver.CUresult;
import jcuda.driver.JCudaDriver;
import stylegan4j.kernels.cuda.driver.KernelCompiler;
import stylegan4j.kernels.cuda.driver.KernelFunction;
import stylegan4j.kernels.cuda.driver.KernelModule;

/** Compiles by NVRTC for one device, and keeps results on disk by source, options, target and compiler version. */
final class JcudaCompiler implements KernelCompiler {
    private final JcudaGpu gpu;
    private final Nvrtc nvrtc;
    private final KernelCache cache;
    private final String version;
    private final String target;

    JcudaCompiler(JcudaGpu gpu, KernelCache cache) {
        this.gpu = gpu;
        this.nvrtc = new Nvrtc(gpu.status());
        this.cache = cache;
        this.version = nvrtc.version();
        this.target = nvrtc.target(gpu.properties().capability());
    }

    @Override
    public KernelModule compile(String name, String source, List<String> options) {
        List<String> texts = new ArrayList<>(List.of(name, source, target, "NVRTC " + version));
        texts.addAll(options);
        String key = KernelCache.key(name, texts);
        byte[] code = cache.load(key);
        CUmodule module = new CUmodule();
        gpu.makeCurrent();
        if (code == null || JCudaDriver.cuModuleLoadData(module, code) != CUresult.CUDA_SUCCESS) {
            byte[] compiled = nvrtc.compile(name, source, target, options);
            gpu.driver("cuModuleLoadData(" + name + ")", () -> JCudaDriver.cuModuleLoadData(module, compiled));
            cache.store(key, compiled);
        }
        return new Module(name, module);
    }

    @Override
    public void close() {
        // Nothing is held: modules are their users'.
    }

    private final class Module implements KernelModule {
        private final String name;
        private final CUmodule handle;
        private final Map<String, KernelFunction> functions = new ConcurrentHashMap<>();
        private boolean closed;

        Module(String name, CUmodule handle) {
            this.name = name;
            this.handle = handle;
        }

        @Override
        public KernelFunction function(String kernel) {
            return functions.computeIfAbsent(kernel, _ -> {
                CUfunction function = new CUfunction();
                gpu.driver("cuModuleGetFunction(" + kernel + " of " + name + ")",
                        () -> JCudaDriver.cuModuleGetFunction(function, handle, kernel));
                return new JcudaFunction(gpu, kernel, function);
            });
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                gpu.driver("cuModuleUnload", () -> JCudaDriver.cuModuleUnload(handle));
            }
        }
    }
}
