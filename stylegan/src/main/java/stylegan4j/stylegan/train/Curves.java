package stylegan4j.stylegan.train;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import stylegan4j.nn.NewFile;

/** Draws the statistics of a run as curves over thousands of pictures: one SVG with a panel for each group. */
final class Curves {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 200;
    private static final int LEFT = 60;
    private static final int TOP = 40;
    private static final int GAP = 50;
    private static final String[] COLOURS = {"#0072b2", "#d55e00", "#009e73"};

    private record Panel(String title, Map<String, String> lines) {
    }

    private static final List<Panel> PANELS = List.of(
            new Panel("loss", ordered("generator", "Loss/G/loss", "discriminator, fake", "Loss/D/fake",
                    "discriminator, real", "Loss/D/real")),
            new Panel("sign of logits", ordered("real", "Loss/signs/real", "fake", "Loss/signs/fake")),
            new Panel("regularisation", ordered("R1", "Loss/r1_penalty", "path length", "Loss/pl_penalty")),
            new Panel("augmentation", ordered("p", "Progress/augment")));

    private Curves() {
    }

    private static Map<String, String> ordered(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    /** @param statistics the run's {@code stats.jsonl} */
    static void write(Path statistics, Path file) throws IOException {
        List<JsonObject> ticks = new ArrayList<>();
        for (String line : Files.readAllLines(statistics)) {
            ticks.add(JsonParser.parseString(line).getAsJsonObject());
        }
        StringBuilder svg = new StringBuilder();
        int height = PANELS.size() * (HEIGHT + GAP) + TOP;
        svg.append(String.format(Locale.ROOT, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
                + "font-family=\"sans-serif\" font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\" "
                + "fill=\"white\"/>%n", WIDTH + LEFT + 20, height));
        for (int i = 0; i < PANELS.size(); i++) {
            panel(svg, PANELS.get(i), ticks, TOP + i * (HEIGHT + GAP));
        }
        svg.append("</svg>\n");
        NewFile.write(file, path -> Files.writeString(path, svg));
    }

    private static void panel(StringBuilder svg, Panel panel, List<JsonObject> ticks, int top) {
        double most = 0;
        double least = 0;
        double end = 1e-9;
        for (JsonObject tick : ticks) {
            end = Math.max(end, mean(tick, "Progress/kimg"));
            for (String name : panel.lines.values()) {
                double value = mean(tick, name);
                most = Double.isFinite(value) ? Math.max(most, value) : most;
                least = Double.isFinite(value) ? Math.min(least, value) : least;
            }
        }
        double range = Math.max(1e-9, most - least);
        text(svg, LEFT, top - 8, "start", "#000", panel.title);
        text(svg, LEFT - 6, top + 10, "end", "#555", number(most));
        text(svg, LEFT - 6, top + HEIGHT, "end", "#555", number(least));
        text(svg, LEFT + WIDTH, top + HEIGHT + 16, "end", "#555", number(end) + " kimg");
        svg.append(String.format(Locale.ROOT, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" "
                + "stroke=\"#ccc\"/>%n", LEFT, top, WIDTH, HEIGHT));
        int line = 0;
        for (Map.Entry<String, String> entry : panel.lines.entrySet()) {
            String colour = COLOURS[line];
            text(svg, LEFT + 120 + 160 * line++, top - 8, "start", colour, entry.getKey());
            svg.append("<polyline fill=\"none\" stroke=\"").append(colour).append("\" points=\"");
            for (JsonObject tick : ticks) {
                double value = mean(tick, entry.getValue());
                if (Double.isFinite(value)) {
                    svg.append(String.format(Locale.ROOT, "%.1f,%.1f ",
                            LEFT + WIDTH * mean(tick, "Progress/kimg") / end,
                            top + HEIGHT * (most - value) / range));
                }
            }
            svg.append("\"/>\n");
        }
    }

    private static void text(StringBuilder svg, int x, int y, String anchor, String colour, String text) {
        svg.append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"%s\">%s</text>%n", x,
                y, anchor, colour, text));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    private static double mean(JsonObject tick, String name) {
        return tick.has(name) ? tick.getAsJsonObject(name).get("mean").getAsDouble() : Double.NaN;
    }
}
