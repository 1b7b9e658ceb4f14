package stylegan4j.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import stylegan4j.kernels.DType;
import stylegan4j.stylegan.NaiveHalf;
import stylegan4j.tensor.Device;

/**
 * Golden cases with binary16 features: our errors are at most twice those of the official code's own operations, each
 * rounding its result ({@link NaiveHalf#operations}), both against the stored F32 results.
 *
 * <p>Errors, each over its output's norm, are compared by kind: the root of their mean square over the outputs that
 * differ in their layer only. Rounding moves some values across the kink of a leaky ReLU or to a bound, where the slope
 * jumps, and which ones is luck. A ratio of two errors of one number is luck entirely: for equal normal errors it
 * exceeds 2 with a probability of 1 − (2/π)·atan 2 = 0.30. In generator-64 such numbers are the noise strengths'
 * gradients (0.15 to 7 times the naive error) and the path lengths. With its activations linear, where no kink is, the
 * path lengths of six codes err by 3.6e-5 and naively by 2.3e-4, with leaky ReLU by 2.5e-3 and 2.2e-3: kinks, not
 * roundings of ours, are what is seen. Of the larger outputs, each by itself, the first derivatives reach 1.55 times
 * the naive error there, and 1.15 times in discriminator-64-resnet; pictures reach 0.6 times.
 */
class HalfRuleTest {
    private static final String LAYER = "b\\d+\\.((conv\\d?|torgb|skip|fromrgb|fc|out)\\.)?";
    private static final String MAPPING = "fc\\d\\.";
    private static final String PICTURES = "img_.*";
    private static final String LENGTHS = "pl\\.(grads|lengths|penalty)";
    private static final String PENALTY = "r1\\.grad_x";

    static List<String> cases() {
        return List.of(System.getProperty("golden.half", "generator-32-clamp,discriminator-32-clamp").split(","));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void errsAtMostTwiceAsMuchAsTheNaiveWay(String name) throws IOException {
        Path file = GoldenTest.folder().resolve("stylegan2").resolve(name + ".json");
        assumeTrue(Files.exists(file), "no case " + name);
        Manifest manifest = Manifest.read(file);
        int size = ((Number) manifest.config().get("img_resolution")).intValue();
        int lowest = Math.max(8, size >> GoldenCase.HALF_RESOLUTIONS - 1);
        Map<String, Double> ours = errors(manifest, file, GoldenDevice.half(), DType.F16, Route.FUSED);
        Map<String, Double> naive = errors(manifest, file,
                Device.of(NaiveHalf.operations(DType.F16, lowest)), DType.F16, Route.COMPOSITE);
        List<String> wrong = new ArrayList<>();
        assertEquals(naive.keySet(), ours.keySet());
        ours.forEach((kind, error) -> {
            // What no half takes part in is as good as ever.
            double allowed = Math.max(2 * naive.get(kind), manifest.tolerance().rel());
            if (!(error <= allowed)) {
                wrong.add(kind + ": error " + error + ", allowed " + allowed);
            }
        });
        assertEquals(List.of(), wrong);
        double roundings = ours.values().stream().mapToDouble(e -> e).max().orElseThrow();
        assertTrue(roundings > 1e-4, "nothing was rounded to halves: the largest error is " + roundings);
    }

    /** By kind: the root of the mean square of the outputs' relative errors. */
    private static Map<String, Double> errors(Manifest manifest, Path file, Device device, DType features, Route route)
            throws IOException {
        Map<String, List<Double>> squares = new TreeMap<>();
        Path tensors = file.resolveSibling(manifest.name() + ".safetensors");
        var golden = new GoldenCase(manifest, tensors, (output, got, want) -> {
            double square = square(Comparison.compared(output, got, want.length), want);
            if (!Double.isInfinite(square)) {
                squares.computeIfAbsent(kind(output.name()), _ -> new ArrayList<>()).add(square);
            }
            return null;
        }, features);
        route.choose();
        try (device; var _ = device.open()) {
            GoldenSystems.of(manifest).adapter().run(golden);
        } finally {
            Route.FUSED.choose();
        }
        golden.finish();
        return squares.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, e -> Math.sqrt(
                e.getValue().stream().mapToDouble(v -> v).average().orElseThrow()), (a, _) -> a, TreeMap::new));
    }

    private static String kind(String output) {
        return output.replaceAll(LAYER, "").replaceAll(MAPPING, "").replaceAll(PICTURES, "pictures")
                .replaceAll(LENGTHS, "lengths").replaceAll(PENALTY, "r1");
    }

    /** Σ(got − want)² / Σ want²; infinite for an output that is zero, as some second derivatives are. */
    private static double square(float[] got, float[] want) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < want.length; i++) {
            difference += Math.pow(got[i] - (double) want[i], 2);
            norm += Math.pow(want[i], 2);
        }
        return norm == 0 ? Double.POSITIVE_INFINITY : difference / norm;
    }
}
