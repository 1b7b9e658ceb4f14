package stylegan4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static stylegan4j.cli.CommandRun.fixture;
import static stylegan4j.cli.CommandRun.good;
import static stylegan4j.cli.CommandRun.under;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.avatar.Avatars;
import stylegan4j.stylegan.inversion.InversionResult;
import stylegan4j.stylegan.inversion.InversionRun;
import stylegan4j.stylegan.inversion.Projector;
import stylegan4j.stylegan.loss.PixelPyramid;
import stylegan4j.tensor.Device;

/**
 * Mixed work in one process, round after round: pictures, inversions, training steps, a job that is cancelled, files
 * that are refused. Every round writes the same bytes, and leaves the process as it found it. {@code -Dsoak.minutes=60}
 * goes on for an hour.
 */
class SoakTest {
    private static final String HEAP = "512m";
    /** Rounds after which classes are loaded and the caches full. */
    private static final int WARM_UP = 2;
    /**
     * Rounds after which the compilers are done too, whose code and working memory count as the process': in an hour of
     * 1077 rounds 661 MiB were resident after 2, 720 after 20 and 701 to 728 ever after. A run that gets so far is
     * compared with this round, and reports every so many.
     */
    private static final int COMPILED = 20;
    private static final int FEWEST_ROUNDS = 4;

    /** Heap that may come and go with the compiler's profiles and the command line's caches, in MiB. */
    private static final long HEAP_BOUND = 8;
    /** The same for the whole process; each round works with about 60 MiB of tensors. */
    private static final long RESIDENT_BOUND = 48;

    /** What says when something was written, not what. */
    private static final Set<String> TIMED = Set.of("log.txt", "stats.jsonl");

    @TempDir
    private Path temp;

    /** What the process holds. */
    private record Holdings(long heap, long resident, long threads, long files) {
        static Holdings now() throws IOException {
            System.gc();
            var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
            try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"));
                 Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
                long resident = status.filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum();
                return new Holdings(heap.getUsed() >> 20, resident >> 10,
                        ManagementFactory.getThreadMXBean().getThreadCount(), files.count());
            }
        }
    }

    @Test
    void everyRoundIsLikeTheFirst() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/proc/self/fd")), "needs Linux");
        Path log = temp.resolve("log");
        // A heap that is all there from the start: what grows is native memory.
        Process rounds = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector", "-XX:+UseSerialGC", "-Xms" + HEAP, "-Xmx" + HEAP,
                "-XX:+AlwaysPreTouch", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                SoakTest.class.getName(), temp.toString(), System.getProperty("soak.minutes", "0"))
                .redirectErrorStream(true).redirectOutput(log.toFile()).start();
        int code = rounds.waitFor();
        List<String> lines = Files.readAllLines(log);
        assertEquals(0, code, () -> String.join("\n", lines));
        System.out.println(lines.getLast());
    }

    /** Works in the folder of the first argument, for the minutes of the second; fails where a round leaves more. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]).resolve("round");
        Instant end = Instant.now().plus(Duration.ofMinutes(Integer.parseInt(args[1])));
        Map<String, Integer> first = round(folder);
        Holdings warm = null;
        int warmAfter = 0;
        int rounds = 1;
        for (; rounds < FEWEST_ROUNDS || Instant.now().isBefore(end); rounds++) {
            assertEquals(first, round(folder), "files of round " + rounds);
            if (rounds == WARM_UP || rounds == COMPILED) {
                warm = Holdings.now();
                warmAfter = rounds;
            }
            if (rounds % COMPILED == 0) {
                System.out.println("soak: after " + rounds + " rounds " + Holdings.now());
            }
        }
        Holdings last = Holdings.now();
        String change = "after " + rounds + " rounds " + last + ", after " + warmAfter + " " + warm;
        System.out.println("soak: " + change);
        assertTrue(last.heap <= warm.heap + HEAP_BOUND, change);
        assertTrue(last.resident <= warm.resident + RESIDENT_BOUND, change);
        assertTrue(last.threads <= warm.threads, change);
        assertTrue(last.files <= warm.files, change);
    }

    /** Does a bit of everything in an empty folder. Returns its files with a sum of their bytes. */
    private static Map<String, Integer> round(Path folder) throws IOException {
        Files.createDirectory(folder);
        Path pictures = folder.resolve("pictures");
        good("generate", "--seeds", "0-3", "--grid", "--outdir", pictures);
        good("interpolate", "--seeds", "1,2", "--frames", 3, "--format", "gif", "--outdir", folder.resolve("walk"));
        for (String method : List.of("w+", "pti")) {
            good("invert", "--method", method, "--steps", 3, "--tuning-steps", 2, "--outdir", folder.resolve(method),
                    pictures.resolve("seed0000.png"));
        }
        train(folder.resolve("runs"), pictures);
        cancelled(pictures.resolve("seed0001.png"));
        refused(folder);
        Map<String, Integer> sums = new LinkedHashMap<>();
        for (String name : under(folder)) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file) && !TIMED.contains(file.getFileName().toString())) {
                sums.put(name, Arrays.hashCode(Files.readAllBytes(file)));
            }
        }
        delete(folder);
        return sums;
    }

    private static void train(Path runs, Path pictures) throws IOException {
        Path data = Files.createDirectory(runs.resolveSibling("data"));
        for (int i = 0; i < 4; i++) {
            Files.copy(pictures.resolve("seed000" + i + ".png"), data.resolve(i + ".png"));
        }
        good("train", "--data", data, "--outdir", runs, "--batch", 4, "--cbase", 256, "--cmax", 16, "--zdim", 16,
                "--wdim", 16, "--gamma", 1, "--tick", "0.008", "--snap", 1, "--kimg", "0.008");
        good("train", "--resume", runs.resolve("00000-data-auto-batch4"), "--kimg", "0.016");
    }

    private static void cancelled(Path picture) throws IOException {
        try (Device device = Device.cpu(); var _ = device.open()) {
            var target = ImageTensors.toTensor(List.of(Images.read(picture)));
            InversionResult early = Projector.w(new PixelPyramid()).withSteps(1000).invert(Avatars.generator(), target,
                    InversionRun.DEFAULT.withListener((step, codes) -> step.step() < 2));
            assertTrue(!early.complete());
        }
    }

    private static void refused(Path folder) {
        for (String name : List.of("malicious.pkl", "truncated.pt", "bomb.pt", "wrong-shape.pt")) {
            CommandRun.of("generate", "--network", fixture(name), "--seeds", 0, "--outdir", folder.resolve("no"))
                    .refused(1, name);
            assertEquals(2, CommandRun.of("invert", "--no-such-flag", fixture(name)).code());
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }
}
