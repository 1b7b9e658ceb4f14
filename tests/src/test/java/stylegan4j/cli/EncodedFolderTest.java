package stylegan4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stylegan4j.cli.CommandRun.good;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.GeneratorConfig;
import stylegan4j.stylegan.encoder.EncoderKind;
import stylegan4j.stylegan.encoder.EncoderModel;
import stylegan4j.stylegan.encoder.StyleEncoder;
import stylegan4j.stylegan.encoder.StyleEncoderConfig;
import stylegan4j.stylegan.encoder.StyleEncoderConfig.Head;
import stylegan4j.stylegan.feature.IrBody;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.op.RandomNumbers;

/** A folder of pictures inverted by an encoder, in batches. */
class EncodedFolderTest {
    private static final int SIDE = 32;
    private static final int PICTURES = 5;

    @TempDir
    private Path folder;
    private Path model;
    private Path pictures;

    @BeforeEach
    void files() throws IOException {
        model = folder.resolve("psp.pt");
        try (Device device = Device.cpu(); var _ = device.open()) {
            Generator generator = new Generator(GeneratorConfig.of(Map.of("z_dim", 4, "c_dim", 0, "w_dim", 4,
                    "img_resolution", SIDE, "img_channels", 3, "mapping_kwargs", Map.of("num_layers", 2),
                    "synthesis_kwargs", Map.of("channel_base", 64, "channel_max", 4))), Initializer.random(3));
            StyleEncoder encoder = new StyleEncoder(new StyleEncoderConfig(new IrBody(List.of(1, 1, 1, 1),
                    List.of(16, 18, 20, 32), true), Head.PYRAMID, 3, SIDE, generator.numWs(), 4),
                    Initializer.random(4));
            new EncoderModel(EncoderKind.PSP, encoder, generator, new RandomNumbers(5).normal(generator.numWs(), 4), 1)
                    .save(model);
        }
        pictures = Files.createDirectory(folder.resolve("pictures"));
        for (int n = 0; n < PICTURES; n++) {
            float[] data = new float[3 * SIDE * SIDE];
            for (int i = 0; i < data.length; i++) {
                data[i] = i * (n + 1) % 251;
            }
            Images.write(new Image(3, SIDE, SIDE, data), pictures.resolve("a" + n + ".png"));
        }
    }

    private CommandRun invert(Path out, Object... more) {
        Object[] arguments = {"invert", "--method", "psp", "--network", model, "--outdir", out, pictures};
        Object[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return CommandRun.of(all);
    }

    private static float[] codes(Path out, String name) throws IOException {
        return Checkpoints.read(out.resolve(name).resolve("projected_w.npz")).tensor("w").toFloats();
    }

    @Test
    void aBatchGivesWhatEachPictureGivesAlone() throws IOException {
        Path batches = folder.resolve("batches");
        Path single = folder.resolve("single");
        List<String> said = invert(batches, "--batch", 3).out().lines().map(l -> l.replaceFirst(":.*", "")).toList();
        assertEquals(List.of("a0", "a1", "a2", "a3", "a4"), said);
        invert(single, "--batch", 1);
        for (String name : said) {
            // Sums of another order differ by rounding: about 1e-7 of codes of size 1, through some ten layers.
            assertArrayEquals(codes(single, name), codes(batches, name), 1e-4f);
            assertTrue(Files.exists(batches.resolve(name).resolve("inversion.json")));
        }
    }

    @Test
    void badPicturesAreNamedAndTheOthersGoOn() throws IOException {
        Files.writeString(pictures.resolve("a1.png"), "no picture");
        Path out = folder.resolve("out");
        CommandRun run = invert(out, "--batch", 2);
        assertEquals(1, run.code());
        assertEquals(List.of("stylegan4j: " + pictures.resolve("a1.png") + ": is not a PNG or JPEG picture"),
                run.errors());
        assertEquals(PICTURES - 1, run.out().lines().count());
        try (var inside = Files.list(out)) {
            assertEquals(PICTURES - 1, inside.count());
        }
    }

    @Test
    void whatWasFinishedIsLeft() throws IOException {
        Path out = folder.resolve("out");
        invert(out);
        Files.delete(out.resolve("a3/inversion.json"));
        List<String> said = invert(out, "--resume").out().lines().toList();
        assertEquals("a2: finished before", said.get(2));
        assertTrue(said.get(3).startsWith("a3: PSNR "), said::toString);
        good("invert", "--method", "psp", "--network", model, "--outdir", out, "--resume", pictures);
    }
}
