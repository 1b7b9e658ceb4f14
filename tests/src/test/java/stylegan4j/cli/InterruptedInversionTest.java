package stylegan4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stylegan4j.cli.CommandRun.fixture;
import static stylegan4j.cli.CommandRun.under;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;

/** An inversion in a process of its own that is asked to end, killed, or out of room for its files. */
class InterruptedInversionTest {
    private static final Path NETWORK = fixture("nvlabs-sg2ada-tiny.pkl");

    @TempDir
    private Path folder;

    private Object[] command(Path out, int steps, Object... more) throws IOException {
        Path picture = folder.resolve("me.png");
        float[] data = new float[3 * 32 * 32];
        for (int i = 0; i < data.length; i++) {
            data[i] = i * 37 % 256;
        }
        Images.write(new Image(3, 32, 32, data), picture);
        Object[] all = {"invert", "--network", NETWORK, "--distance", "pixels", "--method", "pti", "--steps", steps,
            "--tuning-steps", steps, "--threshold", "0", "--outdir", out, "--snapshot", 0, picture};
        int length = all.length;
        all = Arrays.copyOf(all, length + more.length);
        System.arraycopy(more, 0, all, length, more.length);
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "KILL"})
    void goesOnToTheSameBytes(String signal) throws IOException, InterruptedException {
        Path whole = folder.resolve("whole");
        Path broken = folder.resolve("broken");
        int steps = 60;
        assertEquals(0, CommandRun.of(command(whole, steps)).code());
        Path state = broken.resolve("me/state.safetensors");
        ChildProcess.start(folder.resolve("log"), command(broken, steps)).signal(signal, state);
        assertFalse(Files.exists(broken.resolve("me/inversion.json")));
        assertEquals(0, CommandRun.of(command(broken, steps, "--resume")).code());
        for (String name : List.of("proj.png", "projected_w.npz", "tuned.safetensors", "inversion.json")) {
            assertArrayEquals(Files.readAllBytes(whole.resolve("me").resolve(name)),
                    Files.readAllBytes(broken.resolve("me").resolve(name)), name);
        }
        assertFalse(Files.exists(state));
    }

    @Test
    void aFullDiskIsNamedAndNothingIsHalfWritten() throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        var child = ChildProcess.startWithLittleRoom(2, folder.resolve("log"), command(out, 2));
        assertEquals(1, child.code(), child::printed);
        assertTrue(child.printed().lines().anyMatch(line -> line.startsWith("stylegan4j: me: " + out.resolve("me"))),
                child::printed);
        assertFalse(child.printed().contains("internal error"), child::printed);
        assertEquals(Set.of("me"), under(out), child::printed);
    }
}
