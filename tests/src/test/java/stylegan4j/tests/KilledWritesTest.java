package stylegan4j.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stylegan4j.nn.NewFile;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.Npy;
import stylegan4j.nn.checkpoint.Npz;
import stylegan4j.nn.checkpoint.Safetensors;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.nn.checkpoint.TorchLegacy;
import stylegan4j.nn.checkpoint.TorchZip;
import stylegan4j.nn.image.Animation;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;

/** A process that is killed while it writes leaves whole files, of the last time or the time before, or none. */
class KilledWritesTest {
    private static final int KILLS = 4;
    /** Numbers in each file: enough that writing takes longer than anything else. */
    private static final int SIZE = 3 * 128 * 128;

    @TempDir
    private Path folder;

    @Test
    void filesAreWholeOrNotThere() throws IOException, InterruptedException {
        var random = new Random(7);
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        for (int i = 0; i < KILLS; i++) {
            Process writer = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp", classPath, KilledWritesTest.class.getName(), folder.toString()).inheritIO().start();
            Path last = folder.resolve("film.png");
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
            while (!Files.exists(last) && writer.isAlive() && System.nanoTime() < end) {
                Thread.sleep(5);
            }
            Thread.sleep(random.nextInt(300));
            assertTrue(writer.isAlive(), "the writer ended by itself");
            writer.destroyForcibly().waitFor();
            readAll();
            Files.delete(last);
        }
    }

    private void readAll() throws IOException {
        for (String name : List.of("a.safetensors", "a.pt", "legacy.pt", "a.npz", "a.npy")) {
            StoredTensor tensor = Checkpoints.read(folder.resolve(name)).tensors().values().iterator().next();
            float[] values = tensor.toFloats();
            assertEquals(SIZE, values.length, name);
            for (float value : values) {
                assertEquals(values[0], value, name);
            }
        }
        for (String name : List.of("a.png", "a.jpg", "film.png")) {
            assertEquals("Image[3, 128, 128]", Images.read(folder.resolve(name)).toString());
        }
        assertTrue(Files.readString(folder.resolve("a.json")).endsWith("end\n"));
    }

    /** Writes files of every kind into a folder, again and again. */
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        for (int round = 0; ; round++) {
            var values = new float[SIZE];
            Arrays.fill(values, round % 200);
            Map<String, StoredTensor> tensors = Map.of("a", StoredTensor.of(values, SIZE));
            var image = new Image(3, 128, 128, values);
            String text = (round + " ").repeat(SIZE) + "end\n";
            Safetensors.write(folder.resolve("a.safetensors"), tensors, Map.of());
            TorchZip.write(folder.resolve("a.pt"), tensors);
            TorchLegacy.write(folder.resolve("legacy.pt"), tensors);
            Npz.write(folder.resolve("a.npz"), tensors);
            Npy.write(folder.resolve("a.npy"), tensors.get("a"));
            Images.writePng(image, folder.resolve("a.png"));
            Images.writeJpeg(image, folder.resolve("a.jpg"), 90);
            NewFile.write(folder.resolve("a.json"), path -> Files.writeString(path, text));
            try (Animation film = Animation.apng(folder.resolve("film.png"), 10, 0)) {
                film.add(image);
                film.add(image);
                film.finish();
            }
        }
    }
}
