package stylegan4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stylegan4j.cli.CommandRun.good;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.avatar.Avatars;

/** The command that makes the figures of the shipped model's card. */
class EvaluateAvatarsTest {
    /** Distance, decibels, distance, two similarities, seconds. */
    private static final String ROW =
            "\\| %s \\| 0\\.\\d{4} \\| \\d+\\.\\d\\d \\| 0\\.\\d{4} \\| 0\\.\\d{4} \\| 0\\.\\d{4} \\| .*";

    @TempDir
    private Path folder;

    @Test
    void oneRowAMethodWhateverTheBatch() throws IOException {
        Path pictures = heldOut();
        List<String> single = rows("--heldout", pictures, "--methods", "pSp,e4e", "--pictures", 3);
        assertEquals(2, single.size());
        assertTrue(single.get(0).matches(ROW.formatted("pSp")), single.get(0));
        assertTrue(single.get(1).matches(ROW.formatted("e4e")), single.get(1));
        List<String> batched = rows("--heldout", pictures, "--methods", "pSp,e4e", "--pictures", 3, "--batch", 2);
        for (int i = 0; i < 2; i++) {
            assertEquals(withoutSeconds(single.get(i)), withoutSeconds(batched.get(i)));
        }
    }

    @Test
    void partsMakeTheWhole() throws IOException {
        Path pictures = heldOut();
        double sum = 0;
        for (int first = 0; first < 3; first++) {
            sum += decibels(rows("--heldout", pictures, "--methods", "pSp", "--first", first, "--pictures", 1));
        }
        assertEquals(decibels(rows("--heldout", pictures, "--methods", "pSp", "--pictures", 3)), sum / 3, 0.01);
    }

    private static double decibels(List<String> rows) {
        return Double.parseDouble(rows.getFirst().split("\\|")[3]);
    }

    @Test
    void editsAreToldByTheAttributes() throws IOException {
        Path pictures = heldOut();
        String still = rows("--heldout", pictures, "--methods", "e4e", "--edits", 0).getFirst();
        assertTrue(still.endsWith("| 0.0 % | 100.0 % |"), still);
        String moved = rows("--heldout", pictures, "--methods", "e4e", "--edits", 5).getFirst();
        assertTrue(share(moved, 2) > 20 && share(moved, 1) < 100, moved);
    }

    /** One of the last columns, in percent. */
    private static double share(String row, int fromEnd) {
        String[] columns = row.split("\\|");
        return Double.parseDouble(columns[columns.length - fromEnd].replace("%", "").strip());
    }

    @Test
    void wrongUsageIsRefused() throws IOException {
        refused("--batch", 0, "--batch: expected 1 or more, got 0");
        refused("--pictures", 0, "--pictures: expected 1 or more, got 0");
        refused("--steps", -1, "--steps: expected 1 or more, got -1");
        refused("--samples", 0, "--samples: expected 1 or more, got 0");
        refused("--edits", "NaN", "--edits: expected a number, got NaN");
        refused("--first", -1, "--first: expected 0 or more, got -1");
        refused("--first", 4, "has 4 pictures, got 4");
        refused("--methods", "W,psp", "--methods: expected some of [", "or none, got [W, psp]");
        CommandRun.of("evaluate-avatars", "--heldout", folder.resolve("none.zip")).refused(1, "none.zip");
    }

    private void refused(String option, Object value, String... lines) throws IOException {
        CommandRun.of("evaluate-avatars", "--heldout", heldOut(), option, value).refused(2, lines);
    }

    private Path heldOut() throws IOException {
        Path pictures = folder.resolve("heldout");
        Files.createDirectories(pictures);
        for (var picture : Avatars.heldout().entrySet()) {
            Images.write(picture.getValue(), pictures.resolve(picture.getKey() + ".png"));
        }
        return pictures;
    }

    private static List<String> rows(Object... arguments) {
        Object[] line = new Object[arguments.length + 1];
        line[0] = "evaluate-avatars";
        System.arraycopy(arguments, 0, line, 1, arguments.length);
        return good(line).out().lines().filter(row -> row.matches("\\| [^m-].*")).toList();
    }

    private static String withoutSeconds(String row) {
        return row.substring(0, row.lastIndexOf('|', row.length() - 3));
    }
}
