package stylegan4j.cli;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stylegan4j.cli.CommandRun.good;
import static stylegan4j.cli.CommandRun.under;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.Discriminator;
import stylegan4j.stylegan.DiscriminatorConfig;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.GeneratorConfig;
import stylegan4j.stylegan.NetworkWriter;
import stylegan4j.stylegan.Networks;
import stylegan4j.tensor.Device;

/** The command {@code train-encoder} on a handful of pictures and a tiny generator. */
class TrainEncoderTest {
    private static final int SIDE = 32;

    @TempDir
    private Path temp;
    private Path network;

    @BeforeEach
    void network() throws IOException {
        network = temp.resolve("tiny.safetensors");
        try (Device device = Device.cpu(); var _ = device.open()) {
            Generator generator = new Generator(GeneratorConfig.of(Map.of("z_dim", 4, "c_dim", 0, "w_dim", 4,
                    "img_resolution", SIDE, "img_channels", 3, "mapping_kwargs", Map.of("num_layers", 2),
                    "synthesis_kwargs", Map.of("channel_base", 64, "channel_max", 4))), Initializer.random(3));
            Discriminator discriminator = new Discriminator(DiscriminatorConfig.of(Map.of("c_dim", 0, "img_resolution",
                    SIDE, "img_channels", 3, "channel_base", 64, "channel_max", 4)), Initializer.random(4));
            NetworkWriter.writeSafetensors(network, new Networks(generator, null, discriminator));
        }
    }

    private Path pictures(String name, int count) throws IOException {
        Path folder = temp.resolve(name);
        if (Files.exists(folder)) {
            return folder;
        }
        Files.createDirectories(folder);
        for (int i = 0; i < count; i++) {
            Image image = Image.black(3, SIDE, SIDE);
            Arrays.fill(image.data(), 0, 500 + 200 * i, 200 - 10 * i);
            Images.writePng(image, folder.resolve(i + ".png"));
        }
        return folder;
    }

    private Object[] train(String type, Object... more) throws IOException {
        List<Object> line = new ArrayList<>(List.of("train-encoder", "--type", type, "--data", pictures("data", 5),
                "--outdir", temp.resolve("runs"), "--stylegan_weights", network, "--distance", "pixels", "--id_lambda",
                0, "--body_widths", "16,16,16,16", "--batch_size", 2, "--n_iters_per_batch", 2,
                "--max_steps", 4, "--save_interval", 2, "--board_interval", 1, "--threads", 1));
        if (!type.equals("idinvert")) {
            line.addAll(List.of("--body_blocks", "1,1,1,1", "--style_width", 4));
        }
        line.addAll(List.of(more));
        return line.toArray();
    }

    @Test
    void aRunLeavesModelSheetAndStatistics() throws IOException {
        good(train("e4e", "--test-data", pictures("unseen", 3), "--progressive_start", 1, "--progressive_step_every", 1,
                "--w_discriminator_lambda", 0.1, "--use_w_pool", "--val_interval", 2));
        Path run = temp.resolve("runs/00000-data-e4e-batch2");
        assertEquals(Set.of("best_model.pt", "iteration_2.pt", "iteration_4.pt", "log.txt", "sheet000000.png",
                "sheet000004.png", "stats.jsonl", "training-state.safetensors"), under(run));
        assertEquals("Image[3, 64, 96]", Images.read(run.resolve("sheet000004.png")).toString());
        List<String> lines = Files.readAllLines(run.resolve("stats.jsonl"));
        assertEquals(6, lines.size());
        var last = JsonParser.parseString(lines.getLast()).getAsJsonObject();
        for (String name : List.of("loss", "loss_l2", "loss_lpips", "total_delta_loss")) {
            assertTrue(Double.isFinite(last.getAsJsonObject("test/" + name).get("mean").getAsDouble()), name);
        }
        assertEquals(4, last.getAsJsonObject("Progress/stage").get("mean").getAsInt());
        good("invert", "--method", "e4e", "--network", run.resolve("best_model.pt"), "--outdir", temp.resolve("out"),
                temp.resolve("data/0.png"));
    }

    @Test
    void aRunGoesOnToTheSameBytes() throws IOException {
        good(train("idinvert", "--lr_schedule", "constant"));
        Path whole = temp.resolve("runs/00000-data-idinvert-batch2");
        Object[] shorter = train("idinvert", "--lr_schedule", "constant");
        shorter[Arrays.asList(shorter).indexOf("--max_steps") + 1] = 2;
        good(shorter);
        Path stopped = temp.resolve("runs/00001-data-idinvert-batch2");
        String state = "training-state.safetensors";
        assertTrue(Files.mismatch(whole.resolve(state), stopped.resolve(state)) >= 0);
        good("train-encoder", "--resume", stopped, "--max_steps", 4, "--threads", 2);
        assertEquals(-1, Files.mismatch(whole.resolve(state), stopped.resolve(state)));
        assertEquals(4, Files.readAllLines(stopped.resolve("stats.jsonl")).size());
        good("invert", "--method", "idinvert", "--steps", 2, "--distance", "pixels", "--network",
                stopped.resolve("iteration_4.pt"), "--outdir", temp.resolve("out"), temp.resolve("data/0.png"));
    }

    /** It loses what came after its last state, which is saved between models, too. */
    @Test
    void aKilledRunGoesOnToTheSameBytes() throws Exception {
        Object[] often = {"--lr_schedule", "constant", "--save_minutes", 0};
        Object[] line = train("idinvert", often);
        int steps = Arrays.asList(line).indexOf("--max_steps") + 1;
        line[Arrays.asList(line).indexOf("--save_interval") + 1] = 100_000;
        line[steps] = 30;
        good(line);
        line[steps] = 100_000;
        Path killed = temp.resolve("runs/00001-data-idinvert-batch2");
        Path state = killed.resolve("training-state.safetensors");
        ChildProcess.start(temp.resolve("child.log"), line).signal("KILL", state);
        assertEquals(Set.of(), under(killed).stream().filter(name -> name.startsWith("iteration")).collect(toSet()));
        good("train-encoder", "--resume", killed, "--max_steps", 30, "--threads", 2);
        assertEquals(-1, Files.mismatch(temp.resolve("runs/00000-data-idinvert-batch2").resolve(state.getFileName()),
                state));
    }

    /** Alone beside its generator, as start of its own method and of another's tuning. */
    @Test
    void idInvertsEncoderServesInversion() throws IOException {
        good(train("idinvert", "--save_as", "encoder"));
        Path encoder = temp.resolve("runs/00000-data-idinvert-batch2/iteration_4.safetensors");
        String out = good("inspect", encoder).out();
        assertTrue(out.contains("encoder.block4.fc.weight"), out);
        good("invert", "--method", "idinvert", "--steps", 2, "--distance", "pixels", "--network", network, "--encoder",
                encoder, "--outdir", temp.resolve("out"), temp.resolve("data/0.png"));
        good("invert", "--method", "pti", "--tuning-steps", 2, "--distance", "pixels", "--network", network, "--pivot",
                encoder, "--outdir", temp.resolve("tuned"), temp.resolve("data/0.png"));
        String begun = good(train("idinvert", "--checkpoint_path", encoder, "--dry-run")).out();
        assertTrue(begun.contains("tensors taken from " + encoder), begun);
        CommandRun.of("invert", "--method", "idinvert", "--network", CommandRun.fixture("rosinality-tiny.pt"),
                "--encoder", encoder, "--distance", "pixels", "--outdir", temp.resolve("out"),
                temp.resolve("data/0.png")).refused(1, encoder, "was trained for the generator ");
        byte[] bytes = Files.readAllBytes(encoder);
        Files.write(encoder, Arrays.copyOf(bytes, bytes.length / 2));
        CommandRun.of("invert", "--method", "idinvert", "--network", network, "--encoder", encoder, "--distance",
                "pixels", "--outdir", temp.resolve("out"), temp.resolve("data/0.png")).refused(1, encoder);
    }

    @Test
    void anEncoderAloneGoesWithItsGenerator() throws IOException {
        good(train("restyle-psp", "--save_as", "encoder"));
        Path encoder = temp.resolve("runs/00000-data-restyle-psp-batch2/iteration_4.safetensors");
        good("invert", "--method", "restyle-psp", "--network", network, "--encoder", encoder, "--outdir",
                temp.resolve("out"), temp.resolve("data/0.png"));
        CommandRun.of("invert", "--method", "restyle-psp", "--network", CommandRun.fixture("rosinality-tiny.pt"),
                "--encoder", encoder, "--outdir", temp.resolve("out"), temp.resolve("data/0.png"))
                .refused(1, encoder, "was trained for the generator ");
        CommandRun.of("generate", "--network", encoder, "--seeds", 0, "--outdir", temp.resolve("out"))
                .refused(1, encoder, "holds no StyleGAN2 network but an encoder alone");
    }

    @Test
    void aDryRunTellsOptionsAndReadsEveryPicture() throws IOException {
        String out = good(train("psp", "--dry-run")).out();
        assertTrue(out.contains("\"--max_steps\": [") && out.contains("an encoder of "), out);
        Files.writeString(temp.resolve("data/4.png"), "no picture");
        CommandRun broken = CommandRun.of(train("psp", "--dry-run"));
        assertEquals(1, broken.code());
        assertTrue(broken.errors().getFirst().contains("4.png"), broken.errors().getFirst());
        assertTrue(!Files.exists(temp.resolve("runs")));
    }

    @Test
    void saysWhatIsWrong() throws IOException {
        CommandRun.of(train("stylegan")).refused(2, "--type: expected psp, e4e, restyle-psp, restyle-e4e or idinvert");
        CommandRun.of("train-encoder", "--type", "psp").refused(2, "--data and --outdir are needed");
        Path empty = Files.createDirectories(temp.resolve("empty"));
        CommandRun.of(train("psp", "--test-data", empty)).refused(1, empty, "holds no PNG or JPEG pictures");
        CommandRun.of(train("psp", "--source-data", pictures("fewer", 3)))
                .refused(1, "has no partner in");
        CommandRun.of("train-encoder", "--type", "psp", "--data", temp.resolve("data"), "--outdir",
                temp.resolve("runs"), "--stylegan_weights", network, "--distance", "pixels")
                .refused(2, "--identity: needed");
        CommandRun.of(train("psp", "--save_minutes", -1)).refused(2, "--save_minutes", "expected minutes from 0 to");
        CommandRun.of(train("psp", "--moco_lambda", 1)).refused(2, "--moco: needed for --moco_lambda");
        CommandRun.of(train("e4e", "--progressive_steps", 0, 1, 2)).refused(1, "8 styles, got steps for 3");
        CommandRun.of(train("psp", "--checkpoint_path", network)).refused(1, network,
                "expected a whole model of pSp, e4e or ReStyle");
        CommandRun.of(train("idinvert", "--style_width", 4)).refused(1, "style_width means nothing");
        CommandRun.of(train("idinvert", "--input_size", 16)).refused(1, "expected 3 body_widths, got [16, 16, 16, 16]");
        CommandRun.of("train-encoder", "--resume", empty).refused(1, "training-state.safetensors");
    }
}
