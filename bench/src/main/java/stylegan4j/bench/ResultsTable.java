package stylegan4j.bench;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jdk.incubator.vector.FloatVector;

/** Writes JMH's results as a table: our time, libtorch's, their ratio, and how much of the hardware's rate is used. */
public final class ResultsTable {
    private static final String PEAK = "PeakBenchmark";
    private static final Map.Entry<String, JsonElement> EVERY_CORE = Map.entry("threads", new JsonPrimitive("0"));

    /** Both sides of one piece of work, in milliseconds; NaN where a side was not run. */
    private record Row(double ours, double libtorch, double gflop) {
        Row with(String side, double milliseconds) {
            return side.equals("libtorch") ? new Row(ours, milliseconds, gflop)
                    : new Row(milliseconds, libtorch, gflop);
        }
    }

    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final List<ProcessFigures.Figure> processes = new ArrayList<>();
    private String jdk = "unknown";
    private double peak = Double.NaN;

    private ResultsTable() {
    }

    /** @param args the table's file, then JMH's JSON files and those of {@link ProcessFigures} */
    public static void main(String[] args) throws IOException {
        if (args.length < 2) {
            System.err.println("usage: ResultsTable TABLE.md RESULTS.json ...");
            System.exit(2);
        }
        var table = new ResultsTable();
        for (int i = 1; i < args.length; i++) {
            for (JsonElement result : JsonParser.parseString(Files.readString(Path.of(args[i]))).getAsJsonArray()) {
                if (result.getAsJsonObject().has("benchmark")) {
                    table.add(result.getAsJsonObject());
                } else {
                    table.processes.add(new Gson().fromJson(result, ProcessFigures.Figure.class));
                }
            }
        }
        Files.writeString(Path.of(args[0]), table.text());
    }

    private void add(JsonObject result) {
        String[] name = result.get("benchmark").getAsString().split("\\.");
        String benchmark = name[name.length - 2];
        String side = name[name.length - 1];
        JsonObject metric = result.getAsJsonObject("primaryMetric");
        double gflop = result.getAsJsonObject("secondaryMetrics").getAsJsonObject("gflop").getAsJsonArray("rawData")
                .get(0).getAsJsonArray().get(0).getAsDouble();
        JsonObject params = result.getAsJsonObject("params");
        jdk = result.get("vmName").getAsString() + " " + result.get("vmVersion").getAsString();
        if (benchmark.equals(PEAK)) {
            peak = gflop / percentile(metric, "0.0") * 1e3;
            return;
        }
        String label = label(benchmark, params);
        Row row = rows.getOrDefault(label, new Row(Double.NaN, Double.NaN, gflop));
        rows.put(label, row.with(side, percentile(metric, "50.0")));
    }

    private static double percentile(JsonObject metric, String which) {
        return metric.getAsJsonObject("scorePercentiles").get(which).getAsDouble();
    }

    private static String label(String benchmark, JsonObject params) {
        var label = new StringBuilder(benchmark.replace("Benchmark", ""));
        params.entrySet().stream().filter(p -> !p.equals(EVERY_CORE)).forEach(
                p -> label.append(' ').append(p.getKey()).append('=').append(p.getValue().getAsString()));
        return label.toString();
    }

    private String text() throws IOException {
        var text = new StringBuilder();
        text.append("# Benchmark results\n\n");
        text.append("Written by `bench/run`; libtorch 2.10 does the same work on the same numbers in the same run, ")
                .append("after the results were compared. Times are medians of the iterations, one call each; ")
                .append("GFLOP/s count the direct method's multiplications and additions, so that Winograd may pass ")
                .append("the peak.\n\n");
        text.append("- Date: ").append(LocalDate.now()).append('\n');
        text.append("- Processor: ").append(processor()).append('\n');
        text.append("- Vectors: ").append(FloatVector.SPECIES_PREFERRED.vectorBitSize()).append(" bit\n");
        text.append("- JVM: ").append(jdk).append('\n');
        text.append("- Threads, where a row does not say: ").append(Runtime.getRuntime().availableProcessors())
                .append('\n');
        text.append("- Peak, by multiply-adds in registers: ").append(number(peak, 0)).append(" GFLOP/s\n\n");
        text.append("| work | stylegan4j, ms | libtorch, ms | ratio | GFLOP/s | of the peak |\n");
        text.append("|---|---:|---:|---:|---:|---:|\n");
        rows.forEach((label, row) -> {
            double rate = row.gflop() / row.ours() * 1e3;
            text.append("| ").append(label).append(" | ").append(number(row.ours(), 2)).append(" | ")
                    .append(number(row.libtorch(), 2)).append(" | ").append(number(row.libtorch() / row.ours(), 2))
                    .append("× | ").append(number(rate, 1)).append(" | ").append(number(rate / peak * 100, 0))
                    .append(" % |\n");
        });
        if (!processes.isEmpty()) {
            text.append("\nWhole processes, built already; medians of runs, peak resident memory.\n\n");
            text.append("| work | seconds | MB |\n|---|---:|---:|\n");
            processes.forEach(figure -> text.append("| ").append(figure.work()).append(" | ")
                    .append(number(figure.seconds(), 2)).append(" | ").append(number(figure.megabytes(), 0))
                    .append(" |\n"));
        }
        return text.toString();
    }

    private static String number(double value, int digits) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    /** The processor's name as Linux gives it, elsewhere the architecture. */
    private static String processor() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        if (Files.isReadable(info)) {
            for (String line : Files.readAllLines(info)) {
                if (line.startsWith("model name")) {
                    return line.substring(line.indexOf(':') + 1).strip();
                }
            }
        }
        return System.getProperty("os.arch");
    }
}
