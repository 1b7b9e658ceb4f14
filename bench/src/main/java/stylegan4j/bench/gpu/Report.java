package stylegan4j.bench.gpu;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The figures as JSON and as tables, with the official code's beside them where there are any. */
final class Report {
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().serializeSpecialFloatingPointValues().create();

    private final String device;
    private final List<Figure> figures;
    private final Peer peer;
    private final boolean trial;

    /**
     * The official code's figures: what {@code official} beside writes.
     *
     * @param failed reasons, by the names of what could not be measured
     */
    record Peer(String device, String software, Map<String, Measured> figures, Map<String, String> failed) {
        record Measured(double seconds, long memory) {
        }

        static final Peer NONE = new Peer("", "", Map.of(), Map.of());

        /** @throws IllegalArgumentException if the file is of another kind */
        static Peer read(Path file) throws IOException {
            try {
                Peer peer = GSON.fromJson(Files.readString(file), Peer.class);
                if (peer != null && peer.figures != null && peer.failed != null) {
                    return peer;
                }
            } catch (JsonParseException e) {
                throw new IllegalArgumentException("--peer " + file + ": " + e.getMessage(), e);
            }
            throw new IllegalArgumentException("--peer " + file + ": holds no figures of the official code");
        }

        /** What stands beside one of our figures: of the same name, whatever kernel or route of ours it names. */
        Measured beside(String name) {
            return figures.get(name.replace(" own kernel", "").replace(" conv2d", "").replace(" replayed", ""));
        }
    }

    /** @param trial whether sizes were tiny, so that the times say nothing of the device */
    Report(String device, List<Figure> figures, Peer peer, boolean trial) {
        this.device = device;
        this.figures = figures;
        this.peer = peer;
        this.trial = trial;
    }

    /** One figure for the terminal. */
    static String line(Figure f) {
        if (Double.isNaN(f.seconds())) {
            return f.name() + ": failed: " + f.note();
        }
        return f.name() + ": " + number(f.seconds() * 1e3, 4) + " ms"
                + (f.bytes() > 0 ? ", " + number(f.gigabytesPerSecond(), 0) + " GB/s" : "")
                + (f.flop() > 0 ? ", " + number(f.teraflops(), 2) + " TFLOP/s" : "");
    }

    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        JsonObject json = new JsonObject();
        json.addProperty("device", device);
        json.addProperty("date", LocalDate.now().toString());
        json.addProperty("trial", trial);
        json.add("figures", GSON.toJsonTree(figures));
        Files.writeString(folder.resolve("gpu.json"), GSON.toJson(json));
        Files.writeString(folder.resolve("GPU.md"), text());
    }

    String text() {
        StringBuilder text = new StringBuilder(trial
                ? "# Tiny trial: no benchmark results\n\n**A run with `--tiny` shows that everything runs. Its work is "
                        + "far too small for its times, rates and ratios to mean anything.**\n\n"
                : "# Benchmark results on a GPU\n\n");
        text.append("Written by `bin/bench`. Medians of runs, one call each, the device waited for. Rates count bytes ")
                .append("that must be read and written, and the direct method's operations; their limits are the ")
                .append("copy's and the largest product's. TF32: products in TF32; F16, BF16: features stored so, ")
                .append("in networks those of the four highest resolutions, and all other products in TF32.\n\n");
        text.append("- Date: ").append(LocalDate.now()).append("\n- Device: ").append(device).append('\n');
        if (!peer.figures().isEmpty()) {
            text.append("- Official code: ").append(peer.software()).append(", on ").append(peer.device()).append('\n');
        }
        Map<String, List<Figure>> groups = figures.stream()
                .collect(Collectors.groupingBy(Figure::group, LinkedHashMap::new, Collectors.toList()));
        Map<String, Double> limits = limits();
        groups.forEach((group, rows) -> table(text, group, rows, limits));
        if (!peer.failed().isEmpty()) {
            text.append("\n## What the official code did not do\n\n");
            peer.failed().forEach((name, why) -> text.append("- ").append(name).append(": ").append(why).append('\n'));
        }
        return text.toString();
    }

    /** Rates in TFLOP/s of the largest matrix products, by precision. */
    private Map<String, Double> limits() {
        Map<String, Double> limits = new TreeMap<>();
        figures.stream().filter(f -> f.group().equals(MatrixBenchmarks.PRODUCTS))
                .forEach(f -> limits.put(lastWord(f.name()), f.teraflops()));
        return limits;
    }

    private void table(StringBuilder text, String group, List<Figure> rows, Map<String, Double> limits) {
        text.append("\n## ").append(Character.toUpperCase(group.charAt(0))).append(group.substring(1)).append("\n\n");
        text.append("| work | stylegan4j, ms | official, ms | ratio | rate | of the limit | stylegan4j, MB "
                + "| official, MB |\n|---|---:|---:|---:|---:|---:|---:|---:|\n");
        double copy = figures.stream().filter(f -> f.name().equals(MemoryBenchmarks.COPY)).findFirst()
                .map(Figure::gigabytesPerSecond).orElse(Double.NaN);
        for (Figure f : rows) {
            if (Double.isNaN(f.seconds())) {
                text.append("| ").append(f.name()).append(" | failed: ").append(f.note().replace('|', '/'))
                        .append(" | | | | | | |\n");
                continue;
            }
            double share = f.bytes() > 0 ? f.gigabytesPerSecond() / copy
                    : f.flop() > 0 ? f.teraflops() / limits.getOrDefault(lastWord(f.name()), Double.NaN) : Double.NaN;
            Peer.Measured official = peer.beside(f.name());
            text.append("| ").append(f.name()).append(" | ").append(number(f.seconds() * 1e3, 3)).append(" | ")
                    .append(official == null ? "–" : number(official.seconds() * 1e3, 3)).append(" | ")
                    .append(official == null ? "–" : number(official.seconds() / f.seconds(), 2) + "×").append(" | ")
                    .append(f.bytes() > 0 ? number(f.gigabytesPerSecond(), 0) + " GB/s"
                            : f.flop() > 0 ? number(f.teraflops(), 1) + " TFLOP/s" : "–")
                    .append(" | ").append(Double.isNaN(share) ? "–" : number(share * 100, 0) + " %").append(" | ")
                    .append(f.memory() == 0 ? "–" : number(f.memory() / 1e6, 0)).append(" | ")
                    .append(official == null || official.memory() == 0 ? "–" : number(official.memory() / 1e6, 0))
                    .append(" |\n");
        }
    }

    private static String lastWord(String name) {
        return name.substring(name.lastIndexOf(' ') + 1);
    }

    private static String number(double value, int digits) {
        return Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
