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
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import stylegan4j.kernels.cuda.Nvcc.Assembled;

/** Every kernel compiles for every generation of GPUs that is supported, and keeps its values in registers. */
class NvccTest {
    private static final Path REPORT = Path.of("target", "nvcc", "kernels.md");

    @BeforeEach
    void needsACompiler() {
        assumeTrue(Nvcc.isAvailable(), "no nvcc on this machine");
    }

    @TestFactory
    Stream<DynamicTest> kernelsCompileWithoutSpills() throws IOException, URISyntaxException {
        Set<String> report = new TreeSet<>();
        return sources().stream().map(source -> dynamicTest(source, () -> {
            List<Assembled> kernels = Nvcc.compile(source);
            assertFalse(kernels.isEmpty(), "no kernel in " + source);
            kernels.forEach(k -> report.add("| " + source + " | " + k.kernel() + " | " + k.architecture() + " | "
                    + k.registers() + " | " + k.sharedBytes() + " | " + k.spilledBytes() + " |"));
            assertEquals("", kernels.stream().filter(k -> k.spilledBytes() > 0).map(Assembled::toString)
                    .collect(Collectors.joining("\n")), "kernels that spill registers to memory");
            Set<String> architectures = kernels.stream().map(Assembled::architecture).collect(Collectors.toSet());
            assertEquals(Set.copyOf(Nvcc.ARCHITECTURES), architectures);
        })).onClose(() -> write(report));
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
            Files.writeString(REPORT, "| source | kernel | architecture | registers | static shared bytes | spilled |\n"
                    + "|---|---|---|---:|---:|---:|\n" + String.join("\n", rows) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
