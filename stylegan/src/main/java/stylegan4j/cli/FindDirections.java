package stylegan4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Networks;
import stylegan4j.stylegan.avatar.AttributeDirections;
import stylegan4j.stylegan.avatar.Avatars;
import stylegan4j.stylegan.avatar.DirectionFinder;
import stylegan4j.tensor.Device;

/** {@code find-directions}: how the avatars' attribute directions were made. */
@Command(name = "find-directions", mixinStandardHelpOptions = true, sortOptions = false, hidden = true,
        description = "Finds directions of W that change an avatar's attributes.")
final class FindDirections implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Option(names = "--network", paramLabel = "FILE", description = "A generator of avatars (default: the shipped one).")
    private Path network;

    @Option(names = "--samples", paramLabel = "N", defaultValue = "8000",
            description = "Samples to look at (default: ${DEFAULT-VALUE}).")
    private int samples;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The directions, as .safetensors.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        try (Device device = common.open(); var _ = device.open(); var progress = new Progress("label", samples)) {
            Generator generator = network == null ? Avatars.generator() : Networks.loadGenerator(network);
            AttributeDirections found = new DirectionFinder(generator, Avatars.features())
                    .find(samples, progress::stepTo);
            found.save(out);
            found.all().forEach(d -> spec.commandLine().getOut().println(String.format(Locale.ROOT,
                    "%-12s accuracy %.1f %%, spread %.2f", d.attribute().text(), 100 * d.accuracy(), d.spread())));
        }
        return ExitCode.OK;
    }
}
