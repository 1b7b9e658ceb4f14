package stylegan4j.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import stylegan4j.nn.image.Animation;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.LatentCodes;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** A walk from code to code. */
final class WalkOptions {
    /** What the frames become. */
    enum Format { FRAMES, GIF, APNG }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--frames", paramLabel = "N", defaultValue = "60",
            description = "Frames from each stop to the next (default: ${DEFAULT-VALUE}).")
    private int frames;

    @Option(names = "--loop", description = "Return to the first stop at the end.")
    private boolean loop;

    @Option(names = "--fps", paramLabel = "N", defaultValue = "30",
            description = "Frames a second (default: ${DEFAULT-VALUE}).")
    private double framesPerSecond;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "frames",
            description = "frames (PNG files), gif or apng (default: ${DEFAULT-VALUE}).")
    private Format format;

    /** To be called before anything is computed. */
    void check() {
        require(frames >= 1, "--frames: expected at least 1, got " + frames);
        require(framesPerSecond > 0 && framesPerSecond <= 1000, "--fps: expected 0 to 1000, got " + framesPerSecond);
    }

    /**
     * Writes the walk.
     *
     * @param name of the command, and of the file
     * @param codes two or more, [1, num_ws, w_dim] each
     */
    void write(String command, String name, Generator generator, List<Tensor> codes, NetworkOptions network)
            throws IOException {
        List<Tensor> stops = new ArrayList<>(codes);
        if (loop) {
            stops.add(stops.getFirst());
        }
        int steps = (stops.size() - 1) * frames;
        // A loop's last frame is its first one again; an open walk ends on the last stop.
        int count = loop ? steps : steps + 1;
        try (Progress progress = new Progress(command, count); Animation animation = open(name, network)) {
            for (int i = 0; i < count; i++) {
                try (var _ = Scope.open()) {
                    int from = Math.min(i / frames, stops.size() - 2);
                    double t = (i - from * frames) / (double) frames;
                    Tensor ws = LatentCodes.morph(stops.get(from), stops.get(from + 1), 1 - t);
                    animation.add(ImageTensors.toImages(generator.synthesis(ws, network.noise())).getFirst());
                }
                progress.step();
            }
            animation.finish();
        }
        spec.commandLine().getOut().println(count + " frames in " + network.folder());
    }

    private Animation open(String name, NetworkOptions network) throws IOException {
        return switch (format) {
            case FRAMES -> Animation.folder(network.folder());
            case GIF -> Animation.gif(network.file(name + ".gif"), framesPerSecond, 0);
            case APNG -> Animation.apng(network.file(name + ".png"), framesPerSecond, 0);
        };
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
