package stylegan4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import stylegan4j.kernels.cuda.driver.GpuException;

/** What a user sees when something goes wrong: one line and an exit code; the stack trace only with --verbose. */
final class Failures {
    private Failures() {
    }

    static int usage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        List<String> meant = e instanceof UnmatchedArgumentException unknown ? unknown.getSuggestions() : List.of();
        command.getErr().println("stylegan4j: " + oneLine(e.getMessage()) + " ("
                + (meant.isEmpty() ? "" : "did you mean " + String.join(" or ", meant) + "? ")
                + "try '" + command.getCommandSpec().qualifiedName() + " --help')");
        return e.getCause() instanceof Ranges.Refused ? ExitCode.SOFTWARE : ExitCode.USAGE;
    }

    static int execution(Exception e, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        boolean verbose = parsed.hasMatchedOption("--verbose");
        Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
        String reason = reason(cause);
        err.println("stylegan4j: " + (reason != null ? reason : "internal error, please report it: " + cause
                + (verbose ? "" : " (--verbose shows where)")));
        if (verbose) {
            cause.printStackTrace(err);
        }
        return ExitCode.SOFTWARE;
    }

    /** What went wrong in one line; null if it is no fault of the user's. */
    static String reason(Throwable cause) {
        return switch (cause) {
            case NoSuchFileException missing -> missing.getFile() + ": no such file";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case FileSystemException failed -> failed.getFile() + ": "
                    + (failed.getReason() == null ? "cannot be used" : oneLine(failed.getReason()));
            case IOException failed -> oneLine(failed.getMessage());
            case GpuException failed -> oneLine(failed.getMessage());
            case IllegalArgumentException refused -> oneLine(refused.getMessage());
            default -> null;
        };
    }

    private static String oneLine(String message) {
        return message == null ? "failed without a reason" : message.replaceAll("\\s*\\R\\s*", " ");
    }
}
