package stylegan4j.kernels.cuda.library;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.SymbolLookup;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import stylegan4j.kernels.cuda.driver.GpuException;

/**
 * The CUDA libraries of this machine, chosen so that they fit the driver and one another, and loaded into this process.
 * The driver, NVRTC and cuBLAS are required; without cuDNN the backend convolves with kernels of its own.
 */
public final class CudaInstallation {
    private static final String NOT_FOUND = "not found";

    private static CudaInstallation machine;

    private final List<Place> places;
    private final Map<CudaLibrary, LoadedLibrary> loaded = new EnumMap<>(CudaLibrary.class);
    private final Map<CudaLibrary, String> missing = new LinkedHashMap<>();
    private final LibraryLoader loader = new LibraryLoader();
    private SymbolLookup driver;

    private CudaInstallation(List<Place> places) {
        this.places = places;
    }

    /** What this machine has; looked for and loaded once. */
    public static synchronized CudaInstallation ofMachine() {
        if (machine == null) {
            machine = of(LibrarySearch.ofMachine());
        }
        return machine;
    }

    /** Whether this machine has a driver at all; nothing is loaded to find out. */
    public static boolean hasDriver() {
        return unsupported() == null && !LibrarySearch.ofMachine().find(CudaLibrary.DRIVER).isEmpty();
    }

    /** Why CUDA is of no use on this operating system, or null. */
    private static String unsupported() {
        String system = System.getProperty("os.name");
        String architecture = System.getProperty("os.arch");
        return system.equals("Linux") && architecture.equals("amd64") ? null
                : "CUDA is used on Linux x86-64 only, this is " + system + " " + architecture;
    }

    static CudaInstallation of(LibrarySearch search) {
        CudaInstallation installation = new CudaInstallation(search.places());
        if (unsupported() != null) {
            installation.missing.put(CudaLibrary.DRIVER, unsupported());
            return installation;
        }
        for (CudaLibrary library : CudaLibrary.values()) {
            try {
                installation.choose(library, search.find(library));
            } catch (UncheckedIOException e) {
                installation.missing.put(library, e.getCause().getMessage());
            }
        }
        return installation;
    }

    /** The folders that were searched, in order. */
    public List<Place> places() {
        return places;
    }

    /** A library, if this machine has one that can be used. */
    public Optional<LoadedLibrary> library(CudaLibrary library) {
        return Optional.ofNullable(loaded.get(library));
    }

    /** The major version of each library there is. */
    Map<CudaLibrary, Integer> majors() {
        Map<CudaLibrary, Integer> majors = new EnumMap<>(CudaLibrary.class);
        loaded.forEach((library, found) -> majors.put(library, found.found().major()));
        return majors;
    }

    /** Why a library cannot be used, by library. */
    public Map<CudaLibrary, String> missing() {
        return Collections.unmodifiableMap(missing);
    }

    /** Whether everything is there that the backend cannot do without. */
    public boolean usable() {
        return loaded.containsKey(CudaLibrary.DRIVER) && loaded.containsKey(CudaLibrary.NVRTC)
                && loaded.containsKey(CudaLibrary.CUBLAS);
    }

    /** @throws GpuException unless {@link #usable}; one line says what is missing and why */
    public void require() {
        if (!usable()) {
            String reasons = missing.entrySet().stream().filter(m -> m.getKey() != CudaLibrary.CUDNN)
                    .map(m -> m.getValue().equals(NOT_FOUND) ? m.getKey().title() + " not found" : m.getValue())
                    .collect(Collectors.joining("; "));
            throw new GpuException("CUDA cannot be used: " + reasons + " ('stylegan4j doctor' says more)");
        }
    }

    /** The GPUs that the driver shows; none without a driver. */
    public GpuList gpus() {
        return driver == null ? new GpuList(List.of(), "there is no NVIDIA driver") : GpuList.of(driver);
    }

    private void choose(CudaLibrary library, List<FoundLibrary> candidates) {
        if (candidates.isEmpty()) {
            missing.put(library, NOT_FOUND);
            return;
        }
        String reason = null;
        for (FoundLibrary candidate : candidates) {
            String mismatch = mismatch(candidate);
            if (mismatch == null) {
                mismatch = load(candidate);
            }
            if (mismatch == null) {
                missing.remove(library);
                return;
            }
            reason = reason == null ? mismatch : reason;
        }
        missing.put(library, reason);
    }

    /** Why a candidate does not fit what has been chosen already, or null. */
    private String mismatch(FoundLibrary candidate) {
        LoadedLibrary driverLibrary = loaded.get(CudaLibrary.DRIVER);
        LoadedLibrary nvrtc = loaded.get(CudaLibrary.NVRTC);
        return switch (candidate.library()) {
            case NVRTC -> driverLibrary != null && candidate.major() > driverLibrary.cudaMajor()
                    ? candidate.path() + " is of CUDA " + candidate.major() + ", the driver serves CUDA "
                            + driverLibrary.version() + " at most" : null;
            case CUBLAS -> nvrtc != null && candidate.major() != nvrtc.cudaMajor()
                    ? candidate.path() + " is of CUDA " + candidate.major() + ", NVRTC (" + nvrtc.path()
                            + ") of CUDA " + nvrtc.cudaMajor() : null;
            case DRIVER, CUDNN -> null;
        };
    }

    /** Loads a candidate; returns why it cannot be used, or null. */
    private String load(FoundLibrary candidate) {
        try {
            loader.addFolder(candidate.path().getParent());
            loader.loadCompanions(candidate);
            SymbolLookup symbols = loader.load(candidate.path());
            LoadedLibrary library = LoadedLibrary.of(candidate, symbols);
            LoadedLibrary cublas = loaded.get(CudaLibrary.CUBLAS);
            if (candidate.library() == CudaLibrary.CUDNN && cublas != null
                    && library.cudaMajor() != cublas.cudaMajor()) {
                return candidate.path() + " is built for CUDA " + library.cudaMajor() + ", the other libraries are of CUDA "
                        + cublas.cudaMajor();
            }
            if (candidate.library() == CudaLibrary.DRIVER) {
                driver = symbols;
            }
            loaded.put(candidate.library(), library);
            return null;
        } catch (IOException e) {
            return e.getMessage();
        }
    }
}
