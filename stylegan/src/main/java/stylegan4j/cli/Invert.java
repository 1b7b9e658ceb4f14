package stylegan4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.inversion.FileJournal;
import stylegan4j.stylegan.inversion.Inversion;
import stylegan4j.stylegan.inversion.InversionResult;
import stylegan4j.stylegan.inversion.InversionRun;
import stylegan4j.stylegan.inversion.TunedWeights;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** {@code invert}: finds the codes, and by some methods noise or weights, that make a generator show pictures. */
@Command(name = "invert", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Finds what a generator needs to show given pictures. Each gets a folder of its name with "
                + "target.png, proj.png, projected_w.npz, inversion.json and, if weights were tuned, "
                + "tuned.safetensors.")
final class Invert implements Callable<Integer> {
    private static final int ENCODER_BATCH = 8;

    @Spec
    private CommandSpec spec;

    @Mixin
    private GeneratorOptions network;

    @Mixin
    private DistanceOptions distances;

    @Mixin
    private MethodOptions methods;

    @Parameters(arity = "1..*", paramLabel = "INPUT", description = "Pictures (PNG, JPEG), or folders of them.")
    private List<Path> inputs;

    @Option(names = "--batch", paramLabel = "N",
            description = "Pictures at once (default: 8 for encoders, else 1).")
    private Integer batchOption;

    private int batch;

    @Option(names = "--together", description = "pti: tune one generator for all pictures.")
    private boolean together;

    @Option(names = "--resume",
            description = "Go on where an interrupted call of the same arguments stopped; what is finished is left.")
    private boolean resume;

    @Option(names = "--snapshot", paramLabel = "SECONDS", defaultValue = "10",
            description = "How often the state is saved for --resume (default: ${DEFAULT-VALUE}).")
    private double snapshot;

    @Option(names = "--tuned-as", paramLabel = "KIND", defaultValue = "half",
            description = "pti: tuned weights as differences in half precision (half), as exact differences (exact) or "
                    + "as a whole network (whole); default: ${DEFAULT-VALUE}.")
    private InversionFiles.Tuned tunedAs;

    private int failed;

    @Override
    public Integer call() throws IOException {
        methods.check();
        batch = batchOption != null ? batchOption : methods.encodes() ? ENCODER_BATCH : 1;
        require(batch >= 1, "--batch: expected at least 1, got " + batch);
        require(snapshot >= 0, "--snapshot: expected 0 or more, got " + snapshot);
        require(!together || methods.tunes(), "--together: only pti tunes weights");
        Map<String, Path> files = TargetPictures.named(inputs);
        network.run(generator -> {
            methods.load(network.network(), generator);
            PerceptualDistance distance = methods.encodes() && !network.isShipped() ? distances.openOrPixels()
                    : distances.open(network.isShipped());
            String settings = String.join(", ", methods.describe(), network.describe(), "distance "
                    + distances.describe(), "tuned as " + tunedAs + (together ? " together by " + batch : ""),
                    "network " + TunedWeights.fingerprint(generator).substring(0, 16));
            try (Interruption interruption = new Interruption()) {
                if (methods.encodes()) {
                    encode(generator, distance, settings, files, interruption);
                    return;
                }
                for (List<Target> group : groups(generator, files)) {
                    if (!interruption.isRequested()) {
                        attempt(generator, distance, settings, group, interruption);
                    }
                }
            }
        });
        return failed == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void encode(Generator generator, PerceptualDistance distance, String settings, Map<String, Path> files,
                        Interruption interruption) throws IOException {
        var encoding = new EncodedPictures(generator, methods.method(generator, distance, List.of(), 0, batch), distance,
                settings, network.folder(), resume);
        PrintWriter out = spec.commandLine().getOut();
        encoding.run(files, batch, interruption::isRequested, new EncodedPictures.Report() {
            @Override
            public void note(String text) {
                Invert.this.note(text);
            }

            @Override
            public void done(String name, InversionFiles.Scores scores, double seconds) {
                out.println(scores == null ? name + ": finished before" : line(name, scores, seconds));
            }

            @Override
            public void failed(String reason) {
                fail(reason);
            }
        });
    }

    private static String line(String name, InversionFiles.Scores scores, double seconds) {
        return String.format(Locale.ROOT, "%s: PSNR %.2f dB, distance %.4f, %.1f s", name, scores.psnr(),
                scores.distance(), seconds);
    }

    /** A picture to be inverted; its place among all decides which code of {@code --pivot} is its own. */
    private record Target(String name, Image image, int place) {
    }

    /** Reads all pictures, names those that cannot be read, and puts the others into groups that go at once. */
    private List<List<Target>> groups(Generator generator, Map<String, Path> files) {
        List<Target> targets = new ArrayList<>();
        for (Map.Entry<String, Path> file : files.entrySet()) {
            try {
                targets.add(new Target(file.getKey(), TargetPictures.read(file.getValue(),
                        generator.config().height(), generator.config().width(), this::note), targets.size()));
            } catch (IOException e) {
                fail(e.getMessage());
            }
        }
        int size = together ? targets.size() : methods.tunes() ? 1 : batch;
        List<List<Target>> groups = new ArrayList<>();
        for (int from = 0; from < targets.size(); from += size) {
            groups.add(targets.subList(from, Math.min(from + size, targets.size())));
        }
        return groups;
    }

    private void attempt(Generator generator, PerceptualDistance distance, String settings, List<Target> group,
                         Interruption interruption) {
        try (var _ = Scope.open()) {
            invert(generator, distance, settings, group, interruption);
        } catch (ParameterException e) {
            throw e;
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            String reason = e instanceof UncheckedIOException unchecked ? unchecked.getCause().getMessage()
                    : e.getMessage();
            group.forEach(target -> fail(target.name + ": " + reason));
        }
    }

    private void invert(Generator generator, PerceptualDistance distance, String settings, List<Target> group,
                        Interruption interruption) throws IOException {
        Tensor targets = ImageTensors.toTensor(group.stream().map(Target::image).toList());
        List<String> names = group.stream().map(Target::name).toList();
        int first = group.getFirst().place;
        String own = methods.describe(names, first);
        String work = InversionFiles.work(own.isEmpty() ? settings : settings + ", " + own, targets);
        Inversion method = methods.method(generator, distance, names, first, batch);
        var files = new InversionFiles(network.folder(), names, work);
        PrintWriter out = spec.commandLine().getOut();
        if (resume && files.areFinished()) {
            group.forEach(target -> out.println(target.name + ": finished before"));
            return;
        }
        files.begin(resume);
        var journal = new FileJournal(files.state(), work, snapshot);
        try (Progress progress = new Progress(group.getFirst().name, methods.total(together
                ? Math.ceilDiv(group.size(), batch) : 1))) {
            InversionRun run = new InversionRun(network.seed(), network.label(generator), (step, codes) -> {
                progress.step();
                return !interruption.isRequested();
            }, journal);
            InversionResult result = method.invert(generator, targets, run);
            if (!result.complete()) {
                note(group.getFirst().name + ": stopped; the same call with --resume goes on from here");
                return;
            }
            List<InversionFiles.Scores> scores = files.write(generator, targets, result, distance, tunedAs);
            journal.delete();
            for (int i = 0; i < group.size(); i++) {
                out.println(line(group.get(i).name, scores.get(i), result.seconds() / group.size()));
            }
        }
    }

    private void fail(String reason) {
        failed++;
        spec.commandLine().getErr().println("stylegan4j: " + reason);
    }

    private void note(String text) {
        spec.commandLine().getErr().println("stylegan4j: note: " + text);
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
