package stylegan4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stylegan4j.cli.CommandRun.good;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.checkpoint.Safetensors;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.feature.Trunk;
import stylegan4j.tensor.Device;

class MetricsCommandTest {
    private static final int SIDE = 33;

    @TempDir
    private Path folder;
    private Path a;
    private Path b;

    @BeforeEach
    void pictures() throws IOException {
        a = Files.createDirectory(folder.resolve("a"));
        b = Files.createDirectory(folder.resolve("b"));
        Random random = new Random(1);
        for (String name : new String[] {"one", "two", "three"}) {
            float[] data = new float[3 * SIDE * SIDE];
            for (int i = 0; i < data.length; i++) {
                data[i] = random.nextInt(200);
            }
            Images.write(new Image(3, SIDE, SIDE, data.clone()), a.resolve(name + ".png"));
            for (int i = 0; i < data.length; i++) {
                data[i] += name.equals("one") ? 0 : 51;
            }
            Images.write(new Image(3, SIDE, SIDE, data), b.resolve(name + ".png"));
        }
    }

    @Test
    void scoresPairsOfOneName() throws IOException {
        Files.delete(b.resolve("three.png"));
        JsonObject json = JsonParser.parseString(good("metrics", "--a", a, "--b", b, "--json").out())
                .getAsJsonObject();
        JsonObject pairs = json.getAsJsonObject("pairs");
        assertEquals(2, pairs.size());
        // 51 of 255 steps are 0.4 of the span of 2: L2 0.16, PSNR 20·log10(2 / 0.4).
        JsonObject two = pairs.getAsJsonObject("two");
        assertEquals(0.16, two.get("l2").getAsDouble(), 1e-6);
        assertEquals(13.979, two.get("psnr").getAsDouble(), 1e-3);
        assertFalse(two.has("lpips") || two.has("id"));
        assertEquals(1, pairs.getAsJsonObject("one").get("msSsim").getAsDouble(), 1e-6);
        assertFalse(pairs.getAsJsonObject("one").has("psnr"));
        assertEquals(0.08, json.getAsJsonObject("mean").get("l2").getAsDouble(), 1e-6);
    }

    @Test
    void comparesSetsByFeatures() throws IOException {
        Path trunk = folder.resolve("trunk.safetensors");
        try (Device device = Device.cpu(); var _ = device.open()) {
            Safetensors.write(trunk, new Trunk(Trunk.Kind.SQUEEZE, Initializer.random(2)).save(), Map.of());
        }
        String[] lines = good("metrics", "--a", a, "--b", b, "--features", trunk).out().strip().split("\\R");
        assertTrue(lines[0].endsWith("ID") && lines[4].startsWith("mean"), String.join("\n", lines));
        assertTrue(Double.parseDouble(lines[5].replace("Fréchet distance ", "")) > 0);
        assertTrue(lines[6].startsWith("kernel distance "));
        String same = good("metrics", "--a", a, "--b", a, "--features", trunk, "--json").out();
        // Rounding of roots of eigenvalues near zero, √(1e-16) of the covariance.
        assertEquals(0, JsonParser.parseString(same).getAsJsonObject().get("Fréchet distance").getAsDouble(), 1e-6);
    }

    @Test
    void theShippedNetworkNeedsNoFile() throws IOException {
        JsonObject json = JsonParser.parseString(good("metrics", "--a", a, "--b", b, "--features", "avatar",
                "--identity", "avatar", "--distance", "avatar", "--json").out()).getAsJsonObject();
        JsonObject one = json.getAsJsonObject("pairs").getAsJsonObject("one");
        assertEquals(1, one.get("id").getAsDouble(), 1e-5);
        assertEquals(0, one.get("lpips").getAsDouble(), 1e-6);
        assertTrue(json.get("Fréchet distance").getAsDouble() > 0);
    }

    @Test
    void saysWhatCannotBeCompared() throws IOException {
        Path other = Files.createDirectory(folder.resolve("c"));
        CommandRun.of("metrics", "--a", a, "--b", other).refused(1, "c: the folder holds no PNG or JPEG picture");
        Files.copy(a.resolve("one.png"), other.resolve("four.png"));
        CommandRun.of("metrics", "--a", a, "--b", other).refused(1, "no pictures of the same name");
        CommandRun.of("metrics", "--a", a, "--b", b, "--identity", a.resolve("one.png")).refused(1, "one.png");
    }
}
