package stylegan4j.cli;

import java.io.IOException;
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
import picocli.CommandLine.Spec;
import stylegan4j.nn.checkpoint.Npz;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.nn.image.Animation;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.ImageGrid;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.inversion.InversionResult;
import stylegan4j.stylegan.inversion.InversionRun;
import stylegan4j.stylegan.inversion.Journal;
import stylegan4j.stylegan.inversion.Projector;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** {@code project}: one picture into W, with the flags and the files of NVlabs' {@code projector.py}. */
@Command(name = "project", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Projects a picture into W as the official projector does: target.png, proj.png, "
                + "projected_w.npz and a film of the way.")
final class Project implements Callable<Integer> {
    /** More frames would not be looked at. */
    private static final int MOST_FRAMES = 250;
    private static final double FRAMES_PER_SECOND = 25;

    /** What the film becomes. */
    enum Format { GIF, APNG }

    @Spec
    private CommandSpec spec;

    @Mixin
    private GeneratorOptions network;

    @Mixin
    private DistanceOptions distances;

    @Option(names = "--target", required = true, paramLabel = "FILE", description = "Picture to project.")
    private Path target;

    @Option(names = "--num-steps", paramLabel = "N", defaultValue = "1000",
            description = "Steps of the optimisation (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--save-video", paramLabel = "BOOL", arity = "1", defaultValue = "true",
            description = "Write the film (default: ${DEFAULT-VALUE}).")
    private boolean saveVideo;

    @Option(names = "--video-format", paramLabel = "FORMAT", defaultValue = "gif",
            description = "proj.gif or, without loss, proj.apng (default: ${DEFAULT-VALUE}).")
    private Format format;

    @Override
    public Integer call() throws IOException {
        if (steps < 1) {
            throw new ParameterException(spec.commandLine(), "--num-steps: expected at least 1, got " + steps);
        }
        network.run(this::project);
        return ExitCode.OK;
    }

    private void project(Generator generator) throws IOException {
        PerceptualDistance distance = distances.open(network.isShipped());
        Image picture = TargetPictures.read(target, generator.config().height(), generator.config().width(),
                note -> spec.commandLine().getErr().println("stylegan4j: note: " + note));
        Tensor label = network.label(generator);
        Images.writePng(picture, network.file("target.png"));
        List<Tensor> film = new ArrayList<>();
        Scope home = Scope.current();
        int every = Math.ceilDiv(steps, MOST_FRAMES);
        InversionResult result;
        try (Progress progress = new Progress("project", steps); Interruption interruption = new Interruption()) {
            result = Projector.w(distance).withSteps(steps).invert(generator, ImageTensors.toTensor(picture),
                    new InversionRun(network.seed(), label, (step, codes) -> {
                        progress.step();
                        if (saveVideo && (step.step() % every == 0 || step.step() == steps - 1)) {
                            film.add(home.adopt(codes));
                        }
                        return !interruption.isRequested();
                    }, Journal.NONE));
            write(generator, result, picture, film);
        }
        spec.commandLine().getOut().println(String.format(Locale.ROOT, "%sprojected in %.1f s: %s",
                result.complete() ? "" : "stopped early; ", result.seconds(), network.folder()));
    }

    private void write(Generator generator, InversionResult result, Image picture, List<Tensor> film)
            throws IOException {
        Images.writePng(picture(generator, result.codes()), network.file("proj.png"));
        Npz.write(network.file("projected_w.npz"), Map.of(Codes.W, StoredTensor.of(result.codes().toArray(), 1,
                generator.numWs(), generator.config().wDim())));
        if (film.isEmpty()) {
            return;
        }
        try (Animation animation = format == Format.GIF
                ? Animation.gif(network.file("proj.gif"), FRAMES_PER_SECOND, 1)
                : Animation.apng(network.file("proj.apng"), FRAMES_PER_SECOND, 1)) {
            for (Tensor codes : film) {
                animation.add(ImageGrid.of(List.of(picture, picture(generator, codes)), 2));
            }
            animation.finish();
        }
    }

    /** As the official script shows it: with the generator's own noise. */
    private static Image picture(Generator generator, Tensor codes) {
        try (var _ = Scope.open()) {
            return ImageTensors.toImages(generator.synthesis(codes, Noise.CONST)).getFirst();
        }
    }
}
