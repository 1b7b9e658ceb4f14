package stylegan4j.stylegan.idinvert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.OnDevice;
import stylegan4j.stylegan.encoder.IdInvertConfig;
import stylegan4j.stylegan.encoder.IdInvertEncoder;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

class IdInvertFilesTest extends OnDevice {
    private static final Path FILE = Path.of("some.pth");

    @Test
    void anEncoderIsToldFromItsTensors() throws CheckpointException {
        var encoder = new IdInvertEncoder(new IdInvertConfig(List.of(3, 5, 7), 3, 6, 4, false, true),
                Initializer.random(1));
        Map<String, StoredTensor> saved = encoder.save();
        IdInvertEncoder read = IdInvertEncoder.of(FILE, saved, false);
        assertEquals(encoder.config(), read.config());
        assertEquals(16, read.config().side());
        Autograd.noGrad(() -> {
            Tensor x = new RandomNumbers(2).normal(2, 3, 16, 16);
            assertArrayEquals(new int[] {2, 6, 4}, read.codes(x).shape());
            assertArrayEquals(encoder.codes(x).toArray(), read.codes(x).toArray());
        });
        assertEquals("idInvert: expected pictures [N, 3, 16, 16], got F32[1, 3, 8, 8]",
                assertThrows(IllegalArgumentException.class, () -> read.codes(Tensor.zeros(1, 3, 8, 8))).getMessage());
    }

    @Test
    void saysWhatIsMissing() {
        Map<String, StoredTensor> other = Map.of("age", StoredTensor.of(new float[1], 1));
        assertEquals("some.pth: expected IDInvert's encoder: no block0.conv.weight",
                assertThrows(CheckpointException.class, () -> IdInvertEncoder.of(FILE, other, false)).getMessage());
        assertEquals("some.pth: expected StyleGAN1's generator: no mapping.dense0.fc.weight",
                assertThrows(CheckpointException.class, () -> StyleGan1Generator.of(FILE, other, true)).getMessage());
    }
}
