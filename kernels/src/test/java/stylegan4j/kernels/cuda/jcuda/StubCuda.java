package stylegan4j.kernels.cuda.jcuda;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Libraries with the names and symbol versions of CUDA 13 and cuDNN 9, built by g++, that need no GPU. */
final class StubCuda {
    private static final Path SOURCES = Path.of("src/test/cuda/stub").toAbsolutePath();

    private StubCuda() {
    }

    static boolean compilerExists() {
        try {
            return new ProcessBuilder("g++", "--version").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Builds into {@code folder} the driver alone, which finds no GPU. */
    static void buildDriverWithoutGpu(Path folder) throws Exception {
        build(folder, "cuda", "libcuda.so.1", false);
        Files.createFile(folder.resolve("no-gpu"));
    }

    /** Builds all libraries into {@code folder}. */
    static void build(Path folder) throws Exception {
        build(folder, "cuda", "libcuda.so.1", false);
        build(folder, "nvrtc", "libnvrtc.so.13", true);
        build(folder, "cublas", "libcublas.so.13", true);
        build(folder, "cudnn", "libcudnn.so.9", true);
    }

    private static void build(Path folder, String source, String soname, boolean versioned) throws Exception {
        List<String> command = new ArrayList<>(List.of("g++", "-std=c++17", "-O1", "-shared", "-fPIC", "-o",
                folder.resolve(soname).toString(), SOURCES.resolve(source + ".cpp").toString(), "-ldl",
                "-Wl,-soname," + soname));
        if (versioned) {
            Path script = Files.writeString(folder.resolve(source + ".map"), soname + " { global: *; };\n");
            command.add("-Wl,--version-script," + script);
        }
        Process compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
        String messages = new String(compiler.getInputStream().readAllBytes());
        if (compiler.waitFor() != 0) {
            throw new IllegalStateException(messages);
        }
    }

    /**
     * Runs {@code main} in a JVM of its own, with a property set, that finds these libraries.
     *
     * @return the {@code key=value} lines it prints
     */
    static Map<String, String> run(Path folder, Class<?> main, String property) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED", "-D" + property, "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), main.getName());
        builder.environment().put("STYLEGAN4J_CUDA", folder.toString());
        builder.environment().put("STYLEGAN4J_CACHE", folder.resolve("cache").toString());
        builder.environment().put("STUB_FOLDER", folder.toString());
        File messages = folder.resolve("messages").toFile();
        Process process = builder.redirectError(messages).start();
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : new String(process.getInputStream().readAllBytes()).split("\n")) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        if (process.waitFor() != 0) {
            throw new IllegalStateException(values + "\n" + Files.readString(messages.toPath()));
        }
        return values;
    }
}
