package stylegan4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import stylegan4j.nn.checkpoint.Npz;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.LatentCodes;
import stylegan4j.tensor.Tensor;

/** {@code mix}: styles of one code in another, or an expression carried over. */
@Command(name = "mix", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Mixes codes that were found by an inversion: mixed.png and mixed.npz.")
final class Mix implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private NetworkOptions network;

    @Parameters(index = "0", paramLabel = "CODES", description = "Codes to change, .npz or .npy.")
    private Path base;

    @ArgGroup(multiplicity = "1")
    private Source source;

    @Option(names = "--layers", paramLabel = "LIST", converter = Ranges.Converter.class,
            description = "Layers that take the style (default: the upper half).")
    private Ranges layers;

    @Option(names = "--alpha", paramLabel = "X", defaultValue = "1",
            description = "Share of the style, or strength of the expression (default: ${DEFAULT-VALUE}).")
    private double alpha;

    /** What goes in. */
    private static final class Source {
        @Option(names = "--style", paramLabel = "CODES", description = "Codes that give the style.")
        private Path style;

        @Option(names = "--expression", arity = "2", paramLabel = "CODES",
                description = "Codes of one other subject, expressive and neutral: their difference is added.")
        private List<Path> expression;
    }

    @Override
    public Integer call() throws IOException {
        network.run(generator -> {
            Tensor codes = Codes.read(base, generator);
            Tensor mixed = source.style != null
                    ? LatentCodes.mix(codes, like(codes, source.style, generator), alpha, layers(generator))
                    : LatentCodes.expressionTransfer(codes, like(codes, source.expression.get(0), generator),
                            like(codes, source.expression.get(1), generator), alpha);
            Npz.write(network.file("mixed.npz"), Map.of(Codes.W, StoredTensor.of(mixed.toArray(), mixed.size(0),
                    mixed.size(1), mixed.size(2))));
            for (int i = 0; i < mixed.size(0); i++) {
                Images.writePng(ImageTensors.toImages(generator.synthesis(mixed.slice(0, i, i + 1), network.noise()))
                        .getFirst(), network.file(mixed.size(0) == 1 ? "mixed.png" : "mixed" + i + ".png"));
            }
            spec.commandLine().getOut().println("mixed in " + network.folder());
        });
        return ExitCode.OK;
    }

    /** One code serves for all. */
    private static Tensor like(Tensor codes, Path file, Generator generator) throws IOException {
        Tensor other = Codes.read(file, generator);
        if (other.size(0) != 1 && other.size(0) != codes.size(0)) {
            throw new IOException(file + ": expected one code or " + codes.size(0) + ", got " + other.size(0));
        }
        return other.size(0) == codes.size(0) ? other : other.expand(codes.size(0), -1, -1);
    }

    private int[] layers(Generator generator) {
        int all = generator.numWs();
        List<Long> chosen = layers == null ? LongStream.range(all / 2, all).boxed().toList()
                : layers.values();
        for (long layer : chosen) {
            if (layer >= all) {
                throw new ParameterException(spec.commandLine(), "--layers: the network has layers 0 to " + (all - 1)
                        + ", got " + layer);
            }
        }
        return chosen.stream().mapToInt(Long::intValue).toArray();
    }
}
