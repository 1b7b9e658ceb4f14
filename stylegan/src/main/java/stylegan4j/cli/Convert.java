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
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import stylegan4j.stylegan.NetworkWriter;
import stylegan4j.stylegan.Networks;
import stylegan4j.stylegan.layout.Layout;
import stylegan4j.tensor.Device;

/** {@code convert}: the same networks in another file format and layout. */
@Command(name = "convert", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Converts networks between official layouts and file formats: reads .pkl, .pt and .safetensors, "
                + "writes .pt and .safetensors.")
final class Convert implements Callable<Integer> {
    /** Whose tensor names a .pt file has. */
    enum Names {
        NVLABS(Layout.NVLABS), ROSINALITY(Layout.ROSINALITY);

        private final Layout layout;

        Names(Layout layout) {
            this.layout = layout;
        }
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Parameters(index = "0", paramLabel = "IN", description = "NVlabs .pkl, .pt in either layout, or .safetensors.")
    private Path in;

    @Parameters(index = "1", paramLabel = "OUT", description = ".pt or .safetensors.")
    private Path out;

    @Option(names = "--layout", paramLabel = "LAYOUT", defaultValue = "nvlabs",
            description = "Tensor names of a .pt file: nvlabs or rosinality (default: ${DEFAULT-VALUE}).")
    private Names names;

    @Option(names = "--half", description = "Round numbers to half precision; .safetensors only.")
    private boolean half;

    @Option(names = "--only", paramLabel = "NETWORK", description = "Keep one network: G_ema, G or D.")
    private String only;

    @Override
    public Integer call() throws IOException {
        String name = out.toString().toLowerCase(Locale.ROOT);
        boolean safetensors = name.endsWith(".safetensors");
        if (!safetensors && !name.endsWith(".pt") && !name.endsWith(".pth")) {
            throw new IOException(out + ": the name of the output must end in .pt, .pth or .safetensors");
        }
        if (safetensors && names == Names.ROSINALITY) {
            throw new ParameterException(spec.commandLine(),
                    "--layout: rosinality names go into .pt files, got " + out);
        }
        if (half && !safetensors) {
            throw new ParameterException(spec.commandLine(), "--half: goes into .safetensors files, got " + out);
        }
        try (Device device = common.open(); var _ = device.open()) {
            Networks networks = chosen(Networks.load(in));
            if (half) {
                NetworkWriter.writeHalf(out, networks);
            } else if (safetensors) {
                NetworkWriter.writeSafetensors(out, networks);
            } else {
                NetworkWriter.writeTorch(out, networks, names.layout);
            }
        }
        spec.commandLine().getOut().println("wrote " + out);
        return ExitCode.OK;
    }

    private Networks chosen(Networks all) throws IOException {
        Networks chosen = switch (only) {
            case null -> all;
            case "G_ema" -> new Networks(all.generatorEma(), null, null);
            case "G" -> new Networks(null, all.generator(), null);
            case "D" -> new Networks(null, null, all.discriminator());
            default -> throw new ParameterException(spec.commandLine(), "--only: expected G_ema, G or D, got " + only);
        };
        if (chosen.generatorEma() == null && chosen.generator() == null && chosen.discriminator() == null) {
            throw new IOException(in + ": holds no " + only);
        }
        return chosen;
    }
}
