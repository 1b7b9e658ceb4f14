package stylegan4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stylegan4j.cli.CommandRun.good;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.GeneratorConfig;
import stylegan4j.stylegan.NetworkWriter;
import stylegan4j.stylegan.Networks;
import stylegan4j.tensor.Device;

/** Training of a task from pairs of files, up to the translation by what was trained. */
class TrainTranslationTest {
    private static final int SIDE = 32;
    private static final int PAIRS = 4;

    @TempDir
    private Path folder;
    private Path network;
    private Path targets;
    private Path labels;

    @BeforeEach
    void files() throws IOException {
        network = folder.resolve("generator.safetensors");
        try (Device device = Device.cpu(); var _ = device.open()) {
            NetworkWriter.writeSafetensors(network, new Networks(new Generator(GeneratorConfig.of(Map.of("z_dim", 8,
                    "c_dim", 0, "w_dim", 8, "img_resolution", SIDE, "img_channels", 3, "mapping_kwargs",
                    Map.of("num_layers", 1), "synthesis_kwargs", Map.of("channel_base", 128, "channel_max", 8))),
                    Initializer.random(3)), null, null));
        }
        targets = folder.resolve("targets");
        good("generate", "--network", network, "--seeds", "0-3", "--outdir", targets);
        labels = Files.createDirectory(folder.resolve("labels"));
        for (int n = 0; n < PAIRS; n++) {
            float[] map = new float[SIDE * SIDE];
            Arrays.fill(map, n * SIDE * 8, map.length, n);
            Images.write(new Image(1, SIDE, SIDE, map), labels.resolve("seed000" + n + ".png"));
        }
    }

    private List<Object> arguments(Object... more) {
        List<Object> arguments = new ArrayList<>(List.of("train-encoder", "--type", "psp", "--task",
                "celebs_seg_to_face", "--label_nc", 4, "--stylegan_weights", network, "--data", targets,
                "--source-data", labels, "--distance", "pixels", "--body_blocks", "1,1,1,1", "--body_widths",
                "16,17,18,19", "--style_width", 8, "--batch_size", 4, "--optim_name", "adam", "--learning_rate",
                "0.01", "--board_interval", 1, "--save_as", "encoder"));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private static List<Double> losses(String said) {
        return Pattern.compile("(?m)^train .* loss (\\S+)$").matcher(said).results()
                .map(m -> Double.parseDouble(m.group(1))).toList();
    }

    @Test
    void whatWasTrainedTranslates() throws IOException {
        Path out = folder.resolve("runs");
        String said = good(arguments("--max_steps", 30, "--outdir", out).toArray()).out();
        List<Double> losses = losses(said);
        assertEquals(30, losses.size(), said);
        assertTrue(losses.getLast() < 0.9 * losses.getFirst(), said);
        Path run;
        try (var runs = Files.list(out)) {
            run = runs.findFirst().orElseThrow();
        }
        // A row of label maps, one of targets and one of results.
        assertEquals(3 * SIDE, Images.read(run.resolve("sheet000030.png")).height());
        Path pictures = folder.resolve("pictures");
        good("translate", "--task", "segmentation", "--network", network, "--encoder",
                run.resolve("iteration_30.safetensors"), "--outdir", pictures, labels);
        assertEquals(SIDE, Images.read(pictures.resolve("seed0003.png")).height());
        CommandRun.of("translate", "--task", "segmentation", "--encoder", run.resolve("iteration_30.safetensors"),
                "--outdir", folder.resolve("other"), labels).refused(1, "was trained for the generator");
    }

    @Test
    void stoppedAndResumedIsTheSameTraining() throws IOException {
        Path whole = folder.resolve("whole");
        good(arguments("--max_steps", 4, "--outdir", whole).toArray());
        Path parts = folder.resolve("parts");
        good(arguments("--max_steps", 2, "--outdir", parts).toArray());
        String run = CommandRun.under(parts).iterator().next();
        good("train-encoder", "--resume", parts.resolve(run), "--max_steps", 4);
        assertArrayEquals(weights(whole.resolve(run)), weights(parts.resolve(run)));
    }

    private static float[] weights(Path run) throws IOException {
        return Checkpoints.read(run.resolve("iteration_4.safetensors"))
                .tensor("state_dict/encoder.styles.7.linear.weight").toFloats();
    }

    @Test
    void pairsThatDoNotMatchAreNamed() throws IOException {
        Path out = folder.resolve("out");
        Files.move(labels.resolve("seed0002.png"), labels.resolve("seed0009.png"));
        CommandRun.of(arguments("--outdir", out).toArray()).refused(1, targets.resolve("seed0002.png"),
                "has no partner in " + labels);
        Files.delete(labels.resolve("seed0009.png"));
        Files.delete(targets.resolve("seed0002.png"));
        Files.delete(targets.resolve("seed0003.png"));
        CommandRun.of(arguments("--outdir", out).toArray()).refused(1, labels.resolve("seed0003.png"),
                "has no partner in " + targets);
    }

    @Test
    void badSourcesAreNamed() throws IOException {
        Path out = folder.resolve("out");
        float[] outside = new float[SIDE * SIDE];
        outside[7] = 4;
        Images.write(new Image(1, SIDE, SIDE, outside), labels.resolve("seed0001.png"));
        CommandRun run = CommandRun.of(arguments("--outdir", out, "--dry-run").toArray());
        assertEquals(List.of("stylegan4j: " + labels.resolve("seed0001.png")
                + ": has class 4; expected 0 to 3 (label_nc 4)"), run.errors());
        List<Object> noSources = arguments("--outdir", out);
        int at = noSources.indexOf("--source-data");
        noSources.remove(at);
        noSources.remove(at);
        CommandRun.of(noSources.toArray()).refused(2, "task segmentation needs pictures of another kind");
        List<Object> madeOfTargets = arguments("--outdir", out);
        madeOfTargets.set(madeOfTargets.indexOf("celebs_seg_to_face"), "super-resolution");
        CommandRun.of(madeOfTargets.toArray()).refused(2, "task super-resolution makes its inputs of --data");
        List<Object> noClasses = arguments("--outdir", out);
        noClasses.set(noClasses.indexOf("--label_nc") + 1, 0);
        CommandRun.of(noClasses.toArray()).refused(2, "--label_nc: expected at least 2 classes, got 0");
    }
}
