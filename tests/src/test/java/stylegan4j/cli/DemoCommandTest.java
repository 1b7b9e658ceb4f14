package stylegan4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stylegan4j.cli.CommandRun.good;
import static stylegan4j.cli.CommandRun.under;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first command of the README, in a hurry. */
class DemoCommandTest {
    @TempDir
    private Path folder;

    @Test
    void demoNeedsNothingButTheLibrary() throws IOException {
        List<String> table = good("demo", "--steps", "2", "--outdir", folder.resolve("new/demo")).out().lines()
                .toList();
        assertEquals(1 + 10 + 1, table.size(), table.toString());
        assertTrue(table.getFirst().startsWith("method"), table.getFirst());
        for (String line : table.subList(1, 11)) {
            assertTrue(line.matches(".+?( +-?[0-9]+\\.[0-9]+){6}"), line);
        }
        assertTrue(table.getLast().endsWith("report.html"), table.getLast());
        assertEquals(Set.of("new", "new/demo", "new/demo/report.html"), under(folder));
        assertTrue(Files.readString(folder.resolve("new/demo/report.html")).contains("heldout-23"));
    }

    @Test
    void stepsMustBePositive() {
        CommandRun.of("demo", "--steps", "0", "--outdir", folder).refused(1, "step", "0");
    }
}
