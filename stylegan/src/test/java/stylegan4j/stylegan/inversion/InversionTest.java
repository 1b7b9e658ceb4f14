package stylegan4j.stylegan.inversion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Safetensors;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.LatentCodes;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.Truncation;
import stylegan4j.stylegan.inversion.Image2StyleGanPlusPlus.Edit;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.stylegan.loss.PixelDistance;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** What the methods promise besides finding the picture. */
class InversionTest {
    @TempDir
    private Path folder;

    private Device device;
    private Scope scope;
    private Generator generator;
    private PerceptualDistance features;

    @BeforeEach
    void setUp() {
        device = Device.cpu();
        scope = device.open();
        generator = Small.generator();
        features = Small.features();
    }

    @AfterEach
    void tearDown() {
        scope.close();
        device.close();
    }

    private Tensor codes(long... seeds) {
        return Autograd.noGrad(() -> generator.mapping(generator.latents(seeds), null, Truncation.NONE));
    }

    private static Tensor mask(int from, int to) {
        float[] mask = new float[Small.SIZE * Small.SIZE];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = i % Small.SIZE >= from && i % Small.SIZE < to ? 1 : 0;
        }
        return Tensor.of(mask, 1, 1, Small.SIZE, Small.SIZE);
    }

    private float difference(Tensor a, Tensor b, Tensor mask) {
        return Autograd.noGrad(() -> a.sub(b).mul(mask).square().mean()).item();
    }

    @Test
    void listenersSeeEveryStepAndMayEndIt() {
        List<InversionStep> steps = new ArrayList<>();
        InversionResult result = Projector.w(features).withSteps(20).withSamples(40).invert(generator,
                Small.pictures(generator, 1, 2), InversionRun.DEFAULT.withListener((step, codes) -> {
                    assertArrayEquals(new int[] {2, 6, Small.W_DIM}, codes.shape());
                    steps.add(step);
                    return step.step() < 4;
                }));
        assertFalse(result.complete());
        assertEquals(5, steps.size());
        assertEquals(20, steps.getFirst().steps());
        assertEquals(2, steps.getFirst().losses().length);
        assertArrayEquals(new float[] {steps.get(0).losses()[1], steps.get(1).losses()[1], steps.get(2).losses()[1],
            steps.get(3).losses()[1], steps.get(4).losses()[1]}, result.history().of(Projector.PHASE, 1));
        assertEquals(0, result.history().of("none such", 0).length);
    }

    @Test
    void tuningEndsAtTheThreshold() {
        Tensor target = Small.pictures(generator, 1);
        PivotalTuning exact = PivotalTuning.of(features).withPivot(codes(1)).withThreshold(1e-9);
        InversionResult reached = exact.invert(generator, target, InversionRun.DEFAULT);
        assertEquals(1, reached.history().of(PivotalTuning.PHASE, 0).length);
        generator.state().forEach((name, tensor) -> assertArrayEquals(tensor.toArray(),
                reached.generator().state().get(name).toArray(), "no update once the threshold is reached"));
        InversionResult all = exact.withPivot(codes(2)).withThreshold(0).withSteps(9).invert(generator, target,
                InversionRun.DEFAULT);
        assertEquals(9, all.history().of(PivotalTuning.PHASE, 0).length);
    }

    @Test
    void severalPicturesGoIntoOneGenerator() {
        Tensor targets = Small.pictures(generator, 1, 2, 3);
        PivotalTuning tuning = PivotalTuning.of(features).withPivot(codes(4, 5, 6)).withThreshold(0).withSteps(60)
                .withLearningRate(3e-3);
        for (int batch : new int[] {1, 2, 3}) {
            InversionResult result = tuning.withBatch(batch).invert(generator, targets, InversionRun.DEFAULT);
            assertEquals(60 * Math.ceilDiv(3, batch), result.history().phases().get(PivotalTuning.PHASE).size());
            Tensor psnr = Autograd.noGrad(() -> PixelDistance.psnr(result.picture(), targets));
            assertTrue(psnr.min().item() > 18, () -> batch + ": " + Arrays.toString(psnr.toArray()));
        }
    }

    @Test
    void localityKeepsTheGeneratorElsewhere() {
        Tensor target = Small.pictures(generator, 1);
        PivotalTuning tuning = PivotalTuning.of(features).withPivot(codes(2)).withThreshold(0).withSteps(60)
                .withLearningRate(3e-3);
        var strong = new Locality(3, 0.5, 10, 10, 1);
        Tensor elsewhere = Autograd.noGrad(() -> Locality.moved(codes(2), generator.mapping().truncate(
                codes(20, 21, 22, 23), Truncation.psi(0.5)), 3));
        double free = change(tuning.invert(generator, target, InversionRun.DEFAULT), elsewhere);
        double held = change(tuning.withLocality(strong).invert(generator, target, InversionRun.DEFAULT), elsewhere);
        assertTrue(held < 0.7 * free, () -> "changed by " + held + ", without the regularisation by " + free);
    }

    private double change(InversionResult result, Tensor codes) {
        return Autograd.noGrad(() -> PixelDistance.l2(result.generator().synthesis(codes, Noise.NONE),
                generator.synthesis(codes, Noise.NONE)).mean()).item();
    }

    @Test
    void inpaintingFollowsThePictureUnderTheMaskOnly() {
        Tensor known = mask(0, 10);
        Tensor target = Small.pictures(generator, 1);
        Tensor spoiled = Autograd.noGrad(() -> target.mul(known).add(known.neg().add(1).mul(5)));
        Image2StyleGanPlusPlus method = Image2StyleGanPlusPlus.of(features).withSteps(150, 50)
                .withEdit(Edit.inpaint(known));
        Tensor good = method.invert(generator, target, InversionRun.DEFAULT).picture();
        Tensor same = method.invert(generator, spoiled, InversionRun.DEFAULT).picture();
        assertArrayEquals(good.toArray(), same.toArray(), 1e-6f, "what is hidden does not matter");
        float atFirst = difference(Small.pictures(generator, 2), target, known);
        float atLast = difference(good, target, known);
        assertTrue(atLast < 0.1 * atFirst, () -> "under the mask " + atLast + ", of another picture " + atFirst);
    }

    @Test
    void mixesTakeEachSideFromItsPicture() {
        Tensor left = mask(0, 8);
        Tensor right = mask(8, 16);
        Tensor first = Small.pictures(generator, 1);
        Tensor second = Small.pictures(generator, 2);
        Tensor mixed = Image2StyleGanPlusPlus.of(features).withSteps(150, 150).withEdit(Edit.mix(left, second))
                .invert(generator, first, InversionRun.DEFAULT).picture();
        assertTrue(difference(mixed, first, left) < 0.5 * difference(second, first, left));
        assertTrue(difference(mixed, second, right) < 0.5 * difference(first, second, right));
    }

    @Test
    void localEditsBeginAtTheOriginalsCodes() {
        Tensor original = Small.pictures(generator, 1);
        Tensor mask = mask(6, 9);
        Tensor scribbled = Autograd.noGrad(() -> original.add(mask.mul(0.5)));
        InversionResult result = Image2StyleGanPlusPlus.of(features).withSteps(120, 1).withWeights(1, 1, 0.1)
                .withEdit(Edit.local(mask, original, codes(1))).invert(generator, scribbled, InversionRun.DEFAULT);
        assertTrue(difference(result.picture(), scribbled, mask) < 0.7 * difference(original, scribbled, mask));
        float[] losses = result.history().of("codes 1", 0);
        assertTrue(losses[losses.length - 1] < losses[0]);
    }

    @Test
    void refusesWhatDoesNotFit() {
        Tensor target = Small.pictures(generator, 1);
        refused(Projector.w(features), Tensor.zeros(1, 3, 8, 16), "[N, 3, 16, 16]", "[1, 3, 8, 16]");
        refused(Projector.w(features), Tensor.zeros(3, 16, 16), "[3, 16, 16]");
        refused(Image2StyleGan.of(features), Tensor.zeros(1, 4, 16, 16), "[1, 4, 16, 16]");
        refused(PivotalTuning.of(features).withPivot(codes(1, 2)), target, "pivot", "[2, 6, 24]");
        refused(Image2StyleGanPlusPlus.of(features).withEdit(Edit.inpaint(Tensor.ones(1, 1, 8, 8))), target, "mask",
                "[1, 1, 16, 16]", "[1, 1, 8, 8]");
        refused(Image2StyleGanPlusPlus.of(features).withEdit(Edit.mix(mask(0, 1), Tensor.ones(1, 3, 4, 4))), target,
                "outside", "[1, 3, 4, 4]");
        var labelled = assertThrows(IllegalArgumentException.class, () -> Projector.w(features).invert(generator,
                target, InversionRun.DEFAULT.withLabel(Tensor.ones(1, 2))));
        assertTrue(labelled.getMessage().contains("no classes"));
        assertThrows(IllegalArgumentException.class, () -> Projector.w(features).withSteps(0));
    }

    private void refused(Inversion method, Tensor targets, String... words) {
        var e = assertThrows(IllegalArgumentException.class,
                () -> method.invert(generator, targets, InversionRun.DEFAULT));
        for (String word : words) {
            assertTrue(e.getMessage().contains(word), e.getMessage());
        }
    }

    @Test
    void tunedWeightsComeBack() throws IOException {
        Tensor target = Small.pictures(generator, 1);
        InversionResult result = PivotalTuning.of(features).withPivot(codes(2)).withThreshold(0).withSteps(20)
                .invert(generator, target, InversionRun.DEFAULT);
        Path exact = folder.resolve("exact.safetensors");
        Path half = folder.resolve("half.safetensors");
        TunedWeights.write(exact, generator, result.generator(), TunedWeights.Precision.EXACT);
        TunedWeights.write(half, generator, result.generator(), TunedWeights.Precision.HALF);
        assertTrue(Files.size(half) < 0.7 * Files.size(exact), "half precision is about half as large");
        Generator again = TunedWeights.read(exact, generator);
        result.generator().state().forEach((name, tensor) -> assertArrayEquals(tensor.toArray(),
                again.state().get(name).toArray(), name));
        Generator near = TunedWeights.read(half, generator);
        assertTrue(difference(near.synthesis(result.codes(), Noise.CONST), result.picture(), Tensor.ones(1)) < 1e-7);
        near.state().forEach((name, tensor) -> {
            float[] tuned = result.generator().state().get(name).toArray();
            float[] base = generator.state().get(name).toArray();
            float[] got = tensor.toArray();
            for (int i = 0; i < got.length; i++) {
                // 11 bits of the change, the smallest half, and the rounding of the sum
                assertEquals(tuned[i], got[i], Math.abs(tuned[i] - base[i]) * 0x1p-11f + 0x1p-24f
                        + Math.abs(tuned[i]) * 0x1p-23f, name);
            }
        });
        assertArrayEquals(near.save().get("synthesis.b8.conv0.weight").toFloats(),
                TunedWeights.read(half, generator).save().get("synthesis.b8.conv0.weight").toFloats());
    }

    @Test
    void tunedWeightsOfOtherNetworksAreRefused() throws IOException {
        Generator tuned = generator.copy();
        Autograd.noGrad(() -> tuned.state().get("synthesis.b4.conv1.bias").assign(Tensor.ones(24)));
        Path file = folder.resolve("tuned.safetensors");
        TunedWeights.write(file, generator, tuned, TunedWeights.Precision.EXACT);
        var other = assertThrows(CheckpointException.class, () -> TunedWeights.read(file, tuned));
        assertTrue(other.getMessage().contains("another network"), other.getMessage());
        Path plain = folder.resolve("plain.safetensors");
        Safetensors.write(plain, Map.of(), Map.of());
        var none = assertThrows(CheckpointException.class, () -> TunedWeights.read(plain, generator));
        assertTrue(none.getMessage().contains("no tuned weights"), none.getMessage());
    }

    @Test
    void applicationsOnCodes() {
        Tensor a = Tensor.of(new float[] {1, 2, 3, 4}, 1, 2, 2);
        Tensor b = Tensor.of(new float[] {10, 20, 30, 40}, 1, 2, 2);
        Tensor c = Tensor.of(new float[] {0, 1, 0, 1}, 1, 2, 2);
        assertArrayEquals(new float[] {7.75f, 15.5f, 23.25f, 31}, LatentCodes.morph(a, b, 0.25).toArray());
        assertArrayEquals(new float[] {1, 2, 30, 40}, LatentCodes.styleTransfer(a, b, 1).toArray());
        assertArrayEquals(new float[] {6, 11.5f, 18, 23.5f}, LatentCodes.expressionTransfer(a, b, c, 0.5).toArray());
        assertArrayEquals(new float[] {1, 2, 16.5f, 22}, LatentCodes.mix(a, b, 0.5, 1).toArray());
        assertThrows(IllegalArgumentException.class, () -> LatentCodes.morph(a, Tensor.ones(1, 2, 3), 1));
    }
}
