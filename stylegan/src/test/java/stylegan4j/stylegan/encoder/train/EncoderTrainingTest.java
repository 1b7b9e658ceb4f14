package stylegan4j.stylegan.encoder.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Safetensors;
import stylegan4j.stylegan.Discriminator;
import stylegan4j.stylegan.DiscriminatorConfig;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.GeneratorConfig;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.encoder.EncoderKind;
import stylegan4j.stylegan.encoder.EncoderModel;
import stylegan4j.stylegan.encoder.EncoderShape;
import stylegan4j.stylegan.encoder.train.EncoderTrainingOptions.Rule;
import stylegan4j.stylegan.encoder.train.EncoderTrainingOptions.Schedule;
import stylegan4j.stylegan.loss.IdentityEmbedding;
import stylegan4j.stylegan.loss.PixelPyramid;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Interpolation;
import stylegan4j.tensor.op.RandomNumbers;

/** Tiny encoders of every method in training. */
class EncoderTrainingTest {
    private static final int SIDE = 32;
    private static final int W_DIM = 6;
    private static final int BATCH = 3;
    /** Stands for a face network: the picture's own colours at 4×4. */
    private static final IdentityEmbedding COLOURS = pictures -> {
        Tensor x = Interpolation.avgPool2d(pictures, 8, 8, 0).flatten(1, -1);
        return x.div(x.square().sumKeep(1).add(1e-6).sqrt());
    };

    @TempDir
    private Path folder;

    private static Generator generator(int side) {
        return new Generator(GeneratorConfig.of(Map.of("z_dim", W_DIM, "c_dim", 0, "w_dim", W_DIM,
                "img_resolution", side, "img_channels", 3, "mapping_kwargs", Map.of("num_layers", 2),
                "synthesis_kwargs", Map.of("channel_base", 128, "channel_max", 8))), Initializer.random(3));
    }

    private static EncoderTrainingOptions options(EncoderKind kind, double learningRate, boolean games) {
        boolean e4e = kind == EncoderKind.E4E || kind == EncoderKind.RESTYLE_E4E;
        return new EncoderTrainingOptions(kind, 7, BATCH, 40, Rule.ADAM, Schedule.COSINE, learningRate, true, false, 2,
                3, new LossWeights(1, 0.8, 0.1, 0, 0.005, 0.1, 0), e4e ? Stages.progressive(8, 2, 1) : Stages.NONE,
                2e-4, e4e && games ? new LatentGame(0.1, 1e-3, 10, 2, 4) : LatentGame.NONE,
                kind == EncoderKind.IDINVERT && games ? PictureGame.OFFICIAL : PictureGame.NONE);
    }

    private static EncoderShape shape(EncoderKind kind) {
        if (kind == EncoderKind.IDINVERT) {
            return new EncoderShape(null, 3, SIDE, null, List.of(8, 10, 12, 12), 0);
        }
        return new EncoderShape(null, kind.isIterative() ? 6 : 3, SIDE, List.of(1, 1, 1, 1),
                List.of(16, 16, 16, 20), 5);
    }

    private static EncoderTools tools(EncoderTrainingOptions options) {
        return new EncoderTools(new PixelPyramid(), COLOURS, null,
                options.pictureGame().weight() == 0 ? null : discriminator(SIDE));
    }

    private static Discriminator discriminator(int side) {
        return new Discriminator(DiscriminatorConfig.of(Map.of("c_dim", 0, "img_resolution", side, "img_channels", 3,
                "channel_base", 128, "channel_max", 8)), Initializer.random(9));
    }

    private static EncoderTraining training(EncoderTrainingOptions options) {
        return training(options, shape(options.kind()));
    }

    private static EncoderTraining training(EncoderTrainingOptions options, EncoderShape shape) {
        EncoderModel model = EncoderTraining.initial(options, shape, generator(SIDE));
        return new EncoderTraining(options, EncodingTask.INVERSION, model, tools(options));
    }

    /** Pictures that the generator can make, the same for the same step. */
    private static Tensor pictures(long step) {
        return Autograd.noGrad(() -> Scope.local(() -> {
            Generator generator = generator(SIDE);
            Tensor z = new RandomNumbers(step % 4).normal(BATCH, W_DIM);
            return generator.synthesis(generator.mapping().broadcast(generator.mapping().map(z, null)), Noise.CONST)
                    .clamp(-1, 1);
        }));
    }

    private static void steps(EncoderTraining training, int count) {
        for (int i = 0; i < count; i++) {
            try (var _ = Scope.open()) {
                Tensor x = pictures(training.step());
                training.step(x, x);
            }
        }
    }

    private static double loss(EncoderTraining training) {
        try (var _ = Scope.open()) {
            Tensor x = pictures(0);
            return training.losses(x, x, new SplittableRandom(0)).get("loss");
        }
    }

    @ParameterizedTest
    @EnumSource(EncoderKind.class)
    void picturesComeCloser(EncoderKind kind) {
        try (Device device = Device.cpu(1); var _ = device.open()) {
            EncoderTraining training = training(options(kind, 0.01, false));
            double before = loss(training);
            steps(training, 30);
            double after = loss(training);
            assertTrue(after < 0.8 * before, kind + " from " + before + " to " + after);
        }
    }

    /** IDInvert's losses train pSp's network as well as its own. */
    @Test
    void aMethodTakesTheNetworkOfAnother() {
        try (Device device = Device.cpu(1); var _ = device.open()) {
            EncoderTraining training = training(options(EncoderKind.IDINVERT, 0.01, false), new EncoderShape(
                    "GradualStyleEncoder", 3, SIDE, List.of(1, 1, 1, 1), List.of(16, 16, 16, 20), 5));
            assertEquals("GradualStyleEncoder", training.model().encoder().config().officialName());
            double before = loss(training);
            steps(training, 30);
            assertTrue(loss(training) < 0.8 * before);
        }
    }

    @Test
    void theDiscriminatorLearnsAtTheEncodersRate() {
        try (Device device = Device.cpu(1); var _ = device.open()) {
            EncoderTraining training = training(options(EncoderKind.IDINVERT, 0.01, true));
            steps(training, 3);
            assertEquals(training.optimizer().learningRate(), training.pictureOpponent().optimizer().learningRate());
            assertTrue(training.optimizer().learningRate() < 0.01);
        }
    }

    /** As published: 16 pictures on each GPU up to 256 pixels, and 14 million of them in all. */
    @Test
    void publishedNumbersFollowTheResolution() {
        assertEquals(List.of(16, 16, 16, 8, 4), Stream.of(64, 128, 256, 512, 1024)
                .map(side -> Published.of(EncoderKind.IDINVERT, side).batch()).toList());
        assertEquals(List.of(12_000_000L, 14_000_000L, 16_000_000L, 18_000_000L), Stream.of(128, 256, 512, 1024)
                .map(side -> Published.of(EncoderKind.IDINVERT, side).pictures()).toList());
        assertEquals(109_375, Published.of(EncoderKind.IDINVERT, 256).steps(128));
        assertEquals(500_000, Published.of(EncoderKind.PSP, 256).steps(8));
    }

    @ParameterizedTest
    @EnumSource(EncoderKind.class)
    void anInterruptedTrainingEndsInTheSameBytesWhateverTheThreads(EncoderKind kind) throws IOException {
        Map<String, List<String>> arguments = Map.of("--type", List.of(kind.name()));
        EncoderTrainingOptions options = options(kind, 0.01, true);
        Path whole = folder.resolve("whole");
        Path half = folder.resolve("half");
        Path again = folder.resolve("again");
        try (Device device = Device.cpu(1); var _ = device.open()) {
            EncoderTraining training = training(options);
            steps(training, 6);
            EncoderState.write(whole, training, arguments, 0.5);
        }
        try (Device device = Device.cpu(2); var _ = device.open()) {
            EncoderTraining training = training(options);
            steps(training, 3);
            EncoderState.write(half, training, arguments, 0.5);
        }
        try (Device device = Device.cpu(3); var _ = device.open()) {
            EncoderState state = EncoderState.read(half);
            assertEquals(arguments, state.arguments());
            EncoderTraining training = training(options);
            state.restore(training);
            assertEquals(3, training.step());
            steps(training, 3);
            EncoderState.write(again, training, arguments, state.best());
        }
        assertEquals(-1, Files.mismatch(whole, again));
        assertTrue(Files.mismatch(whole, half) >= 0);
    }

    @Test
    void closedOffsetsDoNotLearn() {
        try (Device device = Device.cpu(1); var _ = device.open()) {
            EncoderTraining training = training(options(EncoderKind.E4E, 0.01, false));
            Map<String, Tensor> weights = training.model().encoder().parameters();
            float[] first = weights.get("styles.0.linear.weight").toArray();
            float[] second = weights.get("styles.1.linear.weight").toArray();
            assertEquals(0, training.stage());
            steps(training, 2);
            assertFalse(Arrays.equals(first, weights.get("styles.0.linear.weight").toArray()));
            assertArrayEquals(second, weights.get("styles.1.linear.weight").toArray());
            assertEquals(1, training.stage());
            steps(training, 1);
            assertFalse(Arrays.equals(second, weights.get("styles.1.linear.weight").toArray()));
        }
    }

    @Test
    void theGeneratorLearnsOnlyWhereAsked() {
        try (Device device = Device.cpu(1); var _ = device.open()) {
            for (boolean learns : new boolean[] {false, true}) {
                EncoderTrainingOptions o = options(EncoderKind.PSP, 0.01, false);
                EncoderTraining training = training(new EncoderTrainingOptions(o.kind(), o.seed(), o.batch(), o.steps(),
                        Rule.RANGER, o.schedule(), o.learningRate(), true, learns, 1, 1, o.losses(), o.stages(), 0,
                        o.latentGame(), o.pictureGame()));
                Tensor weight = training.model().decoder().synthesis().parameters().values().iterator().next();
                float[] before = weight.toArray();
                steps(training, 2);
                assertEquals(!learns, Arrays.equals(before, weight.toArray()));
            }
        }
    }

    /** A body that has learned serves another method; of a wider input the first channels are taken. */
    @Test
    void aTrainingBeginsWithWhatFits() throws IOException {
        try (Device device = Device.cpu(1); var _ = device.open()) {
            EncoderModel psp = training(options(EncoderKind.PSP, 0.01, false)).model();
            Path file = folder.resolve("psp.safetensors");
            psp.saveEncoder(file, Map.of());
            EncoderTrainingOptions other = new EncoderTrainingOptions(EncoderKind.RESTYLE_E4E, 11, BATCH, 40, Rule.ADAM,
                    Schedule.COSINE, 0.01, true, false, 2, 2, LossWeights.OFFICIAL, Stages.NONE, 0, LatentGame.NONE,
                    PictureGame.NONE);
            EncoderModel model = EncoderTraining.initial(other, shape(EncoderKind.RESTYLE_E4E), generator(SIDE));
            Map<String, Tensor> from = psp.encoder().parameters();
            float[] style = model.encoder().parameters().get("styles.0.linear.weight").toArray();
            assertTrue(model.startFrom(file) > 40);
            Map<String, Tensor> to = model.encoder().parameters();
            // Rounded to 11 bits in the file.
            assertArrayEquals(from.get("body.2.res_layer.1.weight").toArray(),
                    to.get("body.2.res_layer.1.weight").toArray(), 1e-3f);
            assertArrayEquals(from.get("input_layer.0.weight").toArray(),
                    to.get("input_layer.0.weight").slice(1, 0, 3).contiguous().toArray(), 1e-3f);
            assertArrayEquals(style, to.get("styles.0.linear.weight").toArray());
        }
    }

    private static void refused(String words, Executable body) {
        String message = assertThrows(IllegalArgumentException.class, body).getMessage();
        assertTrue(message.contains(words), message);
    }

    @Test
    void saysWhatIsMissing() throws IOException {
        try (Device device = Device.cpu(1); var _ = device.open()) {
            EncoderTrainingOptions options = options(EncoderKind.IDINVERT, 0.01, true);
            EncoderModel model = EncoderTraining.initial(options, shape(options.kind()), generator(SIDE));
            refused("adv_lambda needs a discriminator", () -> new EncoderTraining(options,
                    EncodingTask.INVERSION, model, new EncoderTools(new PixelPyramid(), COLOURS, null, null)));
            refused("adv_lambda needs a discriminator of 32 pixels, as the encoder sees them, got one of 64",
                    () -> new EncoderTraining(options, EncodingTask.INVERSION, model, new EncoderTools(
                            new PixelPyramid(), COLOURS, null, discriminator(64))));
            refused("lpips_lambda needs a perceptual distance", () -> new EncoderTraining(options,
                    EncodingTask.INVERSION, model, new EncoderTools(null, COLOURS, null, null)));
            refused("expected a model of pSp, got one of IDInvert", () -> new EncoderTraining(
                    options(EncoderKind.PSP, 0.01, false), EncodingTask.INVERSION, model, tools(options)));
            refused("id_lambda and moco_lambda exclude each other", () -> new LossWeights(1, 1, 0.1, 0.5, 0, 0, 0));
            refused("no loss that looks at pictures", () -> new LossWeights(0, 0, 0, 0, 1, 0, 0));
            refused("encoder_type: expected one of", () -> EncoderTraining.initial(options,
                    new EncoderShape("Transformer", 3, SIDE, null, null, 0), generator(SIDE)));
            for (Map.Entry<String, EncoderShape> entry : Map.of(
                    "has one block at each side: body_blocks mean nothing, got [1, 1, 1, 1]",
                    new EncoderShape(null, 3, SIDE, List.of(1, 1, 1, 1), null, 0),
                    "has no blocks for styles: style_width means nothing, got 5",
                    new EncoderShape(null, 3, SIDE, null, null, 5),
                    "halves 32 pixels down to 4: expected 4 body_widths, got [8, 8]",
                    new EncoderShape(null, 3, SIDE, null, List.of(8, 8), 0),
                    "side expected a power of two from 8 on, got 48",
                    new EncoderShape(null, 3, 48, null, null, 0)).entrySet()) {
                refused(entry.getKey(), () -> EncoderTraining.initial(options, entry.getValue(), generator(SIDE)));
            }
            Path other = folder.resolve("other.safetensors");
            Safetensors.write(other, model.encoder().save(), Map.of());
            assertTrue(assertThrows(CheckpointException.class, () -> EncoderState.read(other)).getMessage()
                    .contains("holds no state of an encoder's training"));
        }
    }

    /** The file names its generator, and goes with no other. */
    @Test
    void anEncoderAloneKnowsItsGenerator() throws IOException {
        try (Device device = Device.cpu(1); var _ = device.open()) {
            EncoderTraining training = training(options(EncoderKind.RESTYLE_E4E, 0.01, false));
            steps(training, 2);
            Path file = folder.resolve("encoder.safetensors");
            training.model().saveEncoder(file, Map.of("l2_lambda", "1"));
            Generator generator = generator(SIDE);
            EncoderModel read = EncoderModel.load(file, generator);
            assertEquals(EncoderKind.RESTYLE_E4E, read.kind());
            assertEquals(training.model().encoder().config(), read.encoder().config());
            assertEquals(3, read.steps());
            String alone = assertThrows(CheckpointException.class, () -> EncoderModel.load(file)).getMessage();
            assertTrue(alone.contains("holds an encoder without its generator"), alone);
            Tensor weight = generator.parameters().values().iterator().next();
            weight.assign(weight.add(1e-3));
            String other = assertThrows(CheckpointException.class,
                    () -> EncoderModel.load(file, generator)).getMessage();
            assertTrue(other.contains("was trained for the generator ") && other.contains("..., got "), other);
            String size = assertThrows(CheckpointException.class,
                    () -> EncoderModel.load(file, generator(64))).getMessage();
            assertTrue(size.contains("was trained for the generator "), size);
        }
    }
}
