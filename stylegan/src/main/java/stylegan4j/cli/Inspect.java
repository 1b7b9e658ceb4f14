package stylegan4j.cli;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.NetworkPart;

/** {@code inspect}: what a checkpoint file holds. */
@Command(name = "inspect", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Lists the tensors of a checkpoint file and says what kind of network it holds.")
final class Inspect implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = ".pkl, .pt, .pth, .safetensors, .npy or .npz")
    private Path file;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--verbose", description = "Show where errors come from.")
    private boolean verbose;

    /** What is said of one tensor. */
    private record Row(String name, String dtype, List<Long> shape, long firstNonFinite) {
        static Row of(String name, StoredTensor tensor) {
            return new Row(name, tensor.dtype().name(), Arrays.stream(tensor.shape()).boxed().toList(),
                    tensor.firstNonFinite());
        }
    }

    @Override
    public Integer call() throws IOException {
        Logging.configure(spec.commandLine().getErr(), verbose);
        Checkpoint checkpoint = Checkpoints.read(file);
        List<String> networks = NetworkPart.of(checkpoint).stream().map(Inspect::describe).toList();
        List<Row> rows = checkpoint.tensors().entrySet().stream()
                .map(e -> Row.of(e.getKey(), e.getValue())).toList();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("file", file.toString());
            all.put("format", checkpoint.format());
            all.put("networks", networks);
            all.put("metadata", checkpoint.metadata());
            all.put("tensors", rows);
            out.println(new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(all));
        } else {
            print(out, checkpoint, networks, rows);
        }
        for (Row row : rows) {
            if (row.firstNonFinite() >= 0) {
                spec.commandLine().getErr().println("stylegan4j: warning: tensor " + row.name() + ": element "
                        + row.firstNonFinite() + " is not finite");
            }
        }
        return ExitCode.OK;
    }

    private static String describe(NetworkPart part) {
        return (part.key().isEmpty() ? "" : part.key() + ": ") + part.kind()
                + (part.layout() == null ? "" : ", names as " + part.layout().name())
                + (part.kwargs() == null ? "" : ", " + part.kwargs());
    }

    private void print(PrintWriter out, Checkpoint checkpoint, List<String> networks, List<Row> rows) {
        out.println(file + ": " + checkpoint.format());
        networks.forEach(network -> out.println("  " + network));
        int width = rows.stream().mapToInt(r -> r.name().length()).max().orElse(0);
        for (Row row : rows) {
            out.printf("  %-" + Math.max(1, width) + "s  %-4s  %s%n", row.name(), row.dtype(), row.shape());
        }
        long elements = checkpoint.tensors().values().stream().mapToLong(StoredTensor::elements).sum();
        long bytes = checkpoint.tensors().values().stream().mapToLong(StoredTensor::byteSize).sum();
        out.printf("%d tensors, %,d elements, %,d bytes%n", rows.size(), elements, bytes);
    }
}
