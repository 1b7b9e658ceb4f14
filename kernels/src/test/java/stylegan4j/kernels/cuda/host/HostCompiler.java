package stylegan4j.kernels.cuda.host;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import stylegan4j.kernels.cuda.driver.GpuException;
import stylegan4j.kernels.cuda.driver.KernelCompiler;
import stylegan4j.kernels.cuda.driver.KernelFunction;
import stylegan4j.kernels.cuda.driver.KernelModule;

/**
 * Compiles kernels for the host by g++, with the header that plays a grid. Libraries are kept by the hash of all that
 * made them, in the folder of the system property {@code stylegan4j.hostgrid.cache} (default {@code target/host-grid}).
 */
@SuppressWarnings("restricted") // kernels are native code
public final class HostCompiler implements KernelCompiler {
    private static final boolean AVAILABLE = Tools.answers("g++");
    private static final String HEADER = "host_grid.h";
    private static final List<String> COMMAND = List.of("g++", "-std=c++17", "-O2", "-march=native", "-shared", "-fPIC",
            "-Wall", "-Wextra", "-Werror", "-Wno-unknown-pragmas", "-Wno-unused-function", "-Wno-unused-variable",
            "-Wno-unused-parameter", "-Wno-unused-but-set-variable", "-Wno-psabi", "-Wno-parentheses",
            "-DSTYLEGAN4J_HOST_GRID", "-x", "c++");

    private final Path folder = Path.of(System.getProperty("stylegan4j.hostgrid.cache", "target/host-grid"))
            .toAbsolutePath();

    /** Whether there is a compiler on this machine. */
    public static boolean isAvailable() {
        return AVAILABLE;
    }

    @Override
    public KernelModule compile(String name, String source, List<String> options) {
        try {
            String header = header();
            String stem = name.replace(".cu", "") + "-" + hash(String.join(" ", COMMAND), header, source,
                    String.join(" ", options));
            Path library = folder.resolve(stem + ".so");
            if (!Files.exists(library)) {
                Files.createDirectories(folder);
                build(name, header, source, options, library);
            }
            return new Module(name, SymbolLookup.libraryLookup(library, Arena.global()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void build(String name, String header, String source, List<String> options, Path library)
            throws IOException {
        Path work = Files.createTempDirectory(folder, "build");
        Files.writeString(work.resolve(HEADER), header);
        Path file = Files.writeString(work.resolve(name), source);
        Path output = work.resolve("library.so");
        List<String> command = new ArrayList<>(COMMAND);
        command.addAll(options);
        command.addAll(List.of("-I", work.toString(), file.toString(), "-o", output.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String messages = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new GpuException("g++: " + name + " " + options + "\n" + messages);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GpuException("g++: interrupted", e);
        }
        Files.move(output, library, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        Files.delete(file);
        Files.delete(work.resolve(HEADER));
        Files.delete(work);
    }

    private static String header() throws IOException {
        try (InputStream in = HostCompiler.class.getResourceAsStream("/stylegan4j/cuda/" + HEADER)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String hash(String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                digest.update(part.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        // compiled libraries stay for the next run
    }

    private record Module(String file, SymbolLookup symbols) implements KernelModule {
        private static final FunctionDescriptor LAUNCH = FunctionDescriptor.of(ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT,
                JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);

        @Override
        public KernelFunction function(String name) {
            return new HostFunction(name, handle(name, "host_" + name, LAUNCH),
                    size(handle(name, "sizeof_" + name, FunctionDescriptor.of(JAVA_LONG))));
        }

        private MethodHandle handle(String name, String symbol, FunctionDescriptor descriptor) {
            MemorySegment address = symbols.find(symbol)
                    .orElseThrow(() -> new GpuException(file + ": no kernel " + name));
            return Linker.nativeLinker().downcallHandle(address, descriptor);
        }

        private static long size(MethodHandle query) {
            try {
                return (long) query.invokeExact();
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            // a loaded library stays loaded: other modules of the same source share it
        }
    }

    /**
     * @param launch runs the kernel over a grid, and returns null or a message
     * @param paramsSize the size of its parameter struct in C
     */
    record HostFunction(String name, MethodHandle launch, long paramsSize) implements KernelFunction {
    }
}
