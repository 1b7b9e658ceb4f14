package stylegan4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.ImageGrid;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** {@code generate}: pictures from seeds, or from projected codes. */
@Command(name = "generate", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Makes pictures from seeds, or from codes that a projection saved.")
final class Generate implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private NetworkOptions network;

    @ArgGroup(multiplicity = "1")
    private Source source;

    @Option(names = "--grid", description = "Also write all pictures into grid.png.")
    private boolean grid;

    /** What pictures are made from. */
    private static final class Source {
        @Option(names = "--seeds", paramLabel = "LIST", converter = Ranges.Converter.class,
                description = "Seeds, such as 0,3-5: the same pictures as the official scripts make.")
        private Ranges seeds;

        @Option(names = "--projected-w", paramLabel = "FILE",
                description = "Codes w [N, num_ws, w_dim] as .npz or .npy, with noise maps if they are in it.")
        private Path projected;
    }

    @Override
    public Integer call() throws IOException {
        network.run(generator -> {
            List<Image> made = new ArrayList<>();
            if (source.projected != null) {
                fromCodes(generator, made);
            } else {
                fromSeeds(generator, made);
            }
            if (grid && !made.isEmpty()) {
                Images.writePng(ImageGrid.of(made, (int) Math.ceil(Math.sqrt(made.size()))),
                        network.file("grid.png"));
            }
        });
        return ExitCode.OK;
    }

    private void report(int pictures) throws IOException {
        spec.commandLine().getOut().println(pictures + (pictures == 1 ? " picture in " : " pictures in ")
                + network.folder());
    }

    private void fromSeeds(Generator generator, List<Image> made) throws IOException {
        Tensor label = network.label(generator);
        try (Progress progress = new Progress("generate", source.seeds.values().size())) {
            for (long seed : source.seeds.values()) {
                try (var _ = Scope.open()) {
                    Tensor ws = generator.mapping(generator.latents(seed), label, network.truncation());
                    write(generator, ws, network.noise(),
                            String.format(Locale.ROOT, "seed%04d.png", seed), made);
                }
                progress.step();
            }
        }
        report(source.seeds.values().size());
    }

    private void fromCodes(Generator generator, List<Image> made) throws IOException {
        Tensor codes = Codes.read(source.projected, generator);
        Map<String, Tensor> maps = Codes.noise(source.projected, generator);
        try (Progress progress = new Progress("generate", codes.size(0))) {
            for (int i = 0; i < codes.size(0); i++) {
                try (var _ = Scope.open()) {
                    write(generator, codes.slice(0, i, i + 1), maps == null ? network.noise() : Codes.noiseOf(maps, i),
                            String.format(Locale.ROOT, "proj%02d.png", i), made);
                }
                progress.step();
            }
        }
        report(codes.size(0));
    }

    private void write(Generator generator, Tensor ws, Noise noise, String name, List<Image> made)
            throws IOException {
        Image image = ImageTensors.toImages(generator.synthesis(ws, noise)).getFirst();
        Images.writePng(image, network.file(name));
        if (grid) {
            made.add(image);
        }
    }
}
