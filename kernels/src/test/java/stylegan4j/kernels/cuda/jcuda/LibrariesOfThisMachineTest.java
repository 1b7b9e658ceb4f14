package stylegan4j.kernels.cuda.jcuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stylegan4j.kernels.cuda.library.CudaLibrary;
import stylegan4j.kernels.cuda.library.LibrarySearch;

/**
 * CUDA's own libraries, where a machine has them: JCuda's natives bind to them, and NVRTC compiles all our sources.
 * Only the driver, which comes with a GPU, is a stand-in.
 */
class LibrariesOfThisMachineTest {
    @TempDir
    private static Path folder;

    private static Map<String, String> said;

    @BeforeAll
    static void run() throws Exception {
        LibrarySearch search = LibrarySearch.ofMachine();
        if (!StubCuda.compilerExists() || search.find(CudaLibrary.NVRTC).isEmpty()
                || search.find(CudaLibrary.CUBLAS).isEmpty()) {
            return;
        }
        StubCuda.buildDriverWithoutGpu(folder);
        String given = System.getProperty("stylegan4j.cuda", System.getenv().getOrDefault("STYLEGAN4J_CUDA", ""));
        said = StubCuda.run(folder, LibrariesOfThisMachine.class,
                "stylegan4j.cuda=" + folder + File.pathSeparator + given);
    }

    @BeforeEach
    void needsLibraries() {
        assumeTrue(said != null, "no NVRTC and cuBLAS, or no g++, on this machine");
    }

    @Test
    void nvrtcCompilesEverySource() {
        assertFalse(said.get("compiled").isEmpty());
        assertEquals("", said.get("failed"));
    }

    @Test
    void cublasAndCudnnAnswerThatThereIsNoGpu() {
        assertEquals("CUBLAS_STATUS_NOT_INITIALIZED", said.get("cuBLAS"));
        assertEquals("CUDNN_STATUS_NOT_INITIALIZED", said.getOrDefault("cuDNN", "CUDNN_STATUS_NOT_INITIALIZED"));
    }
}
