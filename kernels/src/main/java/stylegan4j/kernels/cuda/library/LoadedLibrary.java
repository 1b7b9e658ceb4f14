package stylegan4j.kernels.cuda.library;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * A library in this process.
 *
 * @param found where it came from
 * @param version as the library states it, such as 13.0.88
 * @param cudaMajor the major version of CUDA that it belongs to
 */
public record LoadedLibrary(FoundLibrary found, String version, int cudaMajor) {
    /** Asks a library for its versions; none of this needs a GPU. */
    static LoadedLibrary of(FoundLibrary found, SymbolLookup symbols) throws IOException {
        NativeCalls calls = new NativeCalls(symbols);
        try {
            return switch (found.library()) {
                case DRIVER -> driver(found, calls);
                case NVRTC -> nvrtc(found, calls);
                case CUBLAS -> new LoadedLibrary(found, property(calls, 0) + "." + property(calls, 1) + "."
                        + property(calls, 2), found.major());
                case CUDNN -> cudnn(found, calls);
            };
        } catch (IllegalStateException e) {
            throw new IOException(found.path() + ": " + e.getMessage(), e);
        }
    }

    private static LoadedLibrary driver(FoundLibrary found, NativeCalls calls) throws IOException {
        int cuda = calls.intResult("cuDriverGetVersion").orElseThrow(() -> refusal(found, "cuDriverGetVersion"));
        return new LoadedLibrary(found, cudaVersion(cuda), cuda / 1000);
    }

    private static LoadedLibrary nvrtc(FoundLibrary found, NativeCalls calls) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment version = arena.allocate(ValueLayout.JAVA_INT, 2);
            if (calls.status("nvrtcVersion", version, version.asSlice(4)) != 0) {
                throw refusal(found, "nvrtcVersion");
            }
            int major = version.getAtIndex(ValueLayout.JAVA_INT, 0);
            return new LoadedLibrary(found, major + "." + version.getAtIndex(ValueLayout.JAVA_INT, 1), major);
        }
    }

    /** {@code libraryPropertyType}: 0 major, 1 minor, 2 patch. */
    private static int property(NativeCalls calls, int which) {
        return calls.intResult("cublasGetProperty", which).orElse(0);
    }

    private static LoadedLibrary cudnn(FoundLibrary found, NativeCalls calls) {
        long version = calls.size("cudnnGetVersion");
        // 8.9.7 is 8907; from 9 on 9.5.1 is 90501.
        long unit = version >= 90000 ? 10000 : 1000;
        return new LoadedLibrary(found, version / unit + "." + version % unit / 100 + "." + version % 100,
                (int) (calls.size("cudnnGetCudartVersion") / 1000));
    }

    /** The version as people write it: 13.0 for 13000. */
    private static String cudaVersion(int version) {
        return version / 1000 + "." + version % 1000 / 10;
    }

    private static IOException refusal(FoundLibrary found, String function) {
        return new IOException(found.path() + ": " + function + " failed");
    }

    public CudaLibrary library() {
        return found.library();
    }

    public Path path() {
        return found.path();
    }
}
