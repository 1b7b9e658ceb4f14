package stylegan4j.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. Exit codes: 0 done, 1 failed (one line on stderr says why), 2 wrong usage. */
@Command(name = "stylegan4j", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "StyleGAN on the JVM: generate, train, invert, mix, convert and inspect.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DemoCommand.class, Generate.class, StyleMix.class, Interpolate.class, Project.class,
            Invert.class, Translate.class, Mix.class, Morph.class, Metrics.class, Convert.class, Inspect.class,
            Train.class, TrainEncoder.class,
            Doctor.class, TrainFeatures.class, FindDirections.class, EvaluateAvatars.class})
public final class Main {
    private Main() {
    }

    /** Runs a command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        System.exit(run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args));
    }

    /** Runs a command, and returns its exit code. */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine commandLine = new CommandLine(new Main());
        commandLine.setOut(out).setErr(err).setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setParameterExceptionHandler(Failures::usage).setExecutionExceptionHandler(Failures::execution);
        if (args.length == 0) {
            commandLine.usage(err);
            return CommandLine.ExitCode.USAGE;
        }
        try {
            return commandLine.execute(args);
        } catch (OutOfMemoryError e) {
            err.println("stylegan4j: out of memory: " + e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        }
    }
}
