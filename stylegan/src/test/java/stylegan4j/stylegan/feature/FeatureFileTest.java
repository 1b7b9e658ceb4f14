package stylegan4j.stylegan.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Safetensors;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.nn.checkpoint.TorchZip;
import stylegan4j.stylegan.OnDevice;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

class FeatureFileTest extends OnDevice {
    @TempDir
    private Path folder;

    private Path file(String name, Map<String, StoredTensor> tensors) throws IOException {
        Path file = folder.resolve(name);
        Safetensors.write(file, tensors, Map.of());
        return file;
    }

    private Path linear(Trunk.Kind kind) throws IOException {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        int[] channels = kind.channels();
        for (int i = 0; i < channels.length; i++) {
            float[] weights = new float[channels[i]];
            weights[i] = 2;
            tensors.put("lin" + i + ".model.1.weight", StoredTensor.of(weights, 1, channels[i], 1, 1));
        }
        return file("linear.safetensors", tensors);
    }

    private static String message(Executable body) {
        return assertThrows(CheckpointException.class, body).getMessage();
    }

    @Test
    void readsTorchvisionsTrunkAndTheLinearWeights() throws IOException {
        Trunk trunk = new Trunk(Trunk.Kind.SQUEEZE, Initializer.random(1));
        Path file = folder.resolve("squeezenet.pth");
        Map<String, StoredTensor> whole = new LinkedHashMap<>(trunk.save());
        whole.put("classifier.1.bias", StoredTensor.of(new float[3], 3));
        TorchZip.write(file, whole);
        Lpips lpips = Lpips.load(file, linear(Trunk.Kind.SQUEEZE));
        Tensor x = new RandomNumbers(2).uniform(2, 3, 34, 35).mul(2).sub(1);
        Tensor y = x.flip(3);
        Autograd.noGrad(() -> {
            assertEquals(0, lpips.between(x, x).toArray()[1]);
            float[] both = lpips.between(x, y).toArray();
            assertTrue(both[0] > 0 && both[1] > 0);
            // One target for many pictures.
            float[] toOne = lpips.between(lpips.features(x), lpips.features(y.slice(0, 1, 2))).toArray();
            assertEquals(both[1], toOne[1], 1e-6f * both[1]);
        });
    }

    @Test
    void gradientsAreFiniteWhereAllFeaturesAreZero() throws IOException {
        Trunk trunk = new Trunk(Trunk.Kind.SQUEEZE, Initializer.NONE);
        Path file = file("zero.safetensors", trunk.save());
        Lpips lpips = Lpips.load(file, linear(Trunk.Kind.SQUEEZE));
        Tensor x = new RandomNumbers(2).uniform(1, 3, 33, 33).requiresGrad(true);
        Tensor distance = lpips.between(x, Tensor.zeros(1, 3, 33, 33)).sum();
        for (float g : Autograd.grad(distance, List.of(x)).getFirst().toArray()) {
            assertEquals(0, g);
        }
    }

    @Test
    void saysWhichKindAFileIs() throws IOException {
        Path linear = linear(Trunk.Kind.VGG);
        assertEquals(linear + ": expected a trunk for LPIPS (torchvision's AlexNet, VGG-16 or SqueezeNet 1.1), got "
                + "LPIPS linear weights, without a trunk", message(() -> Lpips.load(linear, linear)));
        Path trunk = file("trunk.safetensors", new Trunk(Trunk.Kind.SQUEEZE, Initializer.NONE).save());
        assertEquals(trunk + ": expected LPIPS linear weights (lpips/weights/v0.1), got SqueezeNet 1.1",
                message(() -> Lpips.load(trunk, trunk)));
        assertEquals(linear + ": does not belong to SqueezeNet 1.1: lpips: 5 linear layers, SqueezeNet 1.1 expects 7",
                message(() -> Lpips.load(trunk, linear)));
        assertEquals(trunk + ": expected VGG-16, got SqueezeNet 1.1", message(() -> Vgg16Distance.load(trunk)));
        assertEquals(trunk + ": expected ArcFace IR-SE-50, got SqueezeNet 1.1",
                message(() -> FaceNetwork.load(trunk)));
        assertEquals(trunk + ": expected ResNet-50 (MoCo's or torchvision's), got SqueezeNet 1.1",
                message(() -> ResNet50.load(trunk)));
        Path caffe = file("caffe.safetensors", Map.of("layer0.weight", StoredTensor.of(new float[64 * 27], 64, 3, 3, 3)));
        assertEquals(caffe + ": expected VGG-16, got VGG-16 with Caffe's weights, as IDInvert takes it",
                message(() -> Vgg16Distance.load(caffe)));
        assertEquals(trunk + ": expected VGG-16 with Caffe's weights, as IDInvert takes it, got SqueezeNet 1.1",
                message(() -> CaffeVgg16Distance.load(trunk)));
        Path other = file("other.safetensors", Map.of("age", StoredTensor.of(new float[512], 1, 512)));
        assertEquals(other + ": holds no feature network that is known here", message(() -> Lpips.load(other)));
    }

    @Test
    void namesATensorThatIsMissingOrOfAnotherShape() throws IOException {
        Map<String, StoredTensor> tensors = new LinkedHashMap<>(
                new Trunk(Trunk.Kind.SQUEEZE, Initializer.NONE).save());
        tensors.put("features.12.squeeze.bias", StoredTensor.of(new float[63], 63));
        Path odd = file("odd.safetensors", tensors);
        assertEquals(odd + ": tensor features.12.squeeze.bias: expected shape [64], got [63]",
                message(() -> Lpips.load(odd, odd)));
        tensors.remove("features.12.squeeze.bias");
        Path less = file("less.safetensors", tensors);
        assertEquals(less + ": missing tensor features.12.squeeze.bias", message(() -> Lpips.load(less, less)));
    }

    @Test
    void refusesNegativeWeights() {
        Trunk trunk = new Trunk(Trunk.Kind.SQUEEZE, Initializer.NONE);
        List<float[]> weights = new ArrayList<>();
        for (int channels : trunk.kind().channels()) {
            weights.add(new float[channels]);
        }
        weights.get(3)[5] = -1;
        assertEquals("lpips: linear layer 3: weight 5 expected not to be negative, got -1.0",
                assertThrows(IllegalArgumentException.class, () -> new Lpips(trunk, weights)).getMessage());
    }
}
