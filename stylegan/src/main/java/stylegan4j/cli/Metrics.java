package stylegan4j.cli;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.avatar.Avatars;
import stylegan4j.stylegan.feature.FeatureFile;
import stylegan4j.stylegan.loss.IdentityEmbedding;
import stylegan4j.stylegan.metric.FeatureStatistics;
import stylegan4j.stylegan.metric.FrechetDistance;
import stylegan4j.stylegan.metric.KernelDistance;
import stylegan4j.stylegan.metric.PictureMetrics;
import stylegan4j.stylegan.metric.PictureMetrics.Scores;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.Views;

/** {@code metrics}: compares two folders of pictures, pair by pair and as sets. */
@Command(name = "metrics", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Compares two folders of pictures: those of the same name pair by pair (L2, PSNR, MS-SSIM, and "
                + "LPIPS and identity where files for them are given), and all of them as sets (Fréchet and kernel "
                + "distance) where --features is given.")
final class Metrics implements Callable<Integer> {
    private static final int FEWEST = 2;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Mixin
    private DistanceOptions distances;

    @Option(names = "--a", required = true, paramLabel = "DIR", description = "Originals, or a first set.")
    private Path first;

    @Option(names = "--b", required = true, paramLabel = "DIR", description = "Reconstructions, or a second set.")
    private Path second;

    @Option(names = "--identity", paramLabel = "FILE",
            description = "Who is shown: ArcFace's, CurricularFace's or MoCo's official file, or avatar.")
    private Path identity;

    @Option(names = "--features", paramLabel = "FILE",
            description = "Features of the distances of sets: a file as for --identity, or torchvision's AlexNet, "
                    + "VGG-16 or SqueezeNet 1.1; or avatar.")
    private Path features;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        try (Device device = common.open(); var _ = device.open()) {
            Map<String, Path> a = TargetPictures.named(List.of(first));
            Map<String, Path> b = TargetPictures.named(List.of(second));
            List<String> pairs = a.keySet().stream().filter(b::containsKey).toList();
            if (pairs.isEmpty() && features == null) {
                throw new IOException(first + " and " + second + ": no pictures of the same name to compare; "
                        + "--features compares them as sets");
            }
            Image size = Images.read(a.values().iterator().next(), 3);
            Map<String, Scores> scores = scores(a, b, pairs, size);
            Map<String, Double> sets = features == null ? Map.of() : setDistances(a, b, size);
            if (json) {
                printJson(scores, sets);
            } else {
                print(scores, sets);
            }
        }
        return ExitCode.OK;
    }

    private Map<String, Scores> scores(Map<String, Path> a, Map<String, Path> b, List<String> pairs, Image size)
            throws IOException {
        IdentityEmbedding who = identity == null ? null
                : isShipped(identity) ? Avatars.features() : FeatureFile.read(identity).identity();
        PictureMetrics metrics = new PictureMetrics(distances.openIfAsked(), who);
        Map<String, Scores> scores = new LinkedHashMap<>();
        try (Progress progress = new Progress("pairs", pairs.size())) {
            for (String name : pairs) {
                try (var _ = Scope.open()) {
                    scores.put(name, metrics.of(read(a.get(name), size), read(b.get(name), size)).getFirst());
                }
                progress.step();
            }
        }
        return scores;
    }

    /** The word for the network of avatars that ships. */
    private static boolean isShipped(Path file) {
        return file.toString().equals("avatar");
    }

    /** What sets of pictures are compared by: a file's network, or the one that ships. */
    static UnaryOperator<Tensor> features(Path file) throws IOException {
        return isShipped(file) ? Avatars.features()::hidden : FeatureFile.read(file).vectors();
    }

    private Map<String, Double> setDistances(Map<String, Path> a, Map<String, Path> b, Image size)
            throws IOException {
        if (Math.min(a.size(), b.size()) < FEWEST) {
            throw new ParameterException(spec.commandLine(), "--features: sets of " + FEWEST
                    + " pictures or more are needed, got " + a.size() + " and " + b.size());
        }
        UnaryOperator<Tensor> network = features(features);
        Tensor x = vectors(network, a, size);
        Tensor y = vectors(network, b, size);
        int length = x.size(1);
        Map<String, Double> sets = new LinkedHashMap<>();
        sets.put("Fréchet distance", FrechetDistance.between(new FeatureStatistics(length).add(x),
                new FeatureStatistics(length).add(y)));
        sets.put("kernel distance", KernelDistance.between(x, y));
        return sets;
    }

    private Tensor vectors(UnaryOperator<Tensor> network, Map<String, Path> files, Image size) throws IOException {
        List<Tensor> vectors = new ArrayList<>();
        try (Progress progress = new Progress("features", files.size())) {
            for (Path file : files.values()) {
                Tensor picture = read(file, size);
                vectors.add(Autograd.noGrad(() -> Scope.local(() -> network.apply(picture))));
                picture.close();
                progress.step();
            }
        }
        return Views.concat(vectors, 0);
    }

    /** [1, 3, H, W], of the first picture's size. */
    private Tensor read(Path file, Image size) throws IOException {
        return ImageTensors.toTensor(List.of(TargetPictures.read(file, size.height(), size.width(),
                text -> spec.commandLine().getErr().println("stylegan4j: note: " + text))));
    }

    private void print(Map<String, Scores> pairs, Map<String, Double> sets) {
        PrintWriter out = spec.commandLine().getOut();
        if (!pairs.isEmpty()) {
            int width = Math.max(4, pairs.keySet().stream().mapToInt(String::length).max().orElse(0));
            out.println(row(width, "", "L2", "PSNR", "MS-SSIM", "LPIPS", "ID"));
            pairs.forEach((name, scores) -> out.println(row(width, name, scores)));
            out.println(row(width, "mean", Scores.mean(List.copyOf(pairs.values()))));
        }
        sets.forEach((name, value) -> out.println(String.format(Locale.ROOT, "%s %.6g", name, value)));
    }

    private void printJson(Map<String, Scores> pairs, Map<String, Double> sets) {
        Map<String, Object> results = new LinkedHashMap<>();
        if (!pairs.isEmpty()) {
            Map<String, Object> each = new LinkedHashMap<>();
            pairs.forEach((name, scores) -> each.put(name, finite(scores)));
            results.put("pairs", each);
            results.put("mean", finite(Scores.mean(List.copyOf(pairs.values()))));
        }
        results.putAll(sets);
        spec.commandLine().getOut().println(new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create()
                .toJson(results));
    }

    /** JSON has no word for what is not a finite number. */
    private static Map<String, Double> finite(Scores s) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("l2", s.l2());
        values.put("psnr", s.psnr());
        values.put("msSsim", s.msSsim());
        values.put("lpips", s.perceptual());
        values.put("id", s.identity());
        values.values().removeIf(v -> !Double.isFinite(v));
        return values;
    }

    private static String row(int width, String name, Scores s) {
        return row(width, name, number("%.5f", s.l2()), number("%.2f", s.psnr()), number("%.4f", s.msSsim()),
                number("%.4f", s.perceptual()), number("%.4f", s.identity()));
    }

    private static String number(String format, double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }

    private static String row(int width, String name, String... cells) {
        StringBuilder row = new StringBuilder(String.format("%-" + width + "s", name));
        for (String cell : cells) {
            row.append(String.format("  %8s", cell));
        }
        return row.toString();
    }
}
