package stylegan4j.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import stylegan4j.tensor.Device;

/** Options that every computing command takes. */
final class CommonOptions {
    private static final int MOST_THREADS = 1024;
    private static final Pattern GPU = Pattern.compile("cuda:(\\d{1,3})");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--device", paramLabel = "DEVICE", defaultValue = "cpu",
            description = "Where to compute: cpu (default), cuda, cuda:N, or auto: a GPU if there is one.")
    private String device;

    @Option(names = "--threads", paramLabel = "N",
            description = "Threads to compute with; results do not depend on it (default: all cores).")
    private Integer threads;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0",
            description = "Seed of random noise (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--verbose", description = "Say more, and show where errors come from.")
    private boolean verbose;

    /** Opens the device that was asked for. */
    Device open() {
        Logging.configure(spec.commandLine().getErr(), verbose);
        if (threads != null && (threads < 1 || threads > MOST_THREADS)) {
            throw new ParameterException(spec.commandLine(), "--threads: expected 1 to " + MOST_THREADS + ", got "
                    + threads);
        }
        return switch (device) {
            case "cpu" -> threads == null ? Device.cpu() : Device.cpu(threads);
            case "auto" -> Device.best();
            case "cuda" -> Device.cuda(0);
            default -> Device.cuda(gpuIndex());
        };
    }

    private int gpuIndex() {
        Matcher gpu = GPU.matcher(device);
        if (!gpu.matches()) {
            throw new ParameterException(spec.commandLine(), "--device: expected cpu, cuda, cuda:N or auto, got "
                    + device);
        }
        return Integer.parseInt(gpu.group(1));
    }

    long seed() {
        return seed;
    }
}
