package stylegan4j.kernels.cuda.library;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Folder listings by pattern, in a fixed order; what cannot be read counts as empty. */
final class Globs {
    /** Higher version numbers first: python3.13 before python3.9, cuda-13.0 before cuda-12.6. */
    static final Comparator<Path> NEWEST_FIRST = Comparator.comparing(Globs::sortable).reversed();

    private Globs() {
    }

    /** What matches {@code pattern}, a path of glob patterns such as {@code lib/python3*}, under {@code folder}. */
    static List<Path> under(Path folder, String pattern) {
        List<Path> found = List.of(folder);
        for (String part : pattern.split("/")) {
            List<Path> next = new ArrayList<>();
            for (Path parent : found) {
                next.addAll(children(parent, part));
            }
            found = next;
        }
        return found;
    }

    private static List<Path> children(Path folder, String pattern) {
        List<Path> children = new ArrayList<>();
        if (pattern.chars().noneMatch(c -> c == '*' || c == '{')) {
            Path child = folder.resolve(pattern);
            return Files.exists(child) ? List.of(child) : children;
        }
        if (!Files.isDirectory(folder)) {
            return children;
        }
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, pattern)) {
            stream.forEach(children::add);
        } catch (IOException | DirectoryIteratorException e) {
            return children;
        }
        children.sort(NEWEST_FIRST);
        return children;
    }

    /** The name with each run of digits padded, so that text order is the order of versions. */
    private static String sortable(Path path) {
        StringBuilder text = new StringBuilder();
        for (String run : path.getFileName().toString().split("(?<=\\D)(?=\\d)|(?<=\\d)(?=\\D)")) {
            boolean digits = Character.isDigit(run.charAt(0));
            text.append(digits ? "0".repeat(Math.max(0, 12 - run.length())) + run : run);
        }
        return text.toString();
    }
}
