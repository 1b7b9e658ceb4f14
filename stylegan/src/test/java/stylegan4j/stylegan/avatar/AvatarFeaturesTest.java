package stylegan4j.stylegan.avatar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Safetensors;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

class AvatarFeaturesTest {
    @TempDir
    private Path folder;

    private static AvatarFeatures untrained() {
        return new AvatarFeatures(new AvatarNetwork(TinyDataset.WORDS.size(), Initializer.random(1)),
                TinyDataset.WORDS);
    }

    private static Tensor pictures(int n, int side) {
        return new RandomNumbers(n).uniform(n, 3, side, side).mul(2).sub(1);
    }

    @Test
    void distanceIsZeroForEqualsAndGrowsWithTheDifference() {
        try (Device device = Device.cpu(); Scope _ = device.open()) {
            AvatarFeatures features = untrained();
            Tensor x = pictures(3, 64);
            Tensor change = pictures(5, 64).slice(0, 1, 4);
            assertArrayEquals(new float[3], features.between(x, x).toArray());
            float[] little = features.between(x, x.add(change.mul(0.01))).toArray();
            float[] more = features.between(x, x.add(change.mul(0.2))).toArray();
            for (int i = 0; i < 3; i++) {
                assertTrue(0 < little[i] && little[i] < more[i], little[i] + " and " + more[i]);
            }
        }
    }

    @Test
    void oneTargetServesManyPictures() {
        try (Device device = Device.cpu(); Scope _ = device.open()) {
            AvatarFeatures features = untrained();
            Tensor x = pictures(3, 64);
            Tensor target = pictures(1, 64);
            float[] together = features.between(features.features(x), features.features(target)).toArray();
            for (int i = 0; i < 3; i++) {
                assertEquals(features.between(x.slice(0, i, i + 1), target).item(), together[i], 1e-5 * together[i],
                        "summed in another order at most");
            }
        }
    }

    @Test
    void embeddingsAreOfNormOneWhateverTheSize() {
        try (Device device = Device.cpu(); Scope _ = device.open()) {
            AvatarFeatures features = untrained();
            for (int side : new int[] {64, 128, 13}) {
                Tensor embedding = features.embed(pictures(2, side));
                assertArrayEquals(new int[] {2, AvatarNetwork.EMBEDDING}, embedding.shape());
                // A norm of 1 up to the rounding of 64 products and the epsilon under the root.
                assertArrayEquals(new float[] {1, 1}, embedding.square().sum(1).toArray(), 1e-4f);
            }
        }
    }

    @Test
    void gradientsReachThePicture() {
        try (Device device = Device.cpu(); Scope _ = device.open()) {
            AvatarFeatures features = untrained();
            Tensor x = pictures(1, 64).requiresGrad(true);
            Tensor target = pictures(2, 64).slice(0, 1, 2);
            Tensor gradient = Autograd.grad(features.between(x, target).add(features.similarity(x, target)).sum(),
                    List.of(x)).getFirst();
            assertTrue(gradient.abs().min(0, 1, 2, 3).item() >= 0 && gradient.square().sum().item() > 0);
        }
    }

    @Test
    void resultsDoNotDependOnTheThreads() {
        assertArrayEquals(results(1), results(3));
    }

    private static float[] results(int threads) {
        try (Device device = Device.cpu(threads); Scope _ = device.open()) {
            AvatarFeatures features = untrained();
            Tensor x = pictures(5, 64);
            return features.between(x, x.flip(0)).toArray();
        }
    }

    @Test
    void survivesItsFileUpToHalfPrecision() throws IOException {
        try (Device device = Device.cpu(); Scope _ = device.open()) {
            AvatarFeatures features = untrained();
            Path file = folder.resolve("features.safetensors");
            features.save(file);
            AvatarFeatures loaded = AvatarFeatures.load(file);
            assertEquals(TinyDataset.WORDS, loaded.vocabulary());
            Tensor x = pictures(2, 64);
            float[] before = features.scores(x).toArray();
            float[] after = loaded.scores(x).toArray();
            // Weights are off by 2⁻¹¹ each; through five layers of scores of order 1 that stays below a hundredth.
            assertArrayEquals(before, after, 1e-2f);
        }
    }

    @Test
    void refusesOtherFilesAndPictures() throws IOException {
        Path file = folder.resolve("other.safetensors");
        Safetensors.write(file, Map.of("a", StoredTensor.of(new float[1], 1)), Map.of());
        try (Device device = Device.cpu(); Scope _ = device.open()) {
            assertTrue(assertThrows(CheckpointException.class, () -> AvatarFeatures.load(file)).getMessage()
                    .contains("no feature network of avatars"));
            assertTrue(assertThrows(IllegalArgumentException.class,
                    () -> untrained().embed(Tensor.zeros(1, 1, 64, 64))).getMessage().contains("[1, 1, 64, 64]"));
        }
    }
}
