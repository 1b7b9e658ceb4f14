package stylegan4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.Truncation;
import stylegan4j.stylegan.avatar.AvatarFeatures;
import stylegan4j.stylegan.avatar.Avatars;
import stylegan4j.stylegan.avatar.EditMetrics;
import stylegan4j.stylegan.data.Dataset;
import stylegan4j.stylegan.data.PictureDataset;
import stylegan4j.stylegan.demo.DemoMethod;
import stylegan4j.stylegan.encoder.EncoderModel;
import stylegan4j.stylegan.inversion.InversionResult;
import stylegan4j.stylegan.inversion.InversionRun;
import stylegan4j.stylegan.metric.FeatureStatistics;
import stylegan4j.stylegan.metric.FrechetDistance;
import stylegan4j.stylegan.metric.PictureMetrics;
import stylegan4j.stylegan.metric.PictureMetrics.Scores;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** {@code evaluate-avatars}: the figures in the shipped model's card. */
@Command(name = "evaluate-avatars", mixinStandardHelpOptions = true, sortOptions = false, hidden = true,
        description = "Measures the shipped generator: inversion of held-out avatars, and Fréchet distances.")
final class EvaluateAvatars implements Callable<Integer> {
    private static final int AT_ONCE = 32;
    private static final List<String> NO_METHODS = List.of("none");

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Option(names = "--heldout", required = true, paramLabel = "ZIP", description = "Pictures never trained on.")
    private Path heldout;

    @Option(names = "--reals", paramLabel = "ZIP",
            description = "Pictures trained on; with them, Fréchet distances are told.")
    private Path reals;

    @Option(names = "--samples", paramLabel = "N", defaultValue = "2048",
            description = "Pictures on each side of a Fréchet distance at most (default: ${DEFAULT-VALUE}).")
    private int samples;

    @Option(names = "--pictures", paramLabel = "N", defaultValue = "64",
            description = "Held-out pictures to invert (default: ${DEFAULT-VALUE}).")
    private int pictures;

    @Option(names = "--first", paramLabel = "N", defaultValue = "0",
            description = "Held-out pictures to pass over (default: ${DEFAULT-VALUE}), so that a long measurement can "
                    + "be made in parts.")
    private int first;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "1",
            description = "Pictures inverted at once (default: ${DEFAULT-VALUE}); PTI tunes one generator to them all.")
    private int batch;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "450",
            description = "Steps of each optimisation (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--edits", paramLabel = "X", description = "Also edit what is found, by moving codes by so many "
            + "spreads along the direction of each attribute, and tell the share of edits that change it, and of other "
            + "attributes that stay.")
    private Double amount;

    @Option(names = "--methods", paramLabel = "NAMES", split = ",",
            description = "Methods of the demo, or none (default: all).")
    private List<String> methods;

    @Option(names = "--encoder", paramLabel = "FILE", description = "An encoder that was trained for the shipped "
            + "generator, to be measured beside those that ship; may be repeated.")
    private List<Path> encoders = List.of();

    @Override
    public Integer call() throws IOException {
        check(pictures >= 1, "--pictures: expected 1 or more, got " + pictures);
        check(first >= 0, "--first: expected 0 or more, got " + first);
        check(batch >= 1, "--batch: expected 1 or more, got " + batch);
        check(steps >= 1, "--steps: expected 1 or more, got " + steps);
        check(samples >= 1, "--samples: expected 1 or more, got " + samples);
        check(amount == null || Double.isFinite(amount), "--edits: expected a number, got " + amount);
        try (Device device = common.open(); var _ = device.open(); var unseen = PictureDataset.open(heldout, false)) {
            check(first < unseen.size(), "--first: " + heldout + " has " + unseen.size() + " pictures, got " + first);
            Generator generator = Avatars.generator();
            AvatarFeatures features = Avatars.features();
            List<EncoderModel> models = new ArrayList<>(Avatars.encoders(generator));
            for (Path file : encoders) {
                models.add(EncoderModel.load(file, generator));
            }
            List<DemoMethod> known = DemoMethod.all(features, generator.config().imgResolution(), steps, models);
            List<String> names = known.stream().map(DemoMethod::name).toList();
            List<String> wanted = methods == null ? names : methods;
            check(wanted.equals(NO_METHODS) || names.containsAll(wanted), "--methods: expected some of " + names
                    + ", or none, got " + wanted);
            if (reals != null) {
                frechet(generator, features, unseen);
            }
            PrintWriter out = spec.commandLine().getOut();
            out.println("| method | L2 | PSNR | LPIPS | MS-SSIM | identity | seconds a picture |"
                    + (amount == null ? "" : " changed | kept |"));
            out.println("|---|---|---|---|---|---|---|" + (amount == null ? "" : "---|---|"));
            for (DemoMethod method : known) {
                if (wanted.contains(method.name())) {
                    invert(method, generator, features, unseen);
                }
            }
        }
        return ExitCode.OK;
    }

    /** @throws ParameterException saying {@code otherwise} */
    private void check(boolean good, String otherwise) {
        if (!good) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private void invert(DemoMethod method, Generator generator, AvatarFeatures features, Dataset unseen)
            throws IOException {
        var metrics = new PictureMetrics(features, features);
        EditMetrics edits = amount == null ? null : new EditMetrics(Avatars.directions(), features, amount);
        List<Scores> scores = new ArrayList<>();
        List<EditMetrics.Scores> edited = new ArrayList<>();
        double seconds = 0;
        int count = Math.min(pictures, unseen.size() - first);
        try (var progress = new Progress(method.name(), count)) {
            for (int from = 0; from < count; from += batch) {
                int to = Math.min(count, from + batch);
                try (var _ = Scope.open()) {
                    Tensor targets = ImageTensors.toTensor(pictures(unseen, first + from, first + to));
                    InversionResult found = method.inversion().invert(generator, targets, InversionRun.DEFAULT
                            .withSeed(common.seed()));
                    scores.addAll(metrics.of(targets, found.picture().clamp(-1, 1)));
                    edited.addAll(edits == null ? List.of() : edits.of(found));
                    seconds += found.seconds();
                }
                progress.stepTo(to);
            }
        }
        Scores mean = Scores.mean(scores);
        EditMetrics.Scores editing = EditMetrics.Scores.mean(edited);
        spec.commandLine().getOut().println(String.format(Locale.ROOT,
                "| %s | %.4f | %.2f | %.4f | %.4f | %.4f | %.2f |", method.name(), mean.l2(), mean.psnr(),
                mean.perceptual(), mean.msSsim(), mean.identity(), seconds / count)
                + (edits == null ? "" : String.format(Locale.ROOT, " %.1f %% | %.1f %% |", 100 * editing.changed(),
                        100 * editing.kept())));
    }

    private void frechet(Generator generator, AvatarFeatures features, Dataset unseen) throws IOException {
        try (var seen = PictureDataset.open(reals, false)) {
            FeatureStatistics held = reals(features, unseen);
            FeatureStatistics made = null;
            for (int from = 0; from < samples; from += AT_ONCE) {
                long[] seeds = new long[Math.min(AT_ONCE, samples - from)];
                for (int i = 0; i < seeds.length; i++) {
                    seeds[i] = from + i;
                }
                try (var _ = Scope.open()) {
                    Tensor shown = Autograd.noGrad(() -> features.hidden(generator.forward(generator.latents(seeds),
                            null, Truncation.psi(1), Noise.CONST).clamp(-1, 1)));
                    made = made == null ? new FeatureStatistics(shown.size(1)) : made;
                    made.add(shown);
                }
            }
            spec.commandLine().getOut().println(String.format(Locale.ROOT,
                    "Frechet distance to %d held-out pictures: %d samples %.4f, %d training pictures %.4f", held.count(),
                    made.count(), FrechetDistance.between(made, held), Math.min(samples, seen.size()),
                    FrechetDistance.between(reals(features, seen), held)));
        }
    }

    private FeatureStatistics reals(AvatarFeatures features, Dataset dataset) throws IOException {
        FeatureStatistics statistics = null;
        int count = Math.min(samples, dataset.size());
        for (int from = 0; from < count; from += AT_ONCE) {
            List<Image> images = pictures(dataset, from, Math.min(count, from + AT_ONCE));
            try (var _ = Scope.open()) {
                Tensor shown = Autograd.noGrad(() -> features.hidden(ImageTensors.toTensor(images)));
                statistics = statistics == null ? new FeatureStatistics(shown.size(1)) : statistics;
                statistics.add(shown);
            }
        }
        return statistics;
    }

    private static List<Image> pictures(Dataset dataset, int from, int to) throws IOException {
        List<Image> images = new ArrayList<>();
        for (int i = from; i < to; i++) {
            images.add(dataset.picture(i));
        }
        return images;
    }
}
