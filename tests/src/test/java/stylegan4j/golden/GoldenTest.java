package stylegan4j.golden;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import stylegan4j.tensor.Device;

/**
 * Compares our numbers with those of the official code, a test for each case. The folder of cases is the system
 * property {@code golden.dir}, or the copy among the test resources; {@code golden.cases}, a regular expression found in
 * their names, picks some. {@link GoldenDevice} says where they run; {@link Kinks} what rounding may do elsewhere than on
 * the CPU.
 */
@Tag("golden")
class GoldenTest {
    private static final double UNIFORM_DIGITS = 5e-9;
    private static final Pattern CASES = Pattern.compile(System.getProperty("golden.cases", ""));

    @Test
    void theFormulaIsTheOneTheCasesWereMadeWith() {
        long hash = Formula.hash("golden-v1:param:w");
        Assertions.assertEquals(0x1883b623c9fcd28aL, hash);
        Assertions.assertEquals(0.91056448, Formula.uniform(hash, 0), UNIFORM_DIGITS);
        Assertions.assertEquals(0.78185785, Formula.uniform(hash, 1), UNIFORM_DIGITS);
        Assertions.assertEquals(0.18551673, Formula.uniform(hash, 2), UNIFORM_DIGITS);
    }

    @TestFactory
    List<DynamicTest> cases() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path file : manifests()) {
            String name = folder().relativize(file).toString().replace('\\', '/').replace(".json", "");
            if (!CASES.matcher(name).find()) {
                continue;
            }
            if (FormatCases.describes(file)) {
                tests.addAll(FormatCases.of(file));
                continue;
            }
            Manifest manifest = Manifest.read(file);
            for (Route route : routes(manifest)) {
                tests.add(DynamicTest.dynamicTest(name + route.suffix(), () -> {
                    route.choose();
                    try {
                        run(manifest, file);
                    } finally {
                        Route.FUSED.choose();
                    }
                }));
            }
        }
        return tests;
    }

    private static Route[] routes(Manifest manifest) {
        try {
            return GoldenSystems.of(manifest).routes();
        } catch (IllegalArgumentException e) {
            return new Route[] {Route.FUSED}; // an unknown system is told of by the case's own test
        }
    }

    private static void run(Manifest manifest, Path file) throws IOException {
        GoldenSystem system = GoldenSystems.of(manifest).adapter();
        Assumptions.assumeTrue(system != null, "not yet supported: " + manifest.system() + ", " + manifest.source());
        try {
            compare(system, manifest, file, GoldenDevice.open());
        } catch (AssertionError e) {
            if (GoldenDevice.isCpu()) {
                throw e;
            }
            compareBesideKinks(system, manifest, file, e);
        }
    }

    private static void compare(GoldenSystem system, Manifest manifest, Path file, Device device) throws IOException {
        Path tensors = file.resolveSibling(file.getFileName().toString().replace(".json", ".safetensors"));
        var golden = new GoldenCase(manifest, tensors);
        try (device; var _ = device.open()) {
            system.run(golden);
        }
        golden.finish();
    }

    /** Once more, with activations that lie on a kink kept on the side where the CPU, which agrees, has them. */
    private static void compareBesideKinks(GoldenSystem system, Manifest manifest, Path file, AssertionError first)
            throws IOException {
        var kinks = new Kinks();
        try {
            compare(system, manifest, file, kinks.recorded(Device.cpu()));
            compare(system, manifest, file, kinks.kept(GoldenDevice.open()));
        } catch (AssertionError e) {
            e.addSuppressed(first);
            throw e;
        }
        kinks.finish();
        System.out.println(manifest.name() + " agrees with " + kinks.moved());
    }

    private static List<Path> manifests() throws IOException {
        try (Stream<Path> files = Files.walk(folder())) {
            return files.filter(f -> f.toString().endsWith(".json")).sorted().toList();
        }
    }

    /** A relative {@code golden.dir} is looked for in the module's folder and in the project's. */
    static Path folder() {
        String given = System.getProperty("golden.dir", "");
        if (!given.isEmpty()) {
            Path folder = Path.of(given);
            return Files.isDirectory(folder) ? folder : Path.of("..").resolve(folder);
        }
        try {
            return Path.of(GoldenTest.class.getResource("/golden").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
