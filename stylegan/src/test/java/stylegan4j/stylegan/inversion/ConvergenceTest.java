package stylegan4j.stylegan.inversion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.stylegan.loss.PixelDistance;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** Every method finds a picture that the generator made itself. */
class ConvergenceTest {
    private Device device;
    private Scope scope;
    private Generator generator;
    private PerceptualDistance features;
    private Tensor target;

    @BeforeEach
    void setUp() {
        device = Device.cpu();
        scope = device.open();
        generator = Small.generator();
        features = Small.features();
        target = Small.pictures(generator, 11);
    }

    @AfterEach
    void tearDown() {
        scope.close();
        device.close();
    }

    private float psnr(Tensor picture, Tensor wanted) {
        return Autograd.noGrad(() -> PixelDistance.psnr(picture, wanted)).min().item();
    }

    private void finds(Inversion method, double decibels, String... phases) {
        int before = scope.size();
        Map<String, StoredTensor> weights = generator.save();
        InversionResult result = method.invert(generator, target, InversionRun.DEFAULT);
        assertTrue(result.complete());
        assertArrayEquals(new int[] {1, 6, Small.W_DIM}, result.codes().shape());
        assertEquals(Set.of(phases), result.history().phases().keySet());
        assertTrue(result.seconds() > 0);
        int kept = 1 + result.noiseMaps().size()
                + (result.generator() == generator ? 0 : generator.state().size());
        assertTrue(scope.size() - before <= kept + 8, () -> "tensors left: " + (scope.size() - before) + ", kept "
                + kept);
        float psnr = psnr(result.picture(), target);
        assertTrue(psnr > decibels, () -> "PSNR " + psnr);
        weights.forEach((name, value) -> assertArrayEquals(value.toFloats(),
                generator.state().get(name).toArray(), name + " of the given generator was changed"));
    }

    @Test
    void projectorInW() {
        finds(Projector.w(features).withSteps(250), 22, Projector.PHASE);
    }

    @Test
    void projectorInWPlus() {
        finds(Projector.wPlus(features).withSteps(250), 22, Projector.PHASE);
    }

    @Test
    void projectorWithoutNoiseMaps() {
        finds(Projector.w(features).withSteps(300).withOptimizeNoise(false), 30, Projector.PHASE);
    }

    @Test
    void image2StyleGan() {
        finds(Image2StyleGan.of(features).withSteps(400), 25, Image2StyleGan.PHASE);
        finds(Image2StyleGan.of(features).withSteps(400).withStart(Image2StyleGan.Start.RANDOM), 20,
                Image2StyleGan.PHASE);
    }

    @Test
    void image2StyleGanPlusPlus() {
        finds(Image2StyleGanPlusPlus.of(features).withSteps(150, 100).withRounds(2), 25, "codes 1", "noise 1",
                "codes 2", "noise 2");
    }

    @Test
    void pivotalTuning() {
        PivotalTuning method = PivotalTuning.of(features).withPivot(Projector.pivot(features).withSteps(60))
                .withSteps(150).withThreshold(0).withLearningRate(3e-3);
        finds(method, 30, Projector.PHASE, PivotalTuning.PHASE);
    }
}
