package stylegan4j.kernels.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The kernels' sources, as packed beside the classes. Headers of ours are put in where they are included, so that a
 * compiler needs to find no file.
 */
public final class KernelSources {
    private static final String FOLDER = "/stylegan4j/cuda/";
    private static final Pattern INCLUDE = Pattern.compile("\\s*#include\\s+\"([^\"]+\\.cuh)\"\\s*");

    private KernelSources() {
    }

    /**
     * The text of a source with its headers.
     *
     * @param file e.g. {@code elementwise.cu}
     */
    public static String text(String file) {
        StringBuilder text = new StringBuilder();
        append(file, text, new HashSet<>());
        return text.toString();
    }

    private static void append(String file, StringBuilder text, Set<String> seen) {
        if (!seen.add(file)) {
            return;
        }
        text.append("#line 1 \"").append(file).append("\"\n");
        int number = 1;
        for (String line : read(file).split("\n", -1)) {
            Matcher include = INCLUDE.matcher(line);
            if (include.matches()) {
                append(include.group(1), text, seen);
                text.append("#line ").append(number + 1).append(" \"").append(file).append("\"\n");
            } else if (!line.equals("#pragma once")) {
                text.append(line).append('\n');
            } else {
                text.append('\n');
            }
            number++;
        }
    }

    private static String read(String file) {
        if (file.equals(OpCodes.FILE)) {
            return OpCodes.header();
        }
        try (InputStream in = KernelSources.class.getResourceAsStream(FOLDER + file)) {
            if (in == null) {
                throw new IllegalArgumentException("kernel source " + file + ": not found");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Prints a source with its headers, for a compiler's command line. */
    public static void main(String[] args) {
        System.out.print(text(args[0]));
    }
}
