package stylegan4j.kernels.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import stylegan4j.kernels.cuda.Nvcc.Assembled;
import stylegan4j.kernels.cuda.conv.KernelVariants;

/**
 * Every kernel compiles for every generation of GPUs that is supported, and keeps its values in registers: one
 * variant of each source, or, with {@code -Dnvcc.variants=some}, which takes minutes, those of
 * {@link KernelVariants#some}, and with {@code all}, which takes hours, all that the program can ask for.
 */
@Execution(ExecutionMode.CONCURRENT)
class NvccTest {
    private static final Path REPORT = Path.of("target", "nvcc", "kernels.md");

    @BeforeEach
    void needsACompiler() {
        assumeTrue(Nvcc.isAvailable(), "no nvcc on this machine");
    }

    @TestFactory
    Stream<DynamicTest> kernelsCompileWithoutSpills() throws IOException, URISyntaxException {
        ExecutorService compilers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        Set<String> report = new ConcurrentSkipListSet<>();
        List<DynamicTest> tests = new ArrayList<>();
        for (String source : sources()) {
            List<Future<List<Assembled>>> variants = new ArrayList<>();
            for (List<String> options : variants(source)) {
                variants.add(compilers.submit(() -> Nvcc.compile(source, options)));
            }
            tests.add(dynamicTest(source, () -> {
                for (Future<List<Assembled>> variant : variants) {
                    check(source, variant.get(), report);
                }
            }));
        }
        compilers.shutdown();
        return tests.stream().onClose(() -> write(report));
    }

    private static List<List<String>> variants(String source) {
        return switch (System.getProperty("nvcc.variants", "")) {
            case "all" -> KernelVariants.all(source);
            case "some" -> KernelVariants.some(source);
            default -> List.of(List.of());
        };
    }

    private static void check(String source, List<Assembled> kernels, Set<String> report) {
        assertFalse(kernels.isEmpty(), "no kernel in " + source);
        kernels.forEach(k -> report.add("| " + source + " | " + k.kernel() + " | " + k.options() + " | "
                + k.architecture() + " | " + k.registers() + " | " + k.sharedBytes() + " | " + k.spilledBytes()
                + " |"));
        assertEquals("", kernels.stream().filter(k -> k.spilledBytes() > 0).map(Assembled::toString)
                .collect(Collectors.joining("\n")), "kernels that spill registers to memory");
        Set<String> architectures = kernels.stream().map(Assembled::architecture).collect(Collectors.toSet());
        assertEquals(Nvcc.architectures(kernels.getFirst().options()), architectures);
    }

    private static List<String> sources() throws IOException, URISyntaxException {
        URI folder = NvccTest.class.getResource("/stylegan4j/cuda/grid.cuh").toURI();
        try (Stream<Path> files = Files.list(Path.of(folder).getParent())) {
            return files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".cu")).sorted().toList();
        }
    }

    private static void write(Set<String> rows) {
        try {
            Files.createDirectories(REPORT.getParent());
            Files.writeString(REPORT, "| source | kernel | options | architecture | registers | static shared bytes |"
                    + " spilled |\n|---|---|---|---|---:|---:|---:|\n" + String.join("\n", rows) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
