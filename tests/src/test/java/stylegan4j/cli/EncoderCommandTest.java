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
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.GeneratorConfig;
import stylegan4j.stylegan.avatar.Avatars;
import stylegan4j.stylegan.encoder.EncoderKind;
import stylegan4j.stylegan.encoder.EncoderModel;
import stylegan4j.stylegan.encoder.StyleEncoder;
import stylegan4j.stylegan.encoder.StyleEncoderConfig;
import stylegan4j.stylegan.encoder.StyleEncoderConfig.Head;
import stylegan4j.stylegan.feature.ResNetBody;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.op.RandomNumbers;

/** Inversion by encoders, from files of whole models. */
class EncoderCommandTest {
    private static final int W_DIM = 4;

    @TempDir
    private Path folder;
    private Path model;
    private Path picture;

    @BeforeEach
    void files() throws IOException {
        model = folder.resolve("restyle.pt");
        try (Device device = Device.cpu(); var _ = device.open()) {
            Generator generator = new Generator(GeneratorConfig.of(Map.of("z_dim", W_DIM, "c_dim", 0, "w_dim", W_DIM,
                    "img_resolution", 32, "img_channels", 3, "mapping_kwargs", Map.of("num_layers", 2),
                    "synthesis_kwargs", Map.of("channel_base", 64, "channel_max", 4))), Initializer.random(3));
            StyleEncoder encoder = new StyleEncoder(new StyleEncoderConfig(
                    new ResNetBody(List.of(1, 1, 1, 1), 3, false), Head.LAST_LEVEL, 6, 32, generator.numWs(), W_DIM),
                    Initializer.random(4));
            new EncoderModel(EncoderKind.RESTYLE_PSP, encoder, generator,
                    new RandomNumbers(5).normal(generator.numWs(), W_DIM), 2).save(model);
        }
        picture = folder.resolve("me.png");
        float[] data = new float[3 * 32 * 32];
        for (int i = 0; i < data.length; i++) {
            data[i] = i % 251;
        }
        Images.write(new Image(3, 32, 32, data), picture);
    }

    @Test
    void oneFileIsEncoderAndGenerator() throws IOException {
        Path out = folder.resolve("out");
        String line = good("invert", "--method", "restyle-psp", "--network", model, "--outdir", out, picture).out();
        assertTrue(line.startsWith("me: PSNR "), line);
        assertEquals(Set.of("me", "me/target.png", "me/proj.png", "me/projected_w.npz", "me/inversion.json"),
                CommandRun.under(out));
        float[] codes = Checkpoints.read(out.resolve("me/projected_w.npz")).tensor("w").toFloats();
        assertEquals(8 * W_DIM, codes.length);
        // The codes make the picture again, with the model's own generator.
        good("generate", "--network", model, "--projected-w", out.resolve("me/projected_w.npz"), "--outdir",
                folder.resolve("again"));
        Path again = folder.resolve("again").resolve(CommandRun.under(folder.resolve("again")).iterator().next());
        assertArrayEquals(Images.read(out.resolve("me/proj.png")).data(), Images.read(again).data());
    }

    @Test
    void anEncoderGivesThePivot() throws IOException {
        Path out = folder.resolve("out");
        good("invert", "--method", "pti", "--pivot", model, "--tuning-steps", "2", "--distance", "pixels", "--network",
                model, "--outdir", out, picture);
        Path plain = folder.resolve("plain");
        good("invert", "--method", "restyle-psp", "--network", model, "--outdir", plain, picture);
        assertTrue(Arrays.equals(Files.readAllBytes(out.resolve("me/projected_w.npz")),
                Files.readAllBytes(plain.resolve("me/projected_w.npz"))));
    }

    @Test
    void optimisationWithinTheDomainComesCloserThanTheEncoder() throws IOException {
        String plain = good("invert", "--method", "restyle-psp", "--network", model, "--outdir",
                folder.resolve("plain"), picture).out();
        String closer = good("invert", "--method", "idinvert", "--steps", "20", "--distance", "pixels", "--network",
                model, "--outdir", folder.resolve("out"), picture).out();
        assertTrue(psnr(closer) > psnr(plain), plain + closer);
    }

    @Test
    void encodersThatShipNeedNoFile() throws IOException {
        Images.write(Avatars.heldout().get("heldout-5"), picture);
        for (String method : List.of("psp", "e4e", "restyle-psp", "restyle-e4e")) {
            good("invert", "--method", method, "--outdir", folder.resolve(method), picture);
        }
        Path tuned = folder.resolve("pti");
        good("invert", "--method", "pti", "--pivot", "e4e", "--tuning-steps", "2", "--outdir", tuned, picture);
        assertArrayEquals(Checkpoints.read(folder.resolve("e4e/me/projected_w.npz")).tensor("w").toFloats(),
                Checkpoints.read(tuned.resolve("me/projected_w.npz")).tensor("w").toFloats());
        good("invert", "--method", "idinvert", "--steps", "2", "--outdir", folder.resolve("idinvert"), picture);
    }

    private static double psnr(String line) {
        return Double.parseDouble(line.replaceFirst("(?s).*PSNR (\\S+) dB.*", "$1"));
    }

    @Test
    void saysWhichMethodAFileIsOf() {
        CommandRun.of("invert", "--method", "e4e", "--network", model, "--outdir", folder.resolve("out"), picture)
                .refused(1, "restyle.pt: is a model of ReStyle over pSp, --method e4e wants e4e");
        CommandRun.of("invert", "--method", "psp", "--network", CommandRun.fixture("rosinality-tiny.pt"), "--outdir",
                folder.resolve("out"), picture).refused(1, "expected a whole model of pSp, e4e or ReStyle, got a "
                + "StyleGAN2 generator");
        CommandRun.of("invert", "--method", "pti", "--pivot", "e4e", "--distance", "pixels", "--network", model,
                "--outdir", folder.resolve("out"), picture)
                .refused(2, "--pivot: e4e is an encoder of the shipped generator");
        CommandRun.of("invert", "--method", "w", "--encoder", model, "--distance", "pixels", "--network", model,
                "--outdir", folder.resolve("out"), picture).refused(2, "--encoder: only encoders take it");
    }
}
