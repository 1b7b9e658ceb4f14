package stylegan4j.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import stylegan4j.stylegan.Discriminator;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.Truncation;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/** Passes of training leave native memory as they found it. */
class MemoryTest {
    private static final int WARM_UP = 20;
    private static final int PASSES = 200;
    private static final int BATCH = 2;
    private static final Path STATUS = Path.of("/proc/self/status");

    /**
     * Growth of the process, in MiB, that is not ours: the compiler goes on working after the warm-up and keeps what it
     * allocated, 7 MiB as measured. A leak of a tenth of a pass's tensors (4 MiB) would add 72.
     */
    private static final int RSS_BOUND = 32;

    /** The networks under test, and what is done with them again and again. */
    private static final class Training {
        private final RandomNumbers numbers = new RandomNumbers(4);
        private final Generator generator =
                SmallNetworks.generator(32, Map.of("channel_base", 512, "channel_max", 128));
        private final Discriminator discriminator = SmallNetworks.discriminator(32, 512, 128);

        /** The generator's loss through the discriminator, forward and backward. */
        void generatorPass() {
            try (var _ = Scope.open()) {
                Tensor z = numbers.normal(BATCH, SmallNetworks.Z_DIM);
                Tensor fake = generator.forward(z, null, Truncation.NONE, Noise.random(numbers));
                discriminator.forward(fake, null).neg().softplus().mean().backward();
            }
            generator.zeroGrad();
            discriminator.zeroGrad();
        }

        /** The discriminator's loss on real pictures with R1 (arXiv 1801.04406, equation 9), a second derivative. */
        void penaltyPass() {
            try (var _ = Scope.open()) {
                Tensor real = numbers.normal(BATCH, 3, 32, 32).requiresGrad(true);
                Tensor logits = discriminator.forward(real, null);
                Tensor slope = Autograd.gradWithGraph(logits.sum(), List.of(real)).getFirst();
                logits.neg().softplus().mean().add(slope.square().sum(1, 2, 3).mean().mul(5)).backward();
            }
            discriminator.zeroGrad();
        }
    }

    @Test
    void passesOfFirstOrderKeepNothing() {
        keepsNothing(PASSES, Training::generatorPass);
    }

    @Test
    void passesOfSecondOrderKeepNothing() {
        keepsNothing(PASSES / 2, Training::penaltyPass);
    }

    /** A step of training. */
    private interface Step {
        void run(Training training);
    }

    private static void keepsNothing(int passes, Step step) {
        try (Device device = Device.cpu()) {
            try (var _ = device.open()) {
                Training training = new Training();
                long parameters = device.memory().live();
                long reserved = 0;
                for (int i = 1; i <= passes; i++) {
                    step.run(training);
                    assertEquals(parameters, device.memory().live(), "live bytes after pass " + i);
                    if (i == WARM_UP) {
                        reserved = device.memory().reserved();
                    }
                }
                assertEquals(reserved, device.memory().reserved(), "bytes from the system");
            }
            assertEquals(0, device.memory().live(), "live bytes after the scope");
            assertEquals(0, device.memory().buffers());
        }
    }

    /** In a JVM of its own whose heap is all there from the start, so that only native memory can grow. */
    @Test
    void theProcessDoesNotGrow() throws IOException, InterruptedException {
        assumeTrue(Files.exists(STATUS), "needs Linux");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process child = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector", "-XX:+UseSerialGC", "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch",
                "-cp", classPath, MemoryTest.class.getName()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String printed = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(child.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, child.exitValue(), printed);
        String[] sizes = printed.strip().split(" ");
        long grown = (Long.parseLong(sizes[1]) - Long.parseLong(sizes[0])) / 1024;
        assertTrue(grown < RSS_BOUND, () -> "grown by " + grown + " MiB");
    }

    /** Prints the process's resident KiB after the warm-up and after all passes. */
    public static void main(String[] args) throws IOException {
        long warm = 0;
        try (Device device = Device.cpu(); var _ = device.open()) {
            Training training = new Training();
            for (int i = 1; i <= PASSES; i++) {
                training.generatorPass();
                if (i % WARM_UP == 0) {
                    training.penaltyPass();
                }
                warm = i == WARM_UP ? resident() : warm;
            }
        }
        System.out.println(warm + " " + resident());
    }

    private static long resident() throws IOException {
        return Files.readAllLines(STATUS).stream().filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow();
    }
}
