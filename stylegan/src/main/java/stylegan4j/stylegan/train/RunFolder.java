package stylegan4j.stylegan.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where one training keeps its files, named as the official ones: {@code 00003-description/} with
 * {@code training-state.safetensors}, {@code network-snapshot-000120.safetensors}, {@code fakes000120.png},
 * {@code reals.png}, {@code stats.jsonl}, {@code curves.svg}, {@code log.txt}.
 */
public record RunFolder(Path path) {
    private static final String STATE = "training-state.safetensors";
    private static final Pattern NUMBERED = Pattern.compile("(\\d{5,})-.*");

    /** Makes the next numbered folder in {@code outdir}. */
    public static RunFolder create(Path outdir, String description) throws IOException {
        Files.createDirectories(outdir);
        long next = 0;
        try (var entries = Files.newDirectoryStream(outdir)) {
            for (Path entry : entries) {
                Matcher name = NUMBERED.matcher(entry.getFileName().toString());
                if (name.matches()) {
                    next = Math.max(next, Long.parseLong(name.group(1)) + 1);
                }
            }
        }
        return new RunFolder(Files.createDirectory(outdir.resolve(
                String.format(Locale.ROOT, "%05d-%s", next, description.replaceAll("[^\\w.,+-]", "_")))));
    }

    /** The newest state of the training. */
    public Path state() {
        return path.resolve(STATE);
    }

    Path snapshot(long pictures) {
        return path.resolve(numbered("network-snapshot-", pictures, ".safetensors"));
    }

    Path fakes(long pictures) {
        return path.resolve(numbered("fakes", pictures, ".png"));
    }

    Path reals() {
        return path.resolve("reals.png");
    }

    Path statistics() {
        return path.resolve("stats.jsonl");
    }

    Path curves() {
        return path.resolve("curves.svg");
    }

    Path metric(String name) {
        return path.resolve("metric-" + name + ".jsonl");
    }

    Path log() {
        return path.resolve("log.txt");
    }

    /** By thousands of pictures, as the official code does. */
    private static String numbered(String before, long pictures, String after) {
        return before + String.format(Locale.ROOT, "%06d", pictures / 1000) + after;
    }
}
