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
import stylegan4j.tensor.Tensor;

/** {@code interpolate}: a walk from seed to seed through W. */
@Command(name = "interpolate", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Walks through W from seed to seed, as single frames, GIF or APNG.")
final class Interpolate implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private NetworkOptions network;

    @Option(names = "--seeds", required = true, paramLabel = "LIST", converter = Ranges.Converter.class,
            description = "Seeds to pass, at least two.")
    private Ranges seeds;

    @Mixin
    private WalkOptions walk;

    @Override
    public Integer call() throws IOException {
        if (seeds.values().size() < 2) {
            throw new ParameterException(spec.commandLine(), "--seeds: expected at least two, got "
                    + seeds.values().size());
        }
        walk.check();
        network.run(generator -> {
            Tensor label = network.label(generator);
            List<Tensor> stops = new ArrayList<>();
            for (long seed : seeds.values()) {
                stops.add(generator.mapping(generator.latents(seed), label, network.truncation()));
            }
            walk.write("interpolate", "interpolation", generator, stops, network);
        });
        return ExitCode.OK;
    }
}
