package stylegan4j.stylegan.train;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import stylegan4j.nn.NewFile;

/** What a training tells: a line a tick for people, a JSON line a tick for programs (official {@code stats.jsonl}). */
public final class RunLog {
    private static final Gson JSON = new GsonBuilder().serializeSpecialFloatingPointValues().create();

    private final RunFolder folder;
    private final Consumer<String> out;

    /** @param out where lines for people go besides {@code log.txt} */
    public RunLog(RunFolder folder, Consumer<String> out) {
        this.folder = folder;
        this.out = out;
    }

    /** A line for people. */
    public void say(String line) throws IOException {
        out.accept(line);
        append(folder.log(), line);
    }

    /** @param values by the official names, such as {@code Loss/G/loss} */
    public void statistics(Map<String, Statistics.Summary> values) throws IOException {
        Map<String, Object> line = new LinkedHashMap<>(values);
        line.put("timestamp", System.currentTimeMillis() / 1000.0);
        append(folder.statistics(), JSON.toJson(line));
    }

    /** A measure of a snapshot, as the official {@code metric-NAME.jsonl} has it. */
    void quality(String metric, double value, Path snapshot) throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("results", Map.of(metric, value));
        line.put("metric", metric);
        line.put("snapshot", snapshot.getFileName().toString());
        line.put("timestamp", System.currentTimeMillis() / 1000.0);
        append(folder.metric(metric), JSON.toJson(line));
        say(String.format(Locale.ROOT, "%s %.4f", metric, value));
    }

    /** Forgets ticks after a number of pictures: a run that was killed and goes on makes them again. */
    public void rewind(long pictures) throws IOException {
        if (Files.exists(folder.statistics())) {
            List<String> kept = Files.readAllLines(folder.statistics()).stream()
                    .filter(line -> isUpTo(line, pictures)).toList();
            NewFile.write(folder.statistics(), path -> Files.write(path, kept));
        }
    }

    /** A line that the kill cut short is none. */
    private static boolean isUpTo(String line, long pictures) {
        try {
            double kimg = JsonParser.parseString(line).getAsJsonObject().getAsJsonObject("Progress/kimg").get("mean")
                    .getAsDouble();
            return Math.round(kimg * 1000) <= pictures;
        } catch (JsonParseException | IllegalStateException | NullPointerException e) {
            return false;
        }
    }

    private static void append(Path file, String line) throws IOException {
        try {
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw NewFile.unwritable(file, e);
        }
    }

    /** {@code 1d 02h 03m}, {@code 2m 03s}, … as the official log has it. */
    public static String duration(double seconds) {
        long s = Math.round(seconds);
        if (s < 60) {
            return String.format(Locale.ROOT, "%ds", s);
        }
        if (s < 3600) {
            return String.format(Locale.ROOT, "%dm %02ds", s / 60, s % 60);
        }
        if (s < 86400) {
            return String.format(Locale.ROOT, "%dh %02dm %02ds", s / 3600, s / 60 % 60, s % 60);
        }
        return String.format(Locale.ROOT, "%dd %02dh %02dm", s / 86400, s / 3600 % 24, s / 60 % 60);
    }
}
