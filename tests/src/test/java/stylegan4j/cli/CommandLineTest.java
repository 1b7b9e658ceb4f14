package stylegan4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stylegan4j.cli.CommandRun.fixture;
import static stylegan4j.cli.CommandRun.good;
import static stylegan4j.cli.CommandRun.under;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.Npz;
import stylegan4j.nn.checkpoint.Safetensors;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Networks;
import stylegan4j.stylegan.Truncation;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Tensor;

/** What the commands make, of 32 px networks with 8 codes of size 32. */
class CommandLineTest {
    private static final Path NVLABS = fixture("nvlabs-sg2ada-tiny.pkl");
    private static final Path ROSINALITY = fixture("rosinality-tiny.pt");

    @TempDir
    private Path folder;

    @Test
    void generateNamesPicturesAsTheOfficialScriptDoes() throws IOException {
        good("generate", "--network", NVLABS, "--seeds", "0,3-5,12345", "--trunc", "0.7", "--outdir",
                folder.resolve("new/pictures"), "--grid");
        Path made = folder.resolve("new/pictures");
        assertEquals(Set.of("seed0000.png", "seed0003.png", "seed0004.png", "seed0005.png", "seed12345.png",
                "grid.png"), under(made));
        assertEquals("Image[3, 32, 32]", Images.read(made.resolve("seed0003.png")).toString());
        assertFalse(Arrays.equals(bytes(made, "seed0003.png"), bytes(made, "seed0004.png")));
        Image grid = Images.read(made.resolve("grid.png"));
        assertEquals("Image[3, 64, 96]", grid.toString());
        assertArrayEquals(Images.read(made.resolve("seed0005.png")).data(), grid.crop(0, 32, 32, 32).data());
    }

    @Test
    void withoutANetworkTheOneThatShipsIsTaken() throws IOException {
        good("generate", "--seeds", 0, "--outdir", folder);
        assertEquals("Image[3, 64, 64]", Images.read(folder.resolve("seed0000.png")).toString());
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void generateGivesTheSameBytesForAnyThreads(int threads) throws IOException {
        byte[] one = picture(NVLABS, "--threads", 1);
        assertArrayEquals(one, picture(NVLABS, "--threads", threads));
    }

    @Test
    void truncationAndNoiseModesMatter() throws IOException {
        byte[] plain = picture(NVLABS);
        assertArrayEquals(plain, picture(NVLABS, "--noise-mode", "const", "--trunc", 1));
        assertFalse(Arrays.equals(plain, picture(NVLABS, "--trunc", "0.5")));
        assertFalse(Arrays.equals(plain, picture(NVLABS, "--noise-mode", "none")));
        byte[] random = picture(NVLABS, "--noise-mode", "random", "--seed", 7);
        assertArrayEquals(random, picture(NVLABS, "--noise-mode", "random", "--seed", 7, "--threads", 1));
        assertFalse(Arrays.equals(random, picture(NVLABS, "--noise-mode", "random", "--seed", 8)));
        assertFalse(Arrays.equals(plain, random));
    }

    @Test
    void projectedCodesGiveThePicturesTheyCameFrom() throws IOException {
        Path codes = folder.resolve("codes.npz");
        float[] values = codes(0, 3);
        Npz.write(codes, Map.of("w", StoredTensor.of(values, 2, 8, 32)));
        good("generate", "--network", NVLABS, "--projected-w", codes, "--outdir", folder.resolve("projected"));
        good("generate", "--network", NVLABS, "--seeds", "0,3", "--trunc", "0.7", "--outdir", folder.resolve("seeds"));
        assertEquals(Set.of("proj00.png", "proj01.png"), under(folder.resolve("projected")));
        assertArrayEquals(bytes(folder, "seeds/seed0000.png"), bytes(folder, "projected/proj00.png"));
        assertArrayEquals(bytes(folder, "seeds/seed0003.png"), bytes(folder, "projected/proj01.png"));
    }

    @Test
    void classesChooseThePicture() throws IOException {
        Path network = ConditionalNetwork.write(folder.resolve("conditional.safetensors"));
        byte[] first = picture(network, "--class", 0);
        assertArrayEquals(first, picture(network, "--class", 0));
        assertFalse(Arrays.equals(first, picture(network, "--class", 2)));
        CommandRun ignored = CommandRun.of("generate", "--network", NVLABS, "--seeds", 0, "--class", 1, "--outdir",
                folder.resolve("ignored"));
        assertEquals(0, ignored.code());
        assertTrue(ignored.errors().getFirst().contains("--class is ignored"), () -> ignored.errors().toString());
    }

    @Test
    void styleMixFillsAGrid() throws IOException {
        good("style-mix", "--network", NVLABS, "--rows", "0,1", "--cols", "1,2,3", "--styles", "0-3", "--outdir",
                folder);
        assertEquals(Set.of("0-0.png", "1-1.png", "2-2.png", "3-3.png", "0-1.png", "0-2.png", "0-3.png", "1-2.png",
                "1-3.png", "grid.png"), under(folder));
        Image grid = Images.read(folder.resolve("grid.png"));
        assertEquals("Image[3, 96, 128]", grid.toString());
        assertArrayEquals(new float[3 * 32 * 32], grid.crop(0, 0, 32, 32).data(), "the corner is black");
        assertArrayEquals(Images.read(folder.resolve("2-2.png")).data(), grid.crop(64, 0, 32, 32).data());
        assertArrayEquals(Images.read(folder.resolve("0-0.png")).data(), grid.crop(0, 32, 32, 32).data());
        assertArrayEquals(Images.read(folder.resolve("1-3.png")).data(), grid.crop(96, 64, 32, 32).data());
        assertFalse(Arrays.equals(bytes(folder, "0-2.png"), bytes(folder, "2-2.png")));
        assertFalse(Arrays.equals(bytes(folder, "0-2.png"), bytes(folder, "0-0.png")));
    }

    @Test
    void mixingAllStylesGivesTheColumn() throws IOException {
        good("style-mix", "--network", NVLABS, "--rows", "0", "--cols", "2", "--styles", "0-7", "--outdir", folder);
        assertArrayEquals(bytes(folder, "2-2.png"), bytes(folder, "0-2.png"));
    }

    @Test
    void interpolationStartsAndEndsAtItsSeeds() throws IOException {
        good("interpolate", "--network", NVLABS, "--seeds", "0,1,2", "--frames", 2, "--outdir", folder);
        assertEquals(Set.of("00000.png", "00001.png", "00002.png", "00003.png", "00004.png"), under(folder));
        assertArrayEquals(picture(NVLABS), bytes(folder, "00000.png"));
        good("generate", "--network", NVLABS, "--seeds", "1-2", "--outdir", folder);
        assertArrayEquals(bytes(folder, "seed0001.png"), bytes(folder, "00002.png"));
        assertArrayEquals(bytes(folder, "seed0002.png"), bytes(folder, "00004.png"));
        assertFalse(Arrays.equals(bytes(folder, "00000.png"), bytes(folder, "00001.png")));
    }

    @Test
    void aLoopDoesNotRepeatItsFirstFrame() throws IOException {
        good("interpolate", "--network", NVLABS, "--seeds", "0,1", "--frames", 2, "--loop", "--outdir", folder);
        assertEquals(Set.of("00000.png", "00001.png", "00002.png", "00003.png"), under(folder));
        // Halfway there is halfway back, computed from the same two codes in the other order.
        assertArrayEquals(bytes(folder, "00001.png"), bytes(folder, "00003.png"));
    }

    @Test
    void interpolationIsWrittenAsGif() throws IOException {
        good("interpolate", "--network", NVLABS, "--seeds", "0,1", "--frames", 3, "--format", "gif", "--outdir",
                folder);
        assertEquals(Set.of("interpolation.gif"), under(folder));
        ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
        try (var in = ImageIO.createImageInputStream(folder.resolve("interpolation.gif").toFile())) {
            reader.setInput(in);
            assertEquals(4, reader.getNumImages(true));
        } finally {
            reader.dispose();
        }
    }

    @Test
    void interpolationIsWrittenAsApng() throws IOException {
        good("interpolate", "--network", NVLABS, "--seeds", "0,1", "--frames", 3, "--format", "apng", "--outdir",
                folder);
        assertEquals(Set.of("interpolation.png"), under(folder));
        byte[] file = bytes(folder, "interpolation.png");
        int control = new String(file, StandardCharsets.ISO_8859_1).indexOf("acTL");
        assertEquals(4, ByteBuffer.wrap(file).getInt(control + 4), "frames announced");
        assertArrayEquals(Images.read(folder.resolve("interpolation.png")).data(), decoded(picture(NVLABS)).data());
    }

    @Test
    void convertedNetworksMakeTheSamePicture() throws IOException {
        byte[] original = picture(NVLABS, "--trunc", "0.7");
        Path safetensors = convert(NVLABS, "a.safetensors");
        assertArrayEquals(original, picture(safetensors, "--trunc", "0.7"));
        Path torch = convert(safetensors, "b.pt");
        assertArrayEquals(original, picture(torch, "--trunc", "0.7"));
        Path rosinality = convert(torch, "c.pt", "--layout", "rosinality");
        // Filters are stored times four there, a power of two: nothing is rounded.
        assertArrayEquals(original, picture(rosinality, "--trunc", "0.7"));
        Path back = convert(rosinality, "d.safetensors");
        assertArrayEquals(original, picture(back, "--trunc", "0.7"));
        assertEquals(Set.of("a.safetensors", "b.pt", "c.pt", "d.safetensors"), networks());
    }

    @Test
    void rosinalityNetworksConvertToo() throws IOException {
        byte[] original = picture(ROSINALITY, "--trunc", "0.7");
        Path nvlabs = convert(ROSINALITY, "a.pt", "--layout", "nvlabs");
        assertArrayEquals(original, picture(nvlabs, "--trunc", "0.7"));
        Path back = convert(nvlabs, "b.pt", "--layout", "rosinality");
        assertArrayEquals(original, picture(back, "--trunc", "0.7"));
        Map<String, StoredTensor> before = new LinkedHashMap<>(Checkpoints.read(ROSINALITY).tensors());
        Map<String, StoredTensor> after = Checkpoints.read(back).tensors();
        before.keySet().removeIf(name -> name.startsWith("g_optim/"));
        assertEquals(before.keySet(), after.keySet());
        before.forEach((name, tensor) -> assertArrayEquals(tensor.toFloats(), after.get(name).toFloats(), name));
    }

    @Test
    void inspectListsNetworksAndTensors() {
        String text = good("inspect", NVLABS).out();
        assertTrue(text.contains("G_ema: StyleGAN2 generator, names as nvlabs"), text);
        assertTrue(text.contains("D: StyleGAN2 discriminator, names as nvlabs"), text);
        assertTrue(text.lines().anyMatch(line -> line.matches(" +G/synthesis\\.b8\\.conv0\\.weight +F32 +"
                + "\\[16, 16, 3, 3]")), text);
    }

    @Test
    void inspectPrintsJson() {
        JsonObject all = JsonParser.parseString(good("inspect", ROSINALITY, "--json").out()).getAsJsonObject();
        assertEquals("torch", all.get("format").getAsString());
        assertTrue(all.get("networks").getAsJsonArray().get(0).getAsString().contains("names as rosinality"));
        JsonObject tensor = all.get("tensors").getAsJsonArray().asList().stream().map(JsonElement::getAsJsonObject)
                .filter(t -> t.get("name").getAsString().equals("g/noises.noise_1")).findFirst().orElseThrow();
        assertEquals("[1,1,8,8]", tensor.get("shape").toString());
        assertEquals("F32", tensor.get("dtype").getAsString());
    }

    @Test
    void weightsThatAreNotFiniteAreNamedAndUsed() throws IOException {
        Checkpoint good = Checkpoints.read(convert(NVLABS, "good.safetensors"));
        Map<String, StoredTensor> tensors = new LinkedHashMap<>(good.tensors());
        float[] bias = tensors.get("G_ema/synthesis.b16.conv0.bias").toFloats();
        bias[5] = Float.NaN;
        tensors.put("G_ema/synthesis.b16.conv0.bias", StoredTensor.of(bias, bias.length));
        Path spoilt = folder.resolve("spoilt.safetensors");
        Safetensors.write(spoilt, tensors, good.metadata());
        CommandRun run = CommandRun.of("generate", "--network", spoilt, "--seeds", 0, "--outdir", folder.resolve("p"));
        assertEquals(0, run.code());
        assertEquals(1, run.errors().size(), () -> run.errors().toString());
        assertTrue(run.errors().getFirst().matches("stylegan4j: warning: .*b16\\.conv0\\.bias: element 5 .*"),
                () -> run.errors().toString());
        assertEquals(Set.of("seed0000.png"), under(folder.resolve("p")));
        CommandRun inspected = CommandRun.of("inspect", spoilt);
        assertEquals(0, inspected.code());
        assertTrue(inspected.errors().getFirst().contains("G_ema/synthesis.b16.conv0.bias"));
    }

    @Test
    void helpAndVersionAreNoFailures() {
        String help = good("--help").out();
        for (String command : List.of("demo", "generate", "style-mix", "interpolate", "project", "invert", "translate",
                "mix", "morph", "metrics", "convert", "inspect", "train", "train-encoder", "doctor")) {
            assertTrue(help.lines().anyMatch(line -> line.strip().startsWith(command + " ")), command);
        }
        CommandRun.of("genrate").refused(2, "'genrate' (did you mean generate");
        assertTrue(good("generate", "--help").out().contains("--noise-mode"));
        assertTrue(good("--version").out().startsWith("stylegan4j"));
    }

    private Path convert(Path from, String to, Object... options) {
        Path target = folder.resolve(to);
        Object[] args = {"convert", from, target};
        good(concat(args, options));
        return target;
    }

    /** The PNG file that {@code generate} makes of seed 0. */
    private byte[] picture(Path network, Object... options) throws IOException {
        Path pictures = folder.resolve("pictures");
        good(concat(new Object[] {"generate", "--network", network, "--seeds", 0, "--outdir", pictures}, options));
        return bytes(pictures, "seed0000.png");
    }

    private Set<String> networks() throws IOException {
        Set<String> names = under(folder);
        names.removeIf(name -> name.startsWith("pictures"));
        return names;
    }

    private Image decoded(byte[] png) throws IOException {
        return Images.read(Files.write(folder.resolve("decoded.png"), png));
    }

    /** Codes [2, 8, 32] with truncation 0.7. */
    private static float[] codes(long... seeds) throws IOException {
        try (Device device = Device.cpu(); var _ = device.open()) {
            Generator generator = Networks.loadGenerator(NVLABS);
            return Autograd.noGrad(() -> {
                Tensor z = generator.latents(seeds);
                return generator.mapping(z, null, Truncation.psi(0.7)).toArray();
            });
        }
    }

    private static byte[] bytes(Path folder, String name) throws IOException {
        return Files.readAllBytes(folder.resolve(name));
    }

    private static Object[] concat(Object[] a, Object[] b) {
        Object[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }
}
