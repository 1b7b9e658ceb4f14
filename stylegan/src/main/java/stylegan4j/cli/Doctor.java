package stylegan4j.cli;

import com.google.gson.GsonBuilder;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doctor}: what this machine offers, what is missing and how to get it. */
@Command(name = "doctor", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Says what this machine offers to compute with, what is missing and how to get it.")
final class Doctor implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--verbose", description = "Also list the folders that were searched.")
    private boolean verbose;

    @Override
    public Integer call() {
        Logging.configure(spec.commandLine().getErr(), verbose);
        MachineReport report = MachineReport.make();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(report));
        } else {
            print(report, out);
        }
        return ExitCode.OK;
    }

    private void print(MachineReport report, PrintWriter out) {
        out.println("stylegan4j " + report.version());
        out.println("Java     " + report.java().version() + " (" + report.java().vendor() + "), " + report.java().home());
        out.println("System   " + report.system());
        out.println("CPU      " + report.cpu().cores() + " cores, " + (report.cpu().vectorBits() == 0
                ? "no vectors: start the JVM with --add-modules=jdk.incubator.vector"
                : report.cpu().vectorBits() + "-bit vectors"));
        MachineReport.Cuda cuda = report.cuda();
        out.println("CUDA     " + (cuda.usable() ? "can be used" : "cannot be used"));
        for (MachineReport.Library library : cuda.libraries()) {
            out.printf("  %-14s %s%n", library.name(), library.path() == null ? library.problem()
                    : library.version() + ", " + library.path() + " (" + library.source() + ")");
            if (library.remedy() != null) {
                out.printf("  %-14s to get it: %s%n", "", library.remedy());
            }
        }
        if (cuda.gpus().isEmpty()) {
            out.println("GPUs     none" + (cuda.gpuProblem() == null ? "" : ": " + cuda.gpuProblem()));
        }
        for (MachineReport.Gpu gpu : cuda.gpus()) {
            out.printf("GPU      cuda:%d  %s, %.1f GiB, compute capability %s: %s%n", gpu.index(), gpu.name(),
                    gpu.memory() / (double) (1L << 30), gpu.capability(),
                    gpu.problem() == null ? "computes correctly" : gpu.problem());
        }
        out.println("Cache    " + cuda.cache());
        out.println("--device auto takes " + report.automaticDevice());
        if (verbose) {
            cuda.searched().forEach(place -> out.println("searched " + place.folder() + " (" + place.source() + ")"));
        }
    }
}
