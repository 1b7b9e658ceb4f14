package stylegan4j.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import stylegan4j.kernels.cpu.Simd;
import stylegan4j.kernels.cuda.library.CudaInstallation;
import stylegan4j.kernels.cuda.library.CudaLibrary;
import stylegan4j.kernels.cuda.library.GpuList;
import stylegan4j.kernels.cuda.library.LoadedLibrary;
import stylegan4j.kernels.cuda.library.PrivateCache;

/**
 * What {@code doctor} finds; its components are the keys of the JSON.
 *
 * @param automaticDevice what {@code --device auto} would take
 */
record MachineReport(String version, Java java, String system, Cpu cpu, Cuda cuda, String automaticDevice) {
    record Java(String version, String vendor, String home) {
    }

    /** @param vectorBits 0 where plain loops run */
    record Cpu(int cores, int vectorBits) {
    }

    /**
     * @param usable whether the driver, NVRTC and cuBLAS are there and fit each other
     * @param gpuProblem why there are no GPUs, or null
     * @param cache the folder of adapted libraries and compiled kernels, or why it cannot be used
     */
    record Cuda(boolean usable, List<Library> libraries, List<Gpu> gpus, String gpuProblem, String cache,
                List<Searched> searched) {
    }

    /**
     * @param version null where it is missing, as path and source
     * @param problem why it cannot be used, or null
     * @param remedy how to get it, or null where it is there
     */
    record Library(String name, String version, String path, String source, String problem, String remedy) {
    }

    /** @param problem why it cannot be computed with, or null */
    record Gpu(int index, String name, long memory, String capability, String problem) {
    }

    record Searched(String folder, String source) {
    }

    static MachineReport make() {
        CudaInstallation installation = CudaInstallation.ofMachine();
        GpuList found = installation.gpus();
        List<Gpu> gpus = found.devices().stream().map(gpu -> new Gpu(gpu.index(), gpu.name(), gpu.memory(),
                gpu.capability(), GpuCheck.problem(gpu.index()))).toList();
        List<Library> libraries = new ArrayList<>();
        for (CudaLibrary library : CudaLibrary.values()) {
            libraries.add(describe(library, installation));
        }
        Cuda cuda = new Cuda(installation.usable(), libraries, gpus, found.problem(), cache(),
                installation.places().stream().map(p -> new Searched(p.folder().toString(), p.source())).toList());
        return new MachineReport(new Version().getVersion()[0].replaceFirst("stylegan4j (.*), Java.*", "$1"),
                new Java(Runtime.version().toString(), System.getProperty("java.vendor"),
                        System.getProperty("java.home")),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"),
                new Cpu(Runtime.getRuntime().availableProcessors(), Simd.bits()), cuda, automatic(cuda));
    }

    private static String automatic(Cuda cuda) {
        return cuda.gpus().stream().filter(gpu -> gpu.problem() == null).map(gpu -> "cuda:" + gpu.index()).findFirst()
                .orElse("cpu");
    }

    private static Library describe(CudaLibrary library, CudaInstallation installation) {
        LoadedLibrary loaded = installation.library(library).orElse(null);
        return loaded == null
                ? new Library(library.title(), null, null, null,
                        installation.missing().getOrDefault(library, "not looked for"), library.remedy())
                : new Library(library.title(), loaded.version(), loaded.path().toString(), loaded.found().source(),
                        null, null);
    }

    private static String cache() {
        try {
            return PrivateCache.open().folder().toString();
        } catch (IOException e) {
            return e.getMessage();
        }
    }
}
