package stylegan4j.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. Exit codes: 0 done, 1 failed (one line on stderr says why), 2 wrong usage. */
@Command(name = "stylegan4j", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "StyleGAN on the JVM: generate, train, invert, mix, convert and inspect.",
        synopsisSubcommandLabel = "COMMAND")
public final class Main {
    private static final List<Class<?>> COMMANDS = List.of(DemoCommand.class, Generate.class, StyleMix.class,
            Interpolate.class, Project.class, Invert.class, Translate.class, Mix.class, Morph.class, Metrics.class,
            Convert.class, Inspect.class, Train.class, TrainEncoder.class, Doctor.class, TrainFeatures.class,
            FindDirections.class, EvaluateAvatars.class);

    private Main() {
    }

    /** Runs a command and ends the JVM with its exit code. */
    public static void main(String[] args) {
        System.exit(run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args));
    }

    /** Runs a command, and returns its exit code. */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine commandLine = new CommandLine(new Main());
        commandsFor(args).forEach(commandLine::addSubcommand);
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

    /** The named command alone, or all where none is named: reading the options of all takes half a second. */
    private static List<Class<?>> commandsFor(String[] args) {
        List<Class<?>> named = COMMANDS.stream().filter(type -> args.length > 0
                && type.getAnnotation(Command.class).name().equals(args[0])).toList();
        return named.isEmpty() ? COMMANDS : named;
    }
}
