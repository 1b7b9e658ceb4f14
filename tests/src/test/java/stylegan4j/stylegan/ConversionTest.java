package stylegan4j.stylegan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.nn.checkpoint.TorchZip;
import stylegan4j.stylegan.layout.Layout;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** Networks keep their pictures when they go through a file, whichever its layout. */
class ConversionTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden", "formats");
    private static final Path NVLABS = GOLDEN.resolve("nvlabs-sg2ada-tiny.pkl");
    private static final Path ROSINALITY = GOLDEN.resolve("rosinality-tiny.pt");

    @TempDir
    private Path folder;
    private Device device;
    private Scope scope;

    @BeforeEach
    void open() {
        device = Device.cpu();
        scope = device.open();
    }

    @AfterEach
    void close() {
        scope.close();
        device.close();
    }

    @Test
    void torchFilesInNvlabsNamesKeepEverything() throws IOException {
        for (Path source : List.of(NVLABS, ROSINALITY)) {
            Networks before = Networks.load(source);
            Path file = folder.resolve("nvlabs.pt");
            NetworkWriter.writeTorch(file, before, Layout.NVLABS);
            assertSame(before, Networks.load(file));
        }
    }

    @Test
    void safetensorsKeepEverything() throws IOException {
        for (Path source : List.of(NVLABS, ROSINALITY)) {
            Networks before = Networks.load(source);
            Path file = folder.resolve("networks.safetensors");
            NetworkWriter.writeSafetensors(file, before);
            assertSame(before, Networks.load(file));
        }
    }

    @Test
    void rosinalityFilesKeepPictures() throws IOException {
        Networks before = Networks.load(NVLABS);
        Path file = folder.resolve("rosinality.pt");
        NetworkWriter.writeTorch(file, before, Layout.ROSINALITY);
        Networks after = Networks.load(file);
        assertArrayEquals(picture(before.generatorEma()), picture(after.generatorEma()));
        // The layout holds one average code, the averaged generator's: the other's pictures agree without truncation.
        assertArrayEquals(picture(before.generator(), Truncation.NONE), picture(after.generator(), Truncation.NONE));
        assertArrayEquals(logits(before.discriminator()), logits(after.discriminator()));
    }

    @Test
    void rosinalityFilesAreWrittenAsTheyWereRead() throws IOException {
        Path file = folder.resolve("again.pt");
        NetworkWriter.writeTorch(file, Networks.load(ROSINALITY), Layout.ROSINALITY);
        var original = Checkpoints.read(ROSINALITY);
        var again = Checkpoints.read(file);
        for (String part : List.of("g_ema", "g", "d")) {
            assertEquals(new ArrayList<>(sorted(original.tensors(part))), new ArrayList<>(sorted(again.tensors(part))));
            for (var tensor : original.tensors(part).entrySet()) {
                var got = again.tensors(part).get(tensor.getKey());
                assertArrayEquals(tensor.getValue().shape(), got.shape(), tensor.getKey());
                assertArrayEquals(tensor.getValue().toFloats(), got.toFloats(), tensor.getKey());
            }
        }
        assertArrayEquals(original.tensor("latent_avg").toFloats(), again.tensor("latent_avg").toFloats());
    }

    private static List<String> sorted(Map<String, StoredTensor> tensors) {
        return tensors.keySet().stream().sorted().toList();
    }

    @Test
    void argumentsAreToldFromShapesWhereTheFileHasNone() throws IOException {
        for (Architecture architecture : Architecture.values()) {
            var synthesis = new SynthesisConfig(new Channels(128, 12, Map.of(8, 5)), architecture,
                    new float[] {1, 2, 1}, -1, architecture != Architecture.ORIG, SynthesisConfig.DEFAULT.activation(),
                    4, 7);
            var config = new GeneratorConfig(6, 3, 10, 16, 1, MappingConfig.DEFAULT.withNumLayers(3), synthesis);
            Generator before = new Generator(config, Initializer.random(1));
            Path file = folder.resolve("state.pt");
            TorchZip.write(file, before.save());
            Generator after = Networks.loadGenerator(file);
            assertArrayEquals(picture(before), picture(after), architecture.name());

            var discriminator = new DiscriminatorConfig(architecture == Architecture.SKIP ? 3 : 0, 16, 2, architecture,
                    new Channels(128, 12, Map.of(8, 5)), -1, 0, new float[] {1, 2, 1},
                    SynthesisConfig.DEFAULT.activation(), MappingConfig.DEFAULT.withNumLayers(2),
                    EpilogueConfig.DEFAULT);
            Discriminator d = new Discriminator(discriminator, Initializer.random(2));
            TorchZip.write(file, Map.of("D", d.save()));
            assertArrayEquals(logits(d), logits(Networks.load(file).discriminator()), architecture.name());
        }
    }

    @Test
    void argumentsSurviveTheirOfficialForm() {
        var synthesis = new SynthesisConfig(new Channels(128, 12, Map.of(8, 5)), Architecture.RESNET,
                new float[] {1, 2, 1}, 256, false, SynthesisConfig.DEFAULT.activation(), 4, 6);
        var config = new GeneratorConfig(6, 3, 10, 16, 1, MappingConfig.DEFAULT.withNumLayers(3), synthesis);
        assertEquals(config.kwargs(), GeneratorConfig.of(config.kwargs()).kwargs());
        var discriminator = DiscriminatorConfig.of(64);
        assertEquals(discriminator.kwargs(), DiscriminatorConfig.of(discriminator.kwargs()).kwargs());
        var unknown = new HashMap<>(config.kwargs());
        unknown.put("z_dims", 3);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> GeneratorConfig.of(unknown)).getMessage()
                .contains("z_dims"));
    }

    @Test
    void theAverageCodeIsComputedWhereTheFileHasNone() throws IOException {
        Path file = folder.resolve("plain.pt");
        TorchZip.write(file, Map.of("g_ema", Checkpoints.read(ROSINALITY).tensors("g_ema")));
        Generator generator = Networks.loadGenerator(file);
        Tensor codes = generator.mapping().forward(generator.latents(1, 2, 3, 4, 5, 6, 7, 8), null);
        // Eight codes spread about their mean: it is no further from w̄ than they are from each other.
        double distance = codes.mean(0).sub(generator.mapping().wAvg()).square().mean().item();
        double spread = codes.varianceKeep(0).mean().item();
        assertTrue(distance < spread, distance + " from the mean, spread " + spread);
        assertTrue(generator.mapping().wAvg().square().mean().item() > 0);
    }

    @Test
    void whatALayoutCannotHoldIsRefused() {
        var config = GeneratorConfig.of(8).withSynthesis(SynthesisConfig.DEFAULT.withChannels(new Channels(64, 8)));
        var conditional = new GeneratorConfig(8, 2, 8, 8, 3, config.mapping(), config.synthesis());
        var networks = new Networks(new Generator(conditional, Initializer.NONE), null, null);
        Path file = folder.resolve("refused.pt");
        var e = assertThrows(IllegalArgumentException.class,
                () -> NetworkWriter.writeTorch(file, networks, Layout.ROSINALITY));
        assertTrue(e.getMessage().contains("unconditional"), e.getMessage());
        assertTrue(file.toFile().length() == 0);
    }

    @Test
    void styleGan3IsNamed() {
        var e = assertThrows(CheckpointException.class,
                () -> Networks.loadGenerator(GOLDEN.resolve("nvlabs-sg3-tiny.pkl")));
        assertTrue(e.getMessage().contains("StyleGAN3"), e.getMessage());
    }

    private static void assertSame(Networks before, Networks after) {
        assertEquals(before.generatorEma().config().kwargs(), after.generatorEma().config().kwargs());
        assertArrayEquals(picture(before.generatorEma()), picture(after.generatorEma()));
        assertArrayEquals(picture(before.generator()), picture(after.generator()));
        assertEquals(before.discriminator().config().kwargs(), after.discriminator().config().kwargs());
        assertArrayEquals(logits(before.discriminator()), logits(after.discriminator()));
    }

    private static float[] picture(Generator generator) {
        return picture(generator, Truncation.psi(0.6));
    }

    private static float[] picture(Generator generator, Truncation truncation) {
        return Autograd.noGrad(() -> {
            Tensor c = generator.config().cDim() == 0 ? null : generator.labels(1, 0);
            return generator.forward(generator.latents(7, 8), c, truncation, Noise.CONST).toArray();
        });
    }

    private static float[] logits(Discriminator discriminator) {
        var config = discriminator.config();
        return Autograd.noGrad(() -> {
            Tensor x = Initializer.random(3).normal(4, config.imgChannels(), config.imgResolution(),
                    config.imgResolution());
            Tensor c = config.cDim() == 0 ? null : Tensor.ones(4, config.cDim());
            return discriminator.forward(x, c).toArray();
        });
    }
}
