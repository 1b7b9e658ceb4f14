package stylegan4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import stylegan4j.tensor.Tensor;

/** {@code morph}: a walk from picture to picture through W+. */
@Command(name = "morph", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Walks between codes that were found by an inversion, as single frames, GIF or APNG.")
final class Morph implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private NetworkOptions network;

    @Mixin
    private WalkOptions walk;

    @Parameters(arity = "1..*", paramLabel = "CODES",
            description = "Files of codes to pass, .npz or .npy; at least two codes in all.")
    private List<Path> files;

    @Override
    public Integer call() throws IOException {
        walk.check();
        network.run(generator -> {
            List<Tensor> stops = new ArrayList<>();
            for (Path file : files) {
                Tensor codes = Codes.read(file, generator);
                for (int i = 0; i < codes.size(0); i++) {
                    stops.add(codes.slice(0, i, i + 1));
                }
            }
            if (stops.size() < 2) {
                throw new ParameterException(spec.commandLine(), "morph: expected at least two codes, got "
                        + stops.size());
            }
            walk.write("morph", "morph", generator, stops, network);
        });
        return ExitCode.OK;
    }
}
