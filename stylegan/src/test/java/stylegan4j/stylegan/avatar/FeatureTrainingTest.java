package stylegan4j.stylegan.avatar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

class FeatureTrainingTest {
    private static final FeatureTraining.Options FEW = new FeatureTraining.Options(16, 6, 2e-3, 3, 7);

    @TempDir
    private Path folder;

    @Test
    void learnsToTellAttributesAndPutsStrangersAtOneHalf() throws IOException {
        try (Device device = Device.cpu(); Scope _ = device.open()) {
            var dataset = new TinyDataset(36);
            var options = new FeatureTraining.Options(60, 6, 1e-2, 3, 1000);
            AvatarFeatures features = new FeatureTraining(dataset, TinyDataset.WORDS, options)
                    .run(null, (step, told, found) -> { });
            FeatureEvaluation evaluation = FeatureEvaluation.of(features, dataset, 1);
            assertEquals(List.of("sky", "ground"), List.copyOf(evaluation.accuracy().keySet()));
            evaluation.accuracy().forEach((name, share) -> assertTrue(share > 0.9, name + " " + share));
            assertTrue(evaluation.same() > evaluation.different(), evaluation.toString());
            assertEquals("light", features.describe(ImageTensors.toTensor(dataset.picture(1))).getFirst().get("sky"));

            Tensor x = ImageTensors.toTensor(List.of(dataset.picture(0), dataset.picture(1)));
            float[] strangers = features.between(x, x.flip(0)).toArray();
            // Half on the average of many pairs: these two, which differ in everything, lie beyond it.
            assertTrue(strangers[0] > 0.3 && strangers[0] < 2, Float.toString(strangers[0]));
        }
    }

    @Test
    void goesOnToTheSameBytes() throws IOException {
        Path whole = folder.resolve("whole");
        train(whole, FEW, null, 1);
        Path state = folder.resolve("state");
        assertThrows(Stop.class, () -> train(null, FEW, state, 2));
        List<Long> steps = train(folder.resolve("parts"), FEW, state, 3);
        assertEquals(8, steps.getFirst(), "goes on after the state saved at step 7");
        assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(folder.resolve("parts")));
    }

    /** The end of a process in the middle of a training. */
    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** @param out null to stop in the middle */
    private static List<Long> train(Path out, FeatureTraining.Options options, Path state, int threads)
            throws IOException {
        List<Long> steps = new ArrayList<>();
        try (Device device = Device.cpu(threads); Scope _ = device.open()) {
            new FeatureTraining(new TinyDataset(20), TinyDataset.WORDS, options).run(state, (step, told, found) -> {
                steps.add(step);
                if (out == null && step == 10) {
                    throw new Stop();
                }
            }).save(out);
        }
        return steps;
    }

    @Test
    void refusesLabelsOfAnotherVocabulary() {
        AvatarVocabulary other = new AvatarVocabulary("other", TinyDataset.WORDS.attributes().subList(0, 1));
        try (Device device = Device.cpu(); Scope _ = device.open()) {
            assertTrue(assertThrows(IllegalArgumentException.class,
                    () -> new FeatureTraining(new TinyDataset(2), other, FEW)).getMessage()
                    .contains("labels of 2 numbers"));
        }
    }

    @Test
    void jitterChangesLittleAndDependsOnTheSeedAlone() {
        try (Device device = Device.cpu(); Scope _ = device.open()) {
            Tensor x = ImageTensors.toTensor(List.of(new TinyDataset(9).picture(3), new TinyDataset(9).picture(4)));
            float[] once = new PictureJitter(new SplittableRandom(5)).view(x).toArray();
            assertArrayEquals(once, new PictureJitter(new SplittableRandom(5)).view(x).toArray());
            double difference = new PictureJitter(new SplittableRandom(6)).view(x).sub(x).abs().mean().item();
            assertTrue(difference > 0.01 && difference < 0.3, "mean difference " + difference);
        }
    }
}
