package stylegan4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One call of the command line in this process.
 *
 * @param code its exit code
 * @param out what it printed
 * @param errors lines on stderr
 */
record CommandRun(int code, String out, List<String> errors) {
    /** Runs a command; arguments are paths, numbers or texts. */
    static CommandRun of(Object... args) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true),
                Arrays.stream(args).map(String::valueOf).toArray(String[]::new));
        return new CommandRun(code, out.toString(), err.toString().lines().toList());
    }

    /** A command that must succeed without a word on stderr. */
    static CommandRun good(Object... args) {
        CommandRun run = of(args);
        assertEquals(List.of(), run.errors);
        assertEquals(0, run.code);
        return run;
    }

    /** One line on stderr with all these words, nothing on stdout. */
    void refused(int expectedCode, Object... words) {
        assertEquals(1, errors.size(), () -> "lines on stderr: " + errors);
        for (Object word : words) {
            assertTrue(errors.getFirst().contains(word.toString()), () -> "no " + word + " in " + errors);
        }
        assertEquals(expectedCode, code, () -> errors.toString());
        assertEquals("", out);
    }

    /** A file of the golden folder {@code formats}. */
    static Path fixture(String name) {
        try {
            return Path.of(CommandRun.class.getResource("/golden/formats/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Everything under a folder, as relative paths. */
    static Set<String> under(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            return paths.filter(p -> !p.equals(folder)).map(p -> folder.relativize(p).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
