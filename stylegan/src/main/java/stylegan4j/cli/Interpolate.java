package stylegan4j.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import stylegan4j.nn.image.Animation;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.stylegan.Generator;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** {@code interpolate}: a walk from seed to seed through W. */
@Command(name = "interpolate", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Walks through W from seed to seed, as single frames, GIF or APNG.")
final class Interpolate implements Callable<Integer> {
    /** What the frames become. */
    enum Format { FRAMES, GIF, APNG }

    @Spec
    private CommandSpec spec;

    @Mixin
    private NetworkOptions network;

    @Option(names = "--seeds", required = true, paramLabel = "LIST", converter = Ranges.Converter.class,
            description = "Seeds to pass, at least two.")
    private Ranges seeds;

    @Option(names = "--frames", paramLabel = "N", defaultValue = "60",
            description = "Frames from each seed to the next (default: ${DEFAULT-VALUE}).")
    private int frames;

    @Option(names = "--loop", description = "Return to the first seed at the end.")
    private boolean loop;

    @Option(names = "--fps", paramLabel = "N", defaultValue = "30",
            description = "Frames a second (default: ${DEFAULT-VALUE}).")
    private double framesPerSecond;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "frames",
            description = "frames (PNG files), gif or apng (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Override
    public Integer call() throws IOException {
        require(seeds.values().size() >= 2, "--seeds: expected at least two, got " + seeds.values().size());
        require(frames >= 1, "--frames: expected at least 1, got " + frames);
        require(framesPerSecond > 0 && framesPerSecond <= 1000, "--fps: expected 0 to 1000, got " + framesPerSecond);
        network.run(this::walk);
        return ExitCode.OK;
    }

    private void walk(Generator generator) throws IOException {
        Tensor label = network.label(generator);
        List<Tensor> stops = new ArrayList<>();
        for (long seed : seeds.values()) {
            stops.add(generator.mapping(generator.latents(seed), label, network.truncation()));
        }
        if (loop) {
            stops.add(stops.getFirst());
        }
        int steps = (stops.size() - 1) * frames;
        // A loop's last frame is its first one again; an open walk ends on the last seed.
        int count = loop ? steps : steps + 1;
        try (Progress progress = new Progress("interpolate", count); Animation animation = open()) {
            for (int i = 0; i < count; i++) {
                try (var _ = Scope.open()) {
                    int from = Math.min(i / frames, stops.size() - 2);
                    double t = (i - from * frames) / (double) frames;
                    Tensor ws = stops.get(from).mul(1 - t).add(stops.get(from + 1).mul(t));
                    animation.add(ImageTensors.toImages(generator.synthesis(ws, network.noise())).getFirst());
                }
                progress.step();
            }
            animation.finish();
        }
        spec.commandLine().getOut().println(count + " frames in " + network.folder());
    }

    private Animation open() throws IOException {
        return switch (format) {
            case FRAMES -> Animation.folder(network.folder());
            case GIF -> Animation.gif(network.file("interpolation.gif"), framesPerSecond, 0);
            case APNG -> Animation.apng(network.file("interpolation.png"), framesPerSecond, 0);
        };
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
