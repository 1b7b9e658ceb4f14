package stylegan4j.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import stylegan4j.nn.checkpoint.Npy;
import stylegan4j.nn.checkpoint.Npz;
import stylegan4j.nn.checkpoint.Safetensors;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.nn.checkpoint.TorchLegacy;
import stylegan4j.nn.checkpoint.TorchZip;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;

/** Writes small sound files of the formats that we write, which the fuzzer starts from. */
public final class Seeds {
    private Seeds() {
    }

    /** Takes the folder whose subfolders are the fuzzer's corpora. */
    public static void main(String[] args) throws IOException {
        Path work = Path.of(args[0]);
        checkpoints(work.resolve("CheckpointFuzz"));
        images(work.resolve("ImageFuzz"));
        labels(work.resolve("LabelsFuzz"));
    }

    private static void checkpoints(Path folder) throws IOException {
        Map<String, StoredTensor> tensors = Map.of("a.b", StoredTensor.of(new float[] {1, 2, 3}, 3, 1),
                "c", StoredTensor.of(new float[0], 0));
        List<Object> tree = List.of(tensors, 1L, "two", 3.0);
        Safetensors.write(folder.resolve("seed.safetensors"), tensors, Map.of("a", "b"));
        Npz.write(folder.resolve("seed.npz"), tensors);
        Npy.write(folder.resolve("seed.npy"), tensors.get("a.b"));
        TorchZip.write(folder.resolve("seed.pt"), tree);
        TorchLegacy.write(folder.resolve("seed-legacy.pt"), tree);
    }

    private static void images(Path folder) throws IOException {
        for (int channels : new int[] {1, 3, 4}) {
            float[] values = new float[channels * 9 * 7];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) Math.sin(i);
            }
            Image image = Image.ofSignedUnit(channels, 9, 7, values);
            Images.writePng(image, folder.resolve("seed" + channels + ".png"));
            Images.writeJpeg(image, folder.resolve("seed" + channels + ".jpg"), 80);
        }
    }

    private static void labels(Path folder) throws IOException {
        write(folder, "classes", "{\"labels\": [[\"a.png\", 0], [\"b.png\", 3]]}");
        write(folder, "vectors", "{\"labels\": [[\"a.png\", [0, 1.5]], [\"b.png\", [1e3, -2]]]}");
        write(folder, "none", "{\"labels\": null}");
    }

    private static void write(Path folder, String name, String json) throws IOException {
        Files.write(folder.resolve(name + ".json"), json.getBytes(StandardCharsets.UTF_8));
    }
}
