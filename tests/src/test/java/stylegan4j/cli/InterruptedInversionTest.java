package stylegan4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static stylegan4j.cli.CommandRun.fixture;
import static stylegan4j.cli.CommandRun.under;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;

/** An inversion in a process of its own that is asked to end, killed, or out of room for its files. */
class InterruptedInversionTest {
    private static final Path NETWORK = fixture("nvlabs-sg2ada-tiny.pkl");
    private static final int PATIENCE_SECONDS = 120;

    @TempDir
    private Path folder;

    private List<String> command(Path out, int steps) throws IOException {
        Path picture = folder.resolve("me.png");
        float[] data = new float[3 * 32 * 32];
        for (int i = 0; i < data.length; i++) {
            data[i] = i * 37 % 256;
        }
        Images.write(new Image(3, 32, 32, data), picture);
        return List.of("invert", "--network", NETWORK.toString(), "--distance", "pixels", "--method", "pti", "--steps",
                String.valueOf(steps), "--tuning-steps", String.valueOf(steps), "--threshold", "0", "--outdir",
                out.toString(), "--snapshot", "0", picture.toString());
    }

    private static List<String> java(List<String> command) {
        List<String> java = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
        java.addAll(command);
        return java;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void goesOnToTheSameBytes(boolean killed) throws IOException, InterruptedException {
        Path whole = folder.resolve("whole");
        Path broken = folder.resolve("broken");
        int steps = 60;
        assertEquals(0, CommandRun.of(command(whole, steps).toArray()).code());
        Process child = new ProcessBuilder(java(command(broken, steps)))
                .redirectError(ProcessBuilder.Redirect.DISCARD).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Path state = broken.resolve("me/state.safetensors");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (child.isAlive() && !Files.exists(state) && System.nanoTime() < end) {
            Thread.sleep(2);
        }
        if (killed) {
            child.destroyForcibly();
        } else {
            child.destroy();
        }
        assertTrue(child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertTrue(Files.exists(state), "interrupted too early or too late");
        assertFalse(Files.exists(broken.resolve("me/inversion.json")));
        List<Object> resumed = new ArrayList<>(command(broken, steps));
        resumed.add("--resume");
        assertEquals(0, CommandRun.of(resumed.toArray()).code());
        for (String name : List.of("proj.png", "projected_w.npz", "tuned.safetensors", "inversion.json")) {
            assertArrayEquals(Files.readAllBytes(whole.resolve("me").resolve(name)),
                    Files.readAllBytes(broken.resolve("me").resolve(name)), name);
        }
        assertFalse(Files.exists(state));
    }

    @Test
    void noRoomForTheFiles() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "needs a shell that limits file sizes");
        Path out = folder.resolve("out");
        List<String> bash = new ArrayList<>(List.of("/bin/bash", "-c", "ulimit -f 2; exec \"$@\"", "bash"));
        bash.addAll(java(command(out, 2)));
        Process child = new ProcessBuilder(bash).redirectErrorStream(true).start();
        String printed = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(child.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertEquals(1, child.exitValue(), printed);
        assertTrue(Arrays.stream(printed.split("\n")).anyMatch(line -> line.startsWith("stylegan4j: me: ")), printed);
        assertFalse(printed.contains("internal error"), printed);
        assertEquals(Set.of("me"), under(out), printed);
    }
}
