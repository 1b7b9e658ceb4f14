package stylegan4j.kernels.cuda.library;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Loads JCuda's natives, adapted to the libraries of an installation. They are made for CUDA 12 and cuDNN 8; the
 * adapted copies bind to the versions that were found. JCuda takes its natives from {@code java.io.tmpdir} where a file
 * of the right name already lies there: that property names the private cache while they load, so that nothing in a
 * shared temporary folder is ever executed.
 */
public final class JcudaNatives {
    private static final String JCUDA = "12.6.0";
    private static final String JCUDNN = "11.7.0";
    private static final int BUILT_FOR_CUDA = 12;
    private static final int BUILT_FOR_CUDNN = 8;

    private static boolean loaded;

    private JcudaNatives() {
    }

    /**
     * Makes JCuda's classes ready for calls; later calls do nothing.
     *
     * @param installation with the libraries that the natives are to bind to, which are loaded already
     * @throws IOException if the natives are missing from the class path, cannot be adapted or stored, or do not load
     */
    public static synchronized void load(CudaInstallation installation) throws IOException {
        if (loaded) {
            return;
        }
        Path folder = prepare(PrivateCache.open(), installation.majors());
        String shared = System.setProperty("java.io.tmpdir", folder.toString());
        try {
            for (String name : classes(installation)) {
                Class.forName(name, true, JcudaNatives.class.getClassLoader());
            }
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IOException("JCuda does not load: " + e.getMessage().lines().findFirst().orElse(""), e);
        } finally {
            System.setProperty("java.io.tmpdir", shared);
        }
        loaded = true;
    }

    /** Writes the adapted natives, and returns their folder. */
    static Path prepare(PrivateCache cache, Map<CudaLibrary, Integer> majors) throws IOException {
        Map<String, String> sonames = new HashMap<>();
        StringBuilder name = new StringBuilder("jcuda-" + JCUDA);
        for (CudaLibrary library : List.of(CudaLibrary.NVRTC, CudaLibrary.CUBLAS, CudaLibrary.CUDNN)) {
            int built = library == CudaLibrary.CUDNN ? BUILT_FOR_CUDNN : BUILT_FOR_CUDA;
            int major = majors.getOrDefault(library, built);
            sonames.put(library.soname(built), library.soname(major));
            name.append('-').append(library.name().toLowerCase(Locale.ROOT)).append(major);
        }
        PrivateCache natives = cache.subfolder(name.toString());
        for (String library : List.of("JCudaDriver", "JNvrtc", "JCublas2", "JCudnn")) {
            String version = library.equals("JCudnn") ? JCUDNN : JCUDA;
            // JCuda asks for every native under its own version.
            natives.store(file(library, JCUDA), ElfAdapter.adapt(resource("/lib/" + file(library, version)), sonames));
        }
        return natives.folder();
    }

    private static List<String> classes(CudaInstallation installation) {
        String driver = "jcuda.driver.JCudaDriver";
        String nvrtc = "jcuda.nvrtc.JNvrtc";
        String cublas = "jcuda.jcublas.JCublas2";
        return installation.library(CudaLibrary.CUDNN).isPresent()
                ? List.of(driver, nvrtc, cublas, "jcuda.jcudnn.JCudnn") : List.of(driver, nvrtc, cublas);
    }

    private static String file(String library, String version) {
        return "lib" + library + "-" + version + "-linux-x86_64.so";
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = JcudaNatives.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException("JCuda's native library " + name + " is not on the class path");
            }
            return in.readAllBytes();
        }
    }
}
