package stylegan4j.kernels.cuda.library;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search over machines made of empty files. */
class LibrarySearchTest {
    @TempDir
    private Path root;

    private final Map<String, String> variables = new HashMap<>();

    private Path touch(String path) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.createFile(file);
    }

    private LibrarySearch search(String given) {
        return LibrarySearch.of(new Surroundings(given, variables, root.resolve("home/me"), root,
                new URLClassLoader(new URL[0], null)));
    }

    private List<String> found(String given, CudaLibrary library) {
        return search(given).find(library).stream()
                .map(f -> f.source() + " " + root.relativize(f.path()) + " " + f.major()).toList();
    }

    @Test
    void findsNothingOnAnEmptyMachine() {
        for (CudaLibrary library : CudaLibrary.values()) {
            assertEquals(List.of(), found("", library));
        }
    }

    @Test
    void searchesInTheStatedOrder() throws IOException {
        touch("opt/mine/libnvrtc.so.12");
        touch("toolkits/home/lib64/libnvrtc.so.12");
        touch("toolkits/path/lib/libnvrtc.so.13");
        touch("loader/libnvrtc.so.13");
        touch("usr/local/cuda-12.6/lib64/libnvrtc.so.12");
        touch("usr/local/cuda-13.0/targets/x86_64-linux/lib/libnvrtc.so.13");
        touch("usr/lib/x86_64-linux-gnu/libnvrtc.so.12");
        touch("venv/lib/python3.12/site-packages/nvidia/cu13/lib/libnvrtc.so.13");
        variables.put("CUDA_HOME", root.resolve("toolkits/home").toString());
        variables.put("CUDA_PATH", root.resolve("toolkits/path").toString());
        variables.put("LD_LIBRARY_PATH", "relative:" + root.resolve("nowhere") + ":" + root.resolve("loader"));
        variables.put("VIRTUAL_ENV", root.resolve("venv").toString());
        assertEquals(List.of("given opt/mine/libnvrtc.so.12 12",
                "CUDA_HOME toolkits/home/lib64/libnvrtc.so.12 12",
                "CUDA_PATH toolkits/path/lib/libnvrtc.so.13 13",
                "LD_LIBRARY_PATH loader/libnvrtc.so.13 13",
                "CUDA toolkit usr/local/cuda-13.0/targets/x86_64-linux/lib/libnvrtc.so.13 13",
                "CUDA toolkit usr/local/cuda-12.6/lib64/libnvrtc.so.12 12",
                "system usr/lib/x86_64-linux-gnu/libnvrtc.so.12 12",
                "Python packages venv/lib/python3.12/site-packages/nvidia/cu13/lib/libnvrtc.so.13 13"),
                found(root.resolve("opt/mine").toString(), CudaLibrary.NVRTC));
    }

    @Test
    void prefersTheNewerOfOneFolderAndPassesOverUnknownVersions() throws IOException {
        touch("usr/lib64/libcudnn.so.7");
        touch("usr/lib64/libcudnn.so.8");
        touch("usr/lib64/libcudnn.so.9");
        touch("usr/lib64/libcudnn.so");
        assertEquals(List.of("system usr/lib64/libcudnn.so.9 9", "system usr/lib64/libcudnn.so.8 8"),
                found("", CudaLibrary.CUDNN));
    }

    /** {@code python3} on the path is a link into an environment, whose own is a link to a base installation. */
    @Test
    void findsThePackagesOfAPythonBehindLinks() throws IOException {
        touch("opt/base/bin/python3.12");
        touch("opt/base/lib/python3.12/site-packages/nvidia/cublas/lib/libcublas.so.12");
        touch("srv/env/lib/python3.12/site-packages/nvidia/cudnn/lib/libcudnn.so.9");
        touch("srv/env/lib/python3.9/site-packages/nvidia/cudnn/lib/libcudnn.so.8");
        Files.createDirectories(root.resolve("srv/env/bin"));
        Files.createSymbolicLink(root.resolve("srv/env/bin/python3"), root.resolve("opt/base/bin/python3.12"));
        Files.createDirectories(root.resolve("tools"));
        Files.createSymbolicLink(root.resolve("tools/python3"), Path.of("../srv/env/bin/python3"));
        variables.put("PATH", root.resolve("tools").toString());
        assertEquals(List.of(
                "Python packages srv/env/lib/python3.12/site-packages/nvidia/cudnn/lib/libcudnn.so.9 9",
                "Python packages srv/env/lib/python3.9/site-packages/nvidia/cudnn/lib/libcudnn.so.8 8"),
                found("", CudaLibrary.CUDNN));
        assertEquals(List.of(
                "Python packages opt/base/lib/python3.12/site-packages/nvidia/cublas/lib/libcublas.so.12 12"),
                found("", CudaLibrary.CUBLAS));
    }

    @Test
    void readsTheLoadersConfiguration() throws IOException {
        touch("somewhere/else/libcuda.so.1");
        Files.createDirectories(root.resolve("etc/ld.so.conf.d"));
        Files.writeString(root.resolve("etc/ld.so.conf.d/nvidia.conf"), "# driver\n/somewhere/else  # here\n");
        assertEquals(List.of("system somewhere/else/libcuda.so.1 1"), found("", CudaLibrary.DRIVER));
    }

    @Test
    void unpacksWhatJarsOnTheClassPathHold() throws IOException {
        Path jar = root.resolve("cuda-redist.jar");
        String folder = "org/bytedeco/cuda/linux-x86_64/";
        try (var out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (String name : List.of("libnvrtc.so.12", "libnvrtc-builtins.so.12.6", "libcusolver.so.11")) {
                out.putNextEntry(new ZipEntry(folder + name));
                out.write(name.getBytes());
            }
        }
        System.setProperty("stylegan4j.cache", root.resolve("cache").toString());
        try (var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            FoundLibrary found = LibrarySearch.of(new Surroundings("", variables, root.resolve("home/me"), root, loader))
                    .find(CudaLibrary.NVRTC).getFirst();
            assertEquals("jar cuda-redist.jar", found.source());
            assertEquals("libnvrtc.so.12", Files.readString(found.path()));
            assertEquals("libnvrtc-builtins.so.12.6",
                    Files.readString(found.path().resolveSibling("libnvrtc-builtins.so.12.6")));
            assertFalse(Files.exists(found.path().resolveSibling("libcusolver.so.11")), "not one of ours");
        } finally {
            System.clearProperty("stylegan4j.cache");
        }
    }

    @Test
    void countsAFolderOnceUnderItsFirstName() throws IOException {
        touch("usr/local/cuda-13.0/lib64/libcublas.so.13");
        Files.createSymbolicLink(root.resolve("usr/local/cuda"), root.resolve("usr/local/cuda-13.0"));
        variables.put("CUDA_HOME", root.resolve("usr/local/cuda").toString());
        assertEquals(List.of("CUDA_HOME usr/local/cuda/lib64/libcublas.so.13 13"), found("", CudaLibrary.CUBLAS));
    }
}
