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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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
    /**
     * With -O2 compiling takes more time than the kernels gain. Without unique symbols every library has variables of
     * its own, so that kernels of several may run at a time.
     */
    private static final List<String> COMMAND = List.of("g++", "-std=c++17", "-O1", "-march=native", "-fPIC",
            "-fno-gnu-unique",
            "-Wall", "-Wextra", "-Werror", "-Wno-unknown-pragmas", "-Wno-unused-function", "-Wno-unused-variable",
            "-Wno-unused-parameter", "-Wno-unused-but-set-variable", "-Wno-psabi", "-Wno-parentheses",
            "-DSTYLEGAN4J_HOST_GRID");
    /** Held while a library is built, and while a kernel of it runs, whose block's shared memory is static. */
    private static final Map<Path, Object> LOCKS = new ConcurrentHashMap<>();

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
            Object lock = LOCKS.computeIfAbsent(library, _ -> new Object());
            synchronized (lock) {
                if (!Files.exists(library)) {
                    build(name, source, options, precompiled(header), library);
                }
            }
            return new Module(name, SymbolLookup.libraryLookup(library, Arena.global()), lock);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A folder with the header, and with what g++ made of it: half of a kernel's compilation would be reading it. */
    private Path precompiled(String header) throws IOException {
        Path ready = folder.resolve("header-" + hash(String.join(" ", COMMAND), header));
        synchronized (LOCKS) {
            Path compiled = ready.resolve(HEADER + ".gch");
            if (!Files.exists(compiled)) {
                Files.createDirectories(ready);
                Path work = Files.createTempDirectory(folder, "build");
                Path text = Files.writeString(work.resolve(HEADER), header);
                Path output = work.resolve("header.gch");
                run(List.of("-x", "c++-header", text.toString(), "-o", output.toString()));
                move(text, ready.resolve(HEADER));
                move(output, compiled);
                Files.delete(work);
            }
        }
        return ready;
    }

    private void build(String name, String source, List<String> options, Path headers, Path library)
            throws IOException {
        Path work = Files.createTempDirectory(folder, "build");
        Path file = Files.writeString(work.resolve(name), source);
        Path output = work.resolve("library.so");
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(List.of("-shared", "-I", headers.toString(), "-x", "c++", file.toString(), "-o",
                output.toString()));
        run(arguments);
        move(output, library);
        Files.delete(file);
        Files.delete(work);
    }

    private static void run(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(COMMAND);
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String messages = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new GpuException(String.join(" ", command) + "\n" + messages);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GpuException("g++: interrupted", e);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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

    private record Module(String file, SymbolLookup symbols, Object lock) implements KernelModule {
        private static final FunctionDescriptor LAUNCH = FunctionDescriptor.of(ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT,
                JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);

        @Override
        public KernelFunction function(String name) {
            return new HostFunction(name, handle(name, "host_" + name, LAUNCH),
                    size(handle(name, "sizeof_" + name, FunctionDescriptor.of(JAVA_LONG))), lock);
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
     * @param lock to be held while it runs
     */
    record HostFunction(String name, MethodHandle launch, long paramsSize, Object lock) implements KernelFunction {
    }
}
