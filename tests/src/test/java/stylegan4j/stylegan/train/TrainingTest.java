package stylegan4j.stylegan.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.cuda.CudaBackend;
import stylegan4j.kernels.cuda.host.HostCompiler;
import stylegan4j.kernels.cuda.host.HostGpu;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.Architecture;
import stylegan4j.stylegan.NetworkWriter;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.Truncation;
import stylegan4j.stylegan.data.BatchLoader;
import stylegan4j.stylegan.data.Dataset;
import stylegan4j.stylegan.data.PictureDataset;
import stylegan4j.stylegan.layout.Layout;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/** Small networks in training: the same bytes however often they are interrupted, and the right ones. */
class TrainingTest {
    private static final int BATCH = 4;
    private static final NetworkShape SHAPE = new NetworkShape(8, 9, 2, 64, 8, 2, Architecture.RESNET);

    @TempDir
    private Path temp;

    private static TrainingOptions options(boolean conditional, AugmentOptions augment, int freezeD) {
        return new TrainingOptions("data", conditional, false, 5, BATCH, SHAPE, new LossOptions(1, 2, 0.9, true),
                new OptimizerOptions(0.002, 1, 0.05), augment, freezeD);
    }

    private static final AugmentOptions ADA = new AugmentOptions(AugmentOptions.Mode.ADA, "bgc", 0.4, 0.6);

    private Dataset pictures() throws IOException {
        return PictureDataset.open(SmallPictures.folder(temp.resolve("pictures"), 7, 16), false);
    }

    private static void steps(Training training, Dataset dataset, int iterations) throws IOException {
        try (var loader = new BatchLoader(dataset, BATCH, training.options().seed(), training.pictures())) {
            for (int i = 0; i < iterations; i++) {
                training.step(loader.next());
            }
        }
    }

    @Test
    void anInterruptedTrainingEndsInTheSameBytesWhateverTheThreads() throws IOException {
        try (Dataset dataset = pictures()) {
            try (Device device = Device.cpu(1); var _ = device.open()) {
                Training whole = new Training(options(false, ADA, 0), dataset);
                steps(whole, dataset, 6);
                TrainingState.write(temp.resolve("whole"), whole);
            }
            try (Device device = Device.cpu(2); var _ = device.open()) {
                Training first = new Training(options(false, ADA, 0), dataset);
                steps(first, dataset, 3);
                TrainingState.write(temp.resolve("half"), first);
            }
            try (Device device = Device.cpu(3); var _ = device.open()) {
                TrainingState state = TrainingState.read(temp.resolve("half"));
                assertEquals(options(false, ADA, 0), state.options());
                assertEquals(3 * BATCH, state.pictures());
                Training second = new Training(state.options(), dataset);
                state.restore(second);
                steps(second, dataset, 3);
                TrainingState.write(temp.resolve("again"), second);
            }
        }
        assertEquals(-1, Files.mismatch(temp.resolve("whole"), temp.resolve("again")));
        assertTrue(Files.mismatch(temp.resolve("whole"), temp.resolve("half")) >= 0);
    }

    /** Features as binary16, and so a loss scale, which belongs to the state. */
    @Test
    void aTrainingInHalfPrecisionGoesOnToTheSameBytes() throws IOException {
        assumeTrue(HostCompiler.isAvailable(), "no g++ on this machine");
        var plain = new AugmentOptions(AugmentOptions.Mode.NOAUG, "bgc", 0, 0.6);
        TrainingOptions half = options(false, plain, 0).withPrecision(Precision.F16);
        Path folder = SmallPictures.folder(temp.resolve("small"), 4, 8);
        try (Dataset dataset = PictureDataset.open(folder, false);
             Device device = Device.of(new CudaBackend(HostGpu.platform())); var _ = device.open()) {
            Training whole = new Training(half, dataset);
            TrainingState.write(temp.resolve("start"), whole);
            steps(whole, dataset, 1);
            TrainingState.write(temp.resolve("half"), whole);
            steps(whole, dataset, 1);
            TrainingState.write(temp.resolve("whole"), whole);
            TrainingState state = TrainingState.read(temp.resolve("half"));
            assertEquals(half, state.options());
            Training second = new Training(state.options(), dataset);
            state.restore(second);
            assertEquals(whole.discriminatorScale().factor(), second.discriminatorScale().factor());
            steps(second, dataset, 1);
            TrainingState.write(temp.resolve("again"), second);
        }
        assertEquals(-1, Files.mismatch(temp.resolve("whole"), temp.resolve("again")));
        var start = Checkpoints.read(temp.resolve("start")).tensors();
        var end = Checkpoints.read(temp.resolve("whole")).tensors();
        for (String weight : List.of("G/synthesis.b8.conv1.weight", "D/b8.conv0.weight")) {
            float[] before = start.get(weight).toFloats();
            float[] after = end.get(weight).toFloats();
            assertTrue(!Arrays.equals(before, after), weight + " has not learned");
            for (float value : after) {
                assertTrue(Float.isFinite(value), weight);
            }
        }
    }

    /** Pictures of one colour, the easiest domain: the samples' colour comes nearer. */
    @Test
    void samplesBecomeLikeThePictures() throws IOException {
        Path folder = Files.createDirectories(temp.resolve("plain"));
        for (int i = 0; i < 4; i++) {
            var image = Image.black(3, 8, 8);
            Arrays.fill(image.data(), 0, 64, 230);
            Images.writePng(image, folder.resolve(i + ".png"));
        }
        var fast = new TrainingOptions("data", false, false, 1, BATCH, SHAPE, new LossOptions(1, 0, 0.9, true),
                new OptimizerOptions(0.01, 0.1, 0), new AugmentOptions(AugmentOptions.Mode.NOAUG, "bgc", 0, 0.6), 0);
        try (Dataset dataset = PictureDataset.open(folder, false); Device device = Device.cpu();
             var _ = device.open()) {
            Training training = new Training(fast, dataset);
            double before = distance(training, dataset);
            steps(training, dataset, 120);
            double after = distance(training, dataset);
            assertTrue(after < before / 3, "from " + before + " to " + after);
        }
    }

    private static double distance(Training training, Dataset dataset) throws IOException {
        var generator = training.networks().generatorEma();
        Tensor real = Tensor.of(dataset.picture(0).toSignedUnit(), 1, 3, 8, 8);
        return Autograd.noGrad(() -> generator.forward(generator.latents(0, 1, 2, 3, 4, 5, 6, 7), null,
                Truncation.NONE, Noise.CONST).sub(real).square().mean().item());
    }

    @Test
    void frozenLayersOfTheDiscriminatorKeepTheirWeights() throws IOException {
        try (Dataset dataset = pictures(); Device device = Device.cpu(); var _ = device.open()) {
            Training training = new Training(options(false, ADA, 3), dataset);
            Map<String, Tensor> parameters = training.networks().discriminator().parameters();
            Map<String, float[]> before = new LinkedHashMap<>();
            parameters.forEach((name, tensor) -> before.put(name, tensor.toArray()));
            steps(training, dataset, 1);
            parameters.forEach((name, tensor) -> {
                boolean frozen = name.startsWith("b16.fromrgb") || name.startsWith("b16.conv");
                assertEquals(frozen, Arrays.equals(before.get(name), tensor.toArray()), name);
            });
        }
    }

    @Test
    void moreFrozenLayersThanThereAreAreRefused() throws IOException {
        try (Dataset dataset = pictures(); Device device = Device.cpu(); var _ = device.open()) {
            String message = assertThrows(IllegalArgumentException.class,
                    () -> new Training(options(false, ADA, 8), dataset)).getMessage();
            assertEquals("freeze-D: layers expected 0 to 7, got 8", message);
        }
    }

    @Test
    void labelsReachBothNetworks() throws IOException {
        Path folder = SmallPictures.folder(temp.resolve("labelled"), 2, 16);
        Path zip = SmallPictures.zip(folder, temp.resolve("l.zip"),
                "{\"labels\": [[\"00/img0.png\", 0], [\"00/img1.png\", 2]]}");
        try (Dataset dataset = PictureDataset.open(zip, true); Device device = Device.cpu(); var _ = device.open()) {
            Training training = new Training(options(true, ADA, 0), dataset);
            assertEquals(3, training.networks().generator().config().cDim());
            Tensor embedding = training.networks().generator().parameters().get("mapping.embed.weight");
            Tensor projection = training.networks().discriminator().parameters().get("mapping.embed.weight");
            float[] before = embedding.toArray();
            float[] beforeD = projection.toArray();
            steps(training, dataset, 1);
            onlyColumnsOfClassesChange(before, embedding.toArray());
            onlyColumnsOfClassesChange(beforeD, projection.toArray());
        }
    }

    /** Of three classes the middle one does not occur, and has no gradient. */
    private static void onlyColumnsOfClassesChange(float[] before, float[] after) {
        for (int i = 0; i < before.length; i++) {
            assertEquals(i % 3 == 1, before[i] == after[i], "class " + i % 3);
        }
    }

    @Test
    void weightsOfAnotherTrainingAreTheStart() throws IOException {
        Path file = temp.resolve("networks.pt");
        try (Dataset dataset = pictures(); Device device = Device.cpu(); var _ = device.open()) {
            Training source = new Training(options(false, ADA, 0), dataset);
            steps(source, dataset, 1);
            NetworkWriter.writeTorch(file, source.networks(), Layout.NVLABS);
            var other = new TrainingOptions("data", false, false, 6, BATCH, SHAPE, new LossOptions(1, 2, 0.9, true),
                    new OptimizerOptions(0.002, 1, 0.05), ADA, 0);
            Training target = new Training(other, dataset);
            Transfer.into(target, file);
            for (String network : new String[] {"G", "D"}) {
                var from = network.equals("G") ? source.networks().generator() : source.networks().discriminator();
                var to = network.equals("G") ? target.networks().generator() : target.networks().discriminator();
                from.state().forEach((name, tensor) ->
                        assertArrayEquals(tensor.toArray(), to.state().get(name).toArray(), name));
            }
            var wide = new TrainingOptions("data", false, false, 6, BATCH,
                    new NetworkShape(8, 9, 2, 128, 16, 2, Architecture.RESNET), new LossOptions(1, 2, 0.9, true),
                    new OptimizerOptions(0.002, 1, 0.05), ADA, 0);
            String message = assertThrows(CheckpointException.class,
                    () -> Transfer.into(new Training(wide, dataset), file)).getMessage();
            assertTrue(message.contains("does not fit the networks to train: tensor"), message);
        }
    }

    @Test
    void networksAloneAreNoStateToGoOnFrom() throws IOException {
        try (Dataset dataset = pictures(); Device device = Device.cpu(); var _ = device.open()) {
            Training training = new Training(options(false, ADA, 0), dataset);
            NetworkWriter.writeSafetensors(temp.resolve("n.safetensors"), training.networks());
        }
        String message = assertThrows(CheckpointException.class,
                () -> TrainingState.read(temp.resolve("n.safetensors"))).getMessage();
        assertTrue(message.contains("holds no state of a training"), message);
    }

    @Test
    void augmentationGrowsWhileTheDiscriminatorIsSure() {
        try (Device device = Device.cpu(); var _ = device.open()) {
            var ada = new AdaptiveAugment(new AugmentOptions(AugmentOptions.Mode.ADA, "bgc", 0, 0.6),
                    new RandomNumbers(0));
            ada.judged(new float[] {1, 2, 3, 0.1f});
            ada.adapt(1, BATCH);
            assertEquals(0, ada.strength());
            ada.adapt(4, BATCH);
            assertEquals(BATCH * 4 / 500e3, ada.strength(), 1e-12);
            ada.judged(new float[] {1, -1});
            ada.adapt(8, BATCH);
            assertEquals(0, ada.strength(), 1e-12);
            ada.judged(new float[] {-1});
            ada.adapt(12, BATCH);
            assertEquals(0, ada.strength(), "never below none");
        }
    }
}
