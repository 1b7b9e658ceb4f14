package stylegan4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stylegan4j.cli.CommandRun.fixture;
import static stylegan4j.cli.CommandRun.good;
import static stylegan4j.cli.CommandRun.under;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.Npz;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;

/** Inverting, projecting, mixing and morphing, by networks of 32 px with 8 codes of size 32. */
class InvertTest {
    private static final Path NETWORK = fixture("nvlabs-sg2ada-tiny.pkl");
    private static final Set<String> FOUND = Set.of("target.png", "proj.png", "projected_w.npz", "inversion.json");

    @TempDir
    private Path folder;

    private Path pictures;
    private Path out;

    @BeforeEach
    void setUp() throws IOException {
        pictures = Files.createDirectory(folder.resolve("in"));
        out = folder.resolve("out");
    }

    /** A picture of the network's size unless said otherwise. */
    private Path picture(String name, int seed, int height, int width, int channels) throws IOException {
        float[] data = new float[channels * height * width];
        for (int i = 0; i < data.length; i++) {
            data[i] = (i * 37 + seed * 101) % 256;
        }
        Path file = pictures.resolve(name);
        Images.write(new Image(channels, height, width, data), file);
        return file;
    }

    private CommandRun invert(Object... more) {
        List<Object> args = new ArrayList<>(List.of("invert", "--network", NETWORK, "--distance", "pixels", "--steps",
                3, "--tuning-steps", 2, "--noise-steps", 2, "--outdir", out));
        args.addAll(Arrays.asList(more));
        return CommandRun.of(args.toArray());
    }

    private static List<String> fine(CommandRun run) {
        assertEquals(List.of(), run.errors());
        assertEquals(0, run.code());
        return run.out().lines().toList();
    }

    @ParameterizedTest
    @CsvSource({"w, 3", "w+, 3", "i2s, 3", "i2s++, 5", "pti, 5"})
    void everyMethodWritesItsFiles(String method, int steps) throws IOException {
        Path picture = picture("me.png", 1, 32, 32, 3);
        List<String> lines = fine(invert("--method", method, picture));
        assertEquals(1, lines.size());
        assertTrue(lines.getFirst().matches("me: PSNR [0-9.]+ dB, distance [0-9.]+, [0-9.]+ s"), lines.getFirst());
        Path own = out.resolve("me");
        Set<String> files = new TreeSet<>(FOUND);
        if (method.equals("pti")) {
            files.add("tuned.safetensors");
        }
        assertEquals(files, under(own));
        assertArrayEquals(Images.read(picture).data(), Images.read(own.resolve("target.png")).data());
        Map<String, StoredTensor> found = Checkpoints.read(own.resolve("projected_w.npz")).tensors();
        assertArrayEquals(new long[] {1, 8, 32}, found.get("w").shape());
        assertEquals(Set.of("w", "w+", "i2s++").contains(method), found.containsKey("noise/b32.conv1"));
        JsonObject report = JsonParser.parseString(Files.readString(own.resolve("inversion.json"))).getAsJsonObject();
        int losses = report.getAsJsonObject("losses").entrySet().stream()
                .mapToInt(phase -> phase.getValue().getAsJsonArray().size()).sum();
        assertEquals(steps, losses);
        Object tuned = method.equals("pti") ? own.resolve("tuned.safetensors") : null;
        List<Object> again = new ArrayList<>(List.of("generate", "--network", NETWORK, "--projected-w",
                own.resolve("projected_w.npz"), "--outdir", folder.resolve("again")));
        if (tuned != null) {
            again.addAll(List.of("--tuned", tuned));
        }
        good(again.toArray());
        assertArrayEquals(Files.readAllBytes(own.resolve("proj.png")),
                Files.readAllBytes(folder.resolve("again/proj00.png")), "what was written shows the same picture");
    }

    @Test
    void picturesOfEveryKindGoInAndTheBrokenOnesAreNamed() throws IOException {
        picture("a.png", 1, 32, 32, 3);
        picture("b-grey.png", 2, 32, 32, 1);
        picture("c-alpha.png", 3, 32, 32, 4);
        picture("d-wide.jpg", 4, 20, 50, 3);
        picture("e-one.png", 5, 1, 1, 3);
        ImageIO.write(new BufferedImage(32, 32, BufferedImage.TYPE_USHORT_GRAY), "png",
                pictures.resolve("f-16bit.png").toFile());
        try (var cmyk = InvertTest.class.getResourceAsStream("cmyk.jpg")) {
            Files.copy(cmyk, pictures.resolve("h-cmyk.jpg"));
        }
        Files.writeString(pictures.resolve("g-text.png"), "not a picture");
        Files.writeString(pictures.resolve("notes.txt"), "no picture, and not taken for one");
        CommandRun run = invert("--method", "i2s", "--batch", 4, pictures);
        assertEquals(1, run.code());
        List<String> errors = run.errors();
        assertTrue(errors.stream().anyMatch(e -> e.contains("c-alpha.png: the alpha channel is dropped")),
                errors::toString);
        assertTrue(errors.stream().anyMatch(e -> e.contains("d-wide.jpg: 50x20 picture cropped to its middle and "
                + "resized to 32x32")), errors::toString);
        assertTrue(errors.stream().anyMatch(e -> e.contains("e-one.png: 1x1 picture resized to 32x32")),
                errors::toString);
        assertTrue(errors.stream().anyMatch(e -> e.contains("g-text.png: is not a PNG or JPEG picture")),
                errors::toString);
        assertTrue(errors.stream().anyMatch(e -> e.contains("h-cmyk.jpg: ")), errors::toString);
        assertEquals(5, errors.size(), errors::toString);
        try (Stream<Path> folders = Files.list(out)) {
            assertEquals(Set.of("a", "b-grey", "c-alpha", "d-wide", "e-one", "f-16bit", "h-cmyk"), Set.copyOf(
                    folders.map(p -> p.getFileName().toString()).toList()));
        }
    }

    @Test
    void namesThatComeAgainAreNumbered() throws IOException {
        Path first = picture("me.png", 1, 32, 32, 3);
        Path other = Files.createDirectory(pictures.resolve("other")).resolve("me.jpg");
        Files.copy(picture("x.jpg", 2, 32, 32, 3), other);
        fine(invert("--method", "i2s", first, other));
        assertTrue(Files.exists(out.resolve("me/proj.png")) && Files.exists(out.resolve("me-2/proj.png")));
    }

    @Test
    void finishedPicturesAreLeftAndOtherWorkIsDone() throws IOException {
        Path first = picture("a.png", 1, 32, 32, 3);
        Path second = picture("b.png", 2, 32, 32, 3);
        fine(invert("--method", "w", first));
        byte[] before = Files.readAllBytes(out.resolve("a/inversion.json"));
        List<String> lines = fine(invert("--method", "w", "--resume", first, second));
        assertEquals("a: finished before", lines.getFirst());
        assertTrue(lines.get(1).startsWith("b: PSNR"), lines::toString);
        assertArrayEquals(before, Files.readAllBytes(out.resolve("a/inversion.json")));
        assertTrue(fine(invert("--method", "w", "--resume", "--seed", 4, first)).getFirst().startsWith("a: PSNR"));
        assertFalse(Arrays.equals(before, Files.readAllBytes(out.resolve("a/inversion.json"))));
    }

    /** What a file holds decides, not its name. */
    @Test
    void otherContentOfASideFileIsOtherWork() throws IOException {
        Path first = picture("a.png", 1, 32, 32, 3);
        Path mask = picture("mask.png", 0, 32, 32, 1);
        Object[] masked = {"--method", "i2s++", "--mask", mask, "--resume", first};
        fine(invert(masked));
        assertEquals(List.of("a: finished before"), fine(invert(masked)));
        picture("mask.png", 5, 32, 32, 1);
        assertTrue(fine(invert(masked)).getFirst().startsWith("a: PSNR"));

        Path pivot = folder.resolve("pivot.npz");
        Npz.write(pivot, Map.of("w", StoredTensor.of(new float[2 * 8 * 32], 2, 8, 32)));
        fine(invert("--pivot", pivot, "--resume", first));
        assertEquals(List.of("a: finished before"), fine(invert("--pivot", pivot, "--resume", first)));
        Path before = picture("0.png", 2, 32, 32, 3);
        assertTrue(fine(invert("--pivot", pivot, "--resume", before, first)).get(1).startsWith("a: PSNR"),
                "the second picture, so the second code");
    }

    @Test
    void oneGeneratorForAll() throws IOException {
        picture("a.png", 1, 32, 32, 3);
        picture("b.png", 2, 32, 32, 3);
        picture("c.png", 3, 32, 32, 3);
        assertEquals(3, fine(invert("--method", "pti", "--together", "--batch", 2, pictures)).size());
        assertTrue(Files.exists(out.resolve("tuned.safetensors")));
        for (String name : List.of("a", "b", "c")) {
            assertEquals(FOUND, under(out.resolve(name)));
            good("generate", "--network", NETWORK, "--tuned", out.resolve("tuned.safetensors"), "--projected-w",
                    out.resolve(name).resolve("projected_w.npz"), "--outdir", folder.resolve("again"));
            // In a batch another order of summation may serve than for one picture: one level of 255.
            float[] made = Images.read(out.resolve(name).resolve("proj.png")).data();
            assertArrayEquals(made, Images.read(folder.resolve("again/proj00.png")).data(), 1);
        }
    }

    @Test
    void tunedWeightsAreWrittenAsAsked() throws IOException {
        Path picture = picture("a.png", 1, 32, 32, 3);
        fine(invert("--tuned-as", "exact", picture));
        long exact = Files.size(out.resolve("a/tuned.safetensors"));
        fine(invert("--tuned-as", "half", picture));
        assertTrue(Files.size(out.resolve("a/tuned.safetensors")) < 0.7 * exact);
        fine(invert("--tuned-as", "whole", picture));
        good("generate", "--network", out.resolve("a/tuned-network.safetensors"), "--projected-w",
                out.resolve("a/projected_w.npz"), "--outdir", folder.resolve("again"));
        assertArrayEquals(Files.readAllBytes(out.resolve("a/proj.png")),
                Files.readAllBytes(folder.resolve("again/proj00.png")));
    }

    @Test
    void masksAndSecondPictures() throws IOException {
        Path first = picture("a.png", 1, 32, 32, 3);
        Path second = picture("b.png", 2, 32, 32, 3);
        Path mask = picture("mask.png", 0, 32, 32, 1);
        fine(invert("--method", "i2s++", "--mask", mask, first));
        byte[] inpainted = Files.readAllBytes(out.resolve("a/projected_w.npz"));
        fine(invert("--method", "i2s++", "--mask", mask, "--outside", second, first));
        byte[] mixed = Files.readAllBytes(out.resolve("a/projected_w.npz"));
        assertFalse(Arrays.equals(inpainted, mixed));
        fine(invert("--method", "i2s++", "--mask", mask, "--outside", second, "--start",
                out.resolve("a/projected_w.npz"), first));
        Path small = picture("small.png", 0, 16, 32, 1);
        CommandRun wrong = invert("--method", "i2s++", "--mask", small, first);
        wrong.refused(1, "small.png", "32x16", "32x32");
    }

    @Test
    void pivotsAreTaken() throws IOException {
        Path first = picture("a.png", 1, 32, 32, 3);
        Path second = picture("b.png", 2, 32, 32, 3);
        float[] codes = new float[2 * 8 * 32];
        Arrays.fill(codes, 8 * 32, codes.length, 1);
        Path pivot = folder.resolve("pivot.npz");
        Npz.write(pivot, Map.of("w", StoredTensor.of(codes, 2, 8, 32)));
        fine(invert("--pivot", pivot, first, second));
        assertArrayEquals(Arrays.copyOfRange(codes, 8 * 32, codes.length), Checkpoints.read(
                out.resolve("b/projected_w.npz")).tensors().get("w").toFloats());
        CommandRun few = invert("--pivot", pivot, first, second, picture("c.png", 3, 32, 32, 3));
        assertEquals(1, few.code());
        assertTrue(few.errors().getFirst().contains("c: ") && few.errors().getFirst().contains("holds 2 codes"),
                few.errors()::toString);
    }

    @Test
    void pivotsAreTakenOfAnEarlierInversion() throws IOException {
        Path first = picture("a.png", 1, 32, 32, 3);
        Path second = picture("b.png", 2, 32, 32, 3);
        fine(invert("--method", "w", first, second));
        Path codes = folder.resolve("codes");
        Files.move(out, codes);
        Path drawn = Files.createDirectory(folder.resolve("drawn"));
        Files.copy(second, drawn.resolve("a.png"));
        Files.copy(first, drawn.resolve("b.png"));
        fine(invert("--pivot", codes, "--together", drawn));
        for (String name : List.of("a", "b")) {
            assertArrayEquals(codes(codes, name), codes(out, name));
        }
        assertTrue(Files.exists(out.resolve("tuned.safetensors")));
        assertEquals(List.of("a: finished before", "b: finished before"),
                fine(invert("--pivot", codes, "--together", "--resume", drawn)));
        Files.copy(codes.resolve("b/projected_w.npz"), codes.resolve("a/projected_w.npz"),
                StandardCopyOption.REPLACE_EXISTING);
        assertTrue(fine(invert("--pivot", codes, "--together", "--resume", drawn)).getFirst().startsWith("a: PSNR"));
        CommandRun unknown = invert("--pivot", codes, picture("c.png", 3, 32, 32, 3));
        unknown.refused(1, "c: " + codes + ": holds no codes of this picture, expected ", "projected_w.npz");
    }

    private static float[] codes(Path inversions, String name) throws IOException {
        return Checkpoints.read(inversions.resolve(name).resolve("projected_w.npz")).tensors().get("w").toFloats();
    }

    @Test
    void filesOfTheWrongKind() throws IOException {
        Path first = picture("a.png", 1, 32, 32, 3);
        CommandRun.of("invert", "--network", first, "--distance", "pixels", "--outdir", out, first)
                .refused(1, "a.png");
        CommandRun.of("invert", "--network", NETWORK, "--lpips", NETWORK, "--outdir", out, first)
                .refused(1, NETWORK);
        CommandRun.of("invert", "--network", NETWORK, "--vgg", first, "--outdir", out, first).refused(1, "a.png");
        invert("--tuned", NETWORK, first).refused(1, NETWORK, "no tuned weights");
        invert(pictures.resolve("missing.png")).refused(1, "missing.png", "no such file");
        invert(Files.createDirectory(folder.resolve("empty"))).refused(1, "empty", "no PNG or JPEG");
        assertFalse(Files.exists(out));
    }

    @ParameterizedTest
    @CsvSource({"--method nothing, --method", "--batch 0, --batch", "--method w --mask m.png, --mask",
        "--method w --together, --together", "--method w --pivot p.npz, --pivot", "--steps 0, --steps",
        "--method i2s --start here, --start", "--snapshot -1, --snapshot", "--rounds 0, --rounds"})
    void wrongUsage(String options, String word) throws IOException {
        List<Object> args = new ArrayList<>(List.of((Object[]) options.split(" ")));
        args.add(picture("a.png", 1, 32, 32, 3));
        List<Object> all = new ArrayList<>(List.of("invert", "--network", NETWORK, "--distance", "pixels", "--outdir",
                out));
        all.addAll(args);
        CommandRun.of(all.toArray()).refused(2, word);
        assertFalse(Files.exists(out));
    }

    @Test
    void aDistanceMustBeChosen() throws IOException {
        Path first = picture("a.png", 1, 32, 32, 3);
        CommandRun.of("invert", "--network", NETWORK, "--outdir", out, first).refused(2, "--lpips", "--distance");
        CommandRun.of("project", "--network", NETWORK, "--outdir", out, "--target", first)
                .refused(2, "--lpips", "--distance");
    }

    @Test
    void projectWritesTheOfficialFiles() throws IOException {
        Path target = picture("a.png", 1, 40, 32, 3);
        CommandRun run = CommandRun.of("project", "--network", NETWORK, "--distance", "pixels", "--target", target,
                "--num-steps", 4, "--seed", 303, "--outdir", out);
        assertEquals(0, run.code(), run.errors()::toString);
        assertEquals(Set.of("target.png", "proj.png", "projected_w.npz", "proj.gif"), under(out));
        Map<String, StoredTensor> found = Checkpoints.read(out.resolve("projected_w.npz")).tensors();
        assertEquals(Set.of("w"), found.keySet());
        assertArrayEquals(new long[] {1, 8, 32}, found.get("w").shape());
        var reader = ImageIO.getImageReadersByFormatName("gif").next();
        try (var input = ImageIO.createImageInputStream(out.resolve("proj.gif").toFile())) {
            reader.setInput(input);
            assertEquals(4, reader.getNumImages(true));
            assertEquals(64, reader.getWidth(0));
        }
        good("generate", "--network", NETWORK, "--projected-w", out.resolve("projected_w.npz"), "--outdir",
                folder.resolve("again"));
        assertArrayEquals(Files.readAllBytes(out.resolve("proj.png")),
                Files.readAllBytes(folder.resolve("again/proj00.png")));
        Path plain = folder.resolve("plain");
        CommandRun.of("project", "--network", NETWORK, "--distance", "pixels", "--target", target, "--num-steps", 2,
                "--save-video", false, "--outdir", plain);
        assertEquals(Set.of("target.png", "proj.png", "projected_w.npz"), under(plain));
    }

    @Test
    void codesAreMixedAndMorphed() throws IOException {
        float[] ones = new float[8 * 32];
        Arrays.fill(ones, 1);
        Path zero = folder.resolve("zero.npz");
        Path one = folder.resolve("one.npz");
        Npz.write(zero, Map.of("w", StoredTensor.of(new float[8 * 32], 1, 8, 32)));
        Npz.write(one, Map.of("w", StoredTensor.of(ones, 1, 8, 32)));
        good("mix", "--network", NETWORK, zero, "--style", one, "--layers", "5-7", "--alpha", "0.25", "--outdir", out);
        float[] mixed = Checkpoints.read(out.resolve("mixed.npz")).tensors().get("w").toFloats();
        assertEquals(0, mixed[5 * 32 - 1]);
        assertEquals(0.25f, mixed[5 * 32]);
        assertTrue(Files.exists(out.resolve("mixed.png")));
        good("mix", "--network", NETWORK, one, "--expression", one, zero, "--alpha", 2, "--outdir", out);
        assertEquals(3, Checkpoints.read(out.resolve("mixed.npz")).tensors().get("w").toFloats()[0]);
        good("morph", "--network", NETWORK, zero, one, "--frames", 3, "--outdir", folder.resolve("frames"));
        assertEquals(4, under(folder.resolve("frames")).size());
        good("morph", "--network", NETWORK, zero, one, "--frames", 3, "--format", "apng", "--outdir", out);
        assertTrue(Files.exists(out.resolve("morph.png")));
        CommandRun.of("mix", "--network", NETWORK, zero, "--style", one, "--layers", 8, "--outdir", out)
                .refused(2, "--layers", "0 to 7");
        CommandRun.of("mix", "--network", NETWORK, zero, "--outdir", out).refused(2, "--style");
        CommandRun.of("morph", "--network", NETWORK, zero, "--outdir", out).refused(2, "two codes");
    }
}
