package stylegan4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import stylegan4j.nn.image.Image;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.avatar.AvatarFeatures;
import stylegan4j.stylegan.avatar.Avatars;
import stylegan4j.stylegan.demo.Demo;
import stylegan4j.stylegan.demo.DemoMethod;
import stylegan4j.stylegan.inversion.InversionStep;
import stylegan4j.stylegan.metric.PictureMetrics.Scores;
import stylegan4j.tensor.Device;

/** {@code demo}: what the library does, on what ships with it. */
@Command(name = "demo", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Inverts four avatars by every method, edits them, and writes report.html about it.")
final class DemoCommand implements Callable<Integer> {
    private static final String HEADER = "%-18s %8s %7s %7s %8s %9s %9s";
    private static final String LINE = "%-18s %8.4f %7.1f %7.3f %8.3f %9.3f %9.2f";

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Option(names = "--outdir", paramLabel = "DIR", defaultValue = "out/demo",
            description = "Folder for report.html (default: ${DEFAULT-VALUE}).")
    private Path outdir;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "250",
            description = "Steps of each optimisation (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Path page = Files.createDirectories(outdir).resolve("report.html");
        try (Device device = common.open(); var _ = device.open()) {
            Generator generator = Avatars.generator();
            AvatarFeatures features = Avatars.features();
            Map<String, Image> pictures = Avatars.heldout();
            List<DemoMethod> methods = DemoMethod.all(features, generator.config().imgResolution(), steps,
                    Avatars.encoders(generator));
            out.println(String.format(Locale.ROOT, HEADER, "method", "L2", "PSNR", "LPIPS", "MS-SSIM", "identity",
                    "s/picture"));
            try (var progress = new MethodProgress()) {
                new Demo(generator, features, Avatars.directions(), pictures, facts(generator, device)).run(methods,
                        common.seed(), page, progress);
            }
        }
        out.println(page.toUri());
        return ExitCode.OK;
    }

    private static List<String> facts(Generator generator, Device device) {
        int size = generator.config().imgResolution();
        return List.of("StyleGAN2, " + size + "×" + size + " px", device.toString());
    }

    /** A progress bar for each method, and a line of the table when it is done. */
    private final class MethodProgress implements Demo.Listener, AutoCloseable {
        private Progress bar;

        @Override
        public void step(DemoMethod method, InversionStep step) {
            if (bar == null) {
                bar = new Progress(method.name(), step.steps());
            }
            bar.step();
        }

        @Override
        public void done(DemoMethod method, Scores s, double seconds) {
            close();
            spec.commandLine().getOut().println(String.format(Locale.ROOT, LINE, method.name(), s.l2(), s.psnr(),
                    s.perceptual(), s.msSsim(), s.identity(), seconds));
        }

        @Override
        public void close() {
            if (bar != null) {
                bar.close();
                bar = null;
            }
        }
    }
}
