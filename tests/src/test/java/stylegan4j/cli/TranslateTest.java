package stylegan4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stylegan4j.cli.CommandRun.good;
import static stylegan4j.cli.CommandRun.under;

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
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.GeneratorConfig;
import stylegan4j.stylegan.NetworkWriter;
import stylegan4j.stylegan.Networks;
import stylegan4j.stylegan.encoder.EncoderKind;
import stylegan4j.stylegan.avatar.Avatars;
import stylegan4j.stylegan.encoder.EncoderModel;
import stylegan4j.stylegan.encoder.StyleEncoder;
import stylegan4j.stylegan.encoder.StyleEncoderConfig;
import stylegan4j.stylegan.encoder.StyleEncoderConfig.Head;
import stylegan4j.stylegan.feature.IrBody;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.op.RandomNumbers;

/** Translation by tiny encoders of two kinds. */
class TranslateTest {
    private static final int SIDE = 32;
    private static final int W_DIM = 4;
    private static final int CLASSES = 5;

    @TempDir
    private Path folder;
    private Path labels;
    private Path pictures;
    private Path segmentation;
    private Path colour;
    private Path holes;

    @BeforeEach
    void files() throws IOException {
        try (Device device = Device.cpu(); var _ = device.open()) {
            segmentation = model("segmentation.pt", CLASSES);
            colour = model("colour.pt", 3);
            holes = model("holes.pt", 4);
            Path other = folder.resolve("other.safetensors");
            NetworkWriter.writeSafetensors(other, new Networks(generator(8), null, null));
        }
        labels = Files.createDirectory(folder.resolve("labels"));
        pictures = Files.createDirectory(folder.resolve("pictures"));
        for (int n = 0; n < 5; n++) {
            float[] map = new float[SIDE * SIDE];
            float[] data = new float[3 * SIDE * SIDE];
            for (int i = 0; i < data.length; i++) {
                data[i] = (i * (n + 1)) % 251;
                map[i % map.length] = i / 7 % (n + 1);
            }
            Images.write(new Image(1, SIDE, SIDE, map), labels.resolve("a" + n + ".png"));
            Images.write(new Image(3, SIDE, SIDE, data), pictures.resolve("a" + n + ".png"));
        }
    }

    private static Generator generator(int seed) {
        return new Generator(GeneratorConfig.of(Map.of("z_dim", W_DIM, "c_dim", 0, "w_dim", W_DIM, "img_resolution",
                SIDE, "img_channels", 3, "mapping_kwargs", Map.of("num_layers", 2), "synthesis_kwargs",
                Map.of("channel_base", 64, "channel_max", 4))), Initializer.random(seed));
    }

    private Path model(String name, int channels) throws IOException {
        Generator generator = generator(3);
        StyleEncoder encoder = new StyleEncoder(new StyleEncoderConfig(new IrBody(List.of(1, 1, 1, 1),
                List.of(16, 18, 20, 32), true), Head.PYRAMID, channels, SIDE, generator.numWs(), W_DIM),
                Initializer.random(4));
        Path file = folder.resolve(name);
        new EncoderModel(EncoderKind.PSP, encoder, generator, new RandomNumbers(5).normal(generator.numWs(), W_DIM),
                1).save(file);
        return file;
    }

    private static float[] pixels(Path file) throws IOException {
        return Images.read(file).data();
    }

    @Test
    void aFolderOfLabelMapsBecomesPictures() throws IOException {
        Path out = folder.resolve("out");
        String said = good("translate", "--task", "celebs_seg_to_face", "--network", segmentation, "--outdir", out,
                "--batch", 2, labels).out();
        assertEquals(List.of("a0: 1 picture", "a1: 1 picture", "a2: 1 picture", "a3: 1 picture", "a4: 1 picture"),
                said.lines().toList());
        assertEquals(Set.of("a0.png", "a1.png", "a2.png", "a3.png", "a4.png"), under(out));
        assertFalse(Arrays.equals(pixels(out.resolve("a1.png")), pixels(out.resolve("a2.png"))));
        // Neither the batch nor the number of threads decides what comes out.
        Path again = folder.resolve("again");
        good("translate", "--task", "segmentation", "--network", segmentation, "--outdir", again, "--batch", 3,
                "--threads", 1, "--couple-outputs", labels);
        for (int n = 0; n < 5; n++) {
            // Sums of another order may round to the next of 256 levels.
            assertArrayEquals(pixels(out.resolve("a" + n + ".png")), pixels(again.resolve("a" + n + ".png")), 1);
        }
        Image coupled = Images.read(again.resolve("coupled/a3.png"));
        assertEquals(2 * SIDE, coupled.width());
    }

    @Test
    void severalResultsDifferInTheLayersThatAreMixed() throws IOException {
        Path out = folder.resolve("out");
        good("translate", "--task", "segmentation", "--network", segmentation, "--outdir", out, "--n-outputs", 3,
                "--latent_mask", "4-7", labels);
        assertEquals(15, under(out).size());
        assertFalse(Arrays.equals(pixels(out.resolve("a1-1.png")), pixels(out.resolve("a1-2.png"))));
        // Of weight 0 the random codes change nothing; of weight 1 in all layers nothing of the input is left.
        Path plain = folder.resolve("plain");
        good("translate", "--task", "segmentation", "--network", segmentation, "--outdir", plain, labels);
        Path none = folder.resolve("none");
        good("translate", "--task", "segmentation", "--network", segmentation, "--outdir", none, "--n-outputs", 2,
                "--mix-alpha", 0, labels);
        assertArrayEquals(pixels(plain.resolve("a2.png")), pixels(none.resolve("a2-2.png")), 1);
        Path all = folder.resolve("all");
        good("translate", "--task", "segmentation", "--network", segmentation, "--outdir", all, "--latent-mask", "0-7",
                "--seed", 7, labels.resolve("a1.png"), labels.resolve("a2.png"));
        Path seeds = folder.resolve("seeds");
        good("generate", "--network", segmentation, "--seeds", "7,8", "--outdir", seeds);
        assertArrayEquals(pixels(seeds.resolve("seed0007.png")), pixels(all.resolve("a1.png")), 1);
        assertArrayEquals(pixels(seeds.resolve("seed0008.png")), pixels(all.resolve("a2.png")), 1);
    }

    @Test
    void anotherGeneratorShowsTheSameCodesInItsStyle() throws IOException {
        Path own = folder.resolve("own");
        good("translate", "--task", "toonify", "--network", colour, "--outdir", own, pictures.resolve("a1.png"));
        Path other = folder.resolve("styled");
        good("translate", "--task", "stylize", "--network", folder.resolve("other.safetensors"), "--encoder", colour,
                "--outdir", other, pictures.resolve("a1.png"));
        assertFalse(Arrays.equals(pixels(own.resolve("a1.png")), pixels(other.resolve("a1.png"))));
        Path alone = folder.resolve("alone.safetensors");
        try (Device device = Device.cpu(); var _ = device.open()) {
            EncoderModel.load(colour).saveEncoder(alone, Map.of());
        }
        Path half = folder.resolve("half");
        good("translate", "--task", "stylize", "--network", folder.resolve("other.safetensors"), "--encoder", alone,
                "--outdir", half, pictures.resolve("a1.png"));
        assertArrayEquals(pixels(other.resolve("a1.png")), pixels(half.resolve("a1.png")), 4, "weights were halves");
        CommandRun.of("translate", "--task", "encode", "--network", folder.resolve("other.safetensors"), "--encoder",
                alone, "--outdir", half, pictures).refused(1, alone, "was trained for the generator ");
    }

    @Test
    void badFilesAreNamedAndTheOthersGoOn() throws IOException {
        Files.writeString(labels.resolve("a1.png"), "no picture");
        float[] outside = new float[SIDE * SIDE];
        outside[13] = 200;
        Images.write(new Image(1, SIDE, SIDE, outside), labels.resolve("a3.png"));
        Path out = folder.resolve("out");
        CommandRun run = CommandRun.of("translate", "--task", "segmentation", "--network", segmentation, "--outdir",
                out, "--batch", 2, labels);
        assertEquals(1, run.code());
        assertEquals(List.of("stylegan4j: " + labels.resolve("a1.png") + ": is not a PNG file, as label maps are",
                "stylegan4j: " + labels.resolve("a3.png") + ": has class 200; expected 0 to 4 (label_nc 5)"),
                run.errors());
        assertEquals(Set.of("a0.png", "a2.png", "a4.png"), under(out));
    }

    @Test
    void wrongUsageIsRefusedBeforeAnythingIsWritten() throws IOException {
        Path out = folder.resolve("out");
        CommandRun.of("translate", "--task", "faces", "--network", colour, "--outdir", out, pictures)
                .refused(2, "--task: task faces is not known", "celebs_seg_to_face");
        CommandRun.of("translate", "--task", "sketch", "--network", colour, "--outdir", out, pictures)
                .refused(1, "colour.pt", "the encoder takes 3 channels, task sketch makes 1");
        CommandRun.of("translate", "--task", "encode", "--network", colour, "--latent-mask", "7,8", "--outdir", out,
                pictures).refused(2, "--latent-mask: the generator's layers are 0 to 7, got [7, 8]");
        CommandRun.of("translate", "--task", "encode", "--network", colour, "--mix-alpha", "0.5", "--outdir", out,
                pictures).refused(2, "--mix-alpha: needs --latent-mask or --n-outputs");
        CommandRun.of("translate", "--task", "encode", "--network", colour, "--mask", pictures, "--outdir", out,
                pictures).refused(2, "--mask: only inpainting takes masks");
        Path empty = Files.createDirectory(folder.resolve("empty"));
        CommandRun.of("translate", "--task", "encode", "--network", colour, "--outdir", out, empty)
                .refused(1, empty, "holds no PNG or JPEG picture");
        assertFalse(Files.exists(out));
    }

    @Test
    void masksOfAFolderHaveTheirPicturesNames() throws IOException {
        Path masks = Files.createDirectory(folder.resolve("masks"));
        float[] white = new float[SIDE * SIDE];
        Arrays.fill(white, 255);
        Images.write(new Image(1, SIDE, SIDE, white), masks.resolve("a2.png"));
        Path out = folder.resolve("out");
        CommandRun run = CommandRun.of("translate", "--task", "inpainting", "--network", holes, "--mask", masks,
                "--outdir", out, pictures.resolve("a1.png"), pictures.resolve("a2.png"));
        assertEquals(List.of("stylegan4j: " + pictures.resolve("a1.png") + ": has no mask " + masks.resolve("a1.png")),
                run.errors());
        assertEquals(Set.of("a2.png"), under(out));
        assertTrue(run.out().startsWith("a2: 1 picture"));
    }

    @Test
    void labelMapsOfAvatarsNeedNoOtherFile() throws IOException {
        Path maps = Files.createDirectory(folder.resolve("maps"));
        try (var map = TranslateTest.class.getResourceAsStream(
                "/stylegan4j/avatar/heldout/segmentation/heldout-5.png")) {
            Files.copy(map, maps.resolve("heldout-5.png"));
        }
        Path out = folder.resolve("out");
        good("translate", "--task", "segmentation", "--outdir", out, "--n-outputs", 2, maps);
        assertEquals(Set.of("heldout-5-1.png", "heldout-5-2.png"), under(out));
        CommandRun.of("translate", "--task", "sketch", "--outdir", folder.resolve("none"), maps)
                .refused(2, "--encoder: no model of task sketch ships");
    }

    @Test
    void avatarsAreStylizedByTunedWeightsAlone() throws IOException {
        Path picture = folder.resolve("a.png");
        Images.write(Avatars.heldout().get("heldout-5"), picture);
        Path grey = Files.createDirectory(folder.resolve("grey"));
        Images.write(Images.read(picture, 1), grey.resolve("a.png"));
        Path codes = folder.resolve("codes");
        good("invert", "--method", "psp", "--outdir", codes, picture);
        Path plain = folder.resolve("plain");
        good("translate", "--task", "encode", "--outdir", plain, picture);
        assertArrayEquals(pixels(codes.resolve("a/proj.png")), pixels(plain.resolve("a.png")));
        Path tuned = folder.resolve("tuned");
        good("invert", "--method", "pti", "--pivot", codes, "--tuning-steps", 60, "--outdir", tuned, grey);
        Path styled = folder.resolve("styled");
        good("translate", "--task", "stylize", "--tuned", tuned.resolve("a/tuned.safetensors"), "--outdir", styled,
                picture);
        assertArrayEquals(pixels(tuned.resolve("a/proj.png")), pixels(styled.resolve("a.png")));
        assertTrue(colourfulness(styled.resolve("a.png")) < colourfulness(plain.resolve("a.png")) / 2);
        CommandRun.of("translate", "--task", "stylize", "--outdir", folder.resolve("none"), picture)
                .refused(2, "--task stylize: needs a generator of that style");
    }

    /** How far red and blue lie apart, on average. */
    private static double colourfulness(Path file) throws IOException {
        Image image = Images.read(file, 3);
        int n = image.height() * image.width();
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += Math.abs(image.data()[i] - image.data()[2 * n + i]);
        }
        return sum / n;
    }
}
