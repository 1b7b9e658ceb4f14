package stylegan4j.stylegan.inversion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.inversion.Image2StyleGanPlusPlus.Edit;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Tensor;

/** Same seed, same bytes: whatever the threads, wherever it was interrupted, and whoever stands beside in the batch. */
class ResumeTest {
    @TempDir
    private Path folder;

    /** A method, and how many steps it makes in all. */
    private record Method(String name, int steps, Function<PerceptualDistance, Inversion> of) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Method> methods() {
        return Stream.of(
                new Method("w", 7, f -> Projector.w(f).withSteps(7).withSamples(50)),
                new Method("w+", 7, f -> Projector.wPlus(f).withSteps(7).withSamples(50).withPixelWeight(1)),
                new Method("i2s", 6, f -> Image2StyleGan.of(f).withSteps(6).withStart(Image2StyleGan.Start.RANDOM)),
                new Method("i2s++", 12, f -> Image2StyleGanPlusPlus.of(f).withSteps(4, 2).withRounds(2)
                        .withEdit(Edit.inpaint(halfMask()))),
                new Method("pti", 11, f -> PivotalTuning.of(f).withSteps(3).withThreshold(0)
                        .withLocality(Locality.DEFAULT)
                        .withPivot(Projector.pivot(f).withSteps(5).withSamples(50))));
    }

    private static Tensor halfMask() {
        float[] mask = new float[Small.SIZE * Small.SIZE];
        Arrays.fill(mask, mask.length / 2, mask.length, 1);
        return Tensor.of(mask, 1, 1, Small.SIZE, Small.SIZE);
    }

    /** Everything a result says, as numbers. */
    private static Map<String, float[]> numbers(InversionResult result) {
        Map<String, float[]> numbers = new LinkedHashMap<>();
        numbers.put("codes", result.codes().toArray());
        result.noiseMaps().forEach((layer, map) -> numbers.put(layer, map.toArray()));
        numbers.put("picture", result.picture().toArray());
        result.generator().state().forEach((name, tensor) -> numbers.put(name, tensor.toArray()));
        result.history().phases().forEach((phase, steps) -> {
            for (int i = 0; i < steps.size(); i++) {
                numbers.put(phase + " " + i, steps.get(i));
            }
        });
        return numbers;
    }

    private Map<String, float[]> invert(Method method, int threads, InversionRun run, boolean complete,
                                        long... seeds) {
        try (Device device = Device.cpu(threads); var _ = device.open()) {
            Generator generator = Small.generator();
            InversionResult result = method.of.apply(Small.features())
                    .invert(generator, Small.pictures(generator, seeds), run);
            assertEquals(complete, result.complete());
            return numbers(result);
        }
    }

    private static void same(Map<String, float[]> expected, Map<String, float[]> got) {
        assertEquals(new ArrayList<>(expected.keySet()), new ArrayList<>(got.keySet()));
        expected.forEach((name, values) -> assertArrayEquals(values, got.get(name), name));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void anyNumberOfThreads(Method method) {
        Map<String, float[]> one = invert(method, 1, InversionRun.DEFAULT, true, 1, 2);
        same(one, invert(method, 3, InversionRun.DEFAULT, true, 1, 2));
        if (!method.name.startsWith("i2s++")) {
            Map<String, float[]> other = invert(method, 1, InversionRun.DEFAULT.withSeed(9), true, 1, 2);
            assertFalse(Arrays.equals(one.get("codes"), other.get("codes")), "the seed does not matter");
        }
    }

    @ParameterizedTest
    @MethodSource("methods")
    void interruptedAnywhere(Method method) {
        Map<String, float[]> whole = invert(method, 2, InversionRun.DEFAULT, true, 1, 2);
        for (int stop = 1; stop < method.steps; stop += 2) {
            Path file = folder.resolve(method.name.replace("+", "p") + stop + ".safetensors");
            int[] left = {stop};
            InversionRun run = InversionRun.DEFAULT.withJournal(new FileJournal(file, "test", 1e9));
            invert(method, 2, run.withListener((step, codes) -> --left[0] > 0), false, 1, 2);
            same(whole, invert(method, 2, run.withJournal(new FileJournal(file, "test", 1e9)), true, 1, 2));
        }
    }

    @Test
    void batchesOfUnequalSizeAreRemembered() {
        Method method = new Method("pti", 4, f -> PivotalTuning.of(f).withSteps(2).withThreshold(0).withBatch(2)
                .withPivot(Projector.pivot(f).withSteps(1).withSamples(50)));
        Map<String, float[]> whole = invert(method, 2, InversionRun.DEFAULT, true, 1, 2, 3);
        List<InversionState> states = new ArrayList<>();
        invert(method, 2, InversionRun.DEFAULT.withJournal(new Memory(null, states)), true, 1, 2, 3);
        Memory memory = new Memory(states.get(3), new ArrayList<>());
        same(whole, invert(method, 2, InversionRun.DEFAULT.withJournal(memory), true, 1, 2, 3));
    }

    @Test
    void savedStatesAreAsGoodAsCancelledOnes() {
        Method method = methods().toList().getLast();
        Map<String, float[]> whole = invert(method, 2, InversionRun.DEFAULT, true, 1, 2);
        List<InversionState> states = new ArrayList<>();
        invert(method, 2, InversionRun.DEFAULT.withJournal(new Memory(null, states)), true, 1, 2);
        assertEquals(method.steps, states.size());
        for (int i : new int[] {0, 4, 5, 9, 10}) {
            Memory memory = new Memory(states.get(i), new ArrayList<>());
            same(whole, invert(method, 2, InversionRun.DEFAULT.withJournal(memory), true, 1, 2));
        }
    }

    /** Keeps every state. */
    private record Memory(InversionState first, List<InversionState> states) implements Journal {
        @Override
        public InversionState load() {
            return first;
        }

        @Override
        public boolean isDue() {
            return true;
        }

        @Override
        public void save(InversionState state) {
            states.add(state);
        }
    }

    @Test
    void picturesOfABatchDoNotTouchEachOther() {
        for (Method method : methods().limit(4).toList()) {
            float[] alone = invert(method, 2, InversionRun.DEFAULT, true, 2).get("codes");
            float[] beside = invert(method, 2, InversionRun.DEFAULT, true, 1, 2).get("codes");
            // The batch chooses other orders of summation; a few steps of Adam carry roundings to about 1e-5.
            assertArrayEquals(alone, Arrays.copyOfRange(beside, alone.length, 2 * alone.length), 2e-3f, method.name);
        }
    }

    @Test
    void statesOfOtherWorkAreRefused() {
        Path file = folder.resolve("state.safetensors");
        new FileJournal(file, "one", 0).save(new InversionState("projection", 3, 1.5, Map.of()));
        assertNotNull(new FileJournal(file, "one", 0).load());
        var refused = assertThrows(UncheckedIOException.class, () -> new FileJournal(file, "two", 0).load());
        assertTrue(refused.getMessage().contains("one") && refused.getMessage().contains("two"),
                refused.getMessage());
    }
}
