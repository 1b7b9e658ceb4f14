package stylegan4j.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import stylegan4j.tensor.Device;

/** Options that every computing command takes. */
final class CommonOptions {
    private static final int MOST_THREADS = 1024;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--device", paramLabel = "DEVICE", defaultValue = "cpu",
            description = "Where to compute: cpu (default).")
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
        if (!device.equals("cpu")) {
            throw new ParameterException(spec.commandLine(), "--device: expected cpu, got " + device);
        }
        if (threads != null && (threads < 1 || threads > MOST_THREADS)) {
            throw new ParameterException(spec.commandLine(), "--threads: expected 1 to " + MOST_THREADS + ", got "
                    + threads);
        }
        return threads == null ? Device.cpu() : Device.cpu(threads);
    }

    long seed() {
        return seed;
    }
}
