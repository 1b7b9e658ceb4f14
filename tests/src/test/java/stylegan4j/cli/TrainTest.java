package stylegan4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stylegan4j.cli.CommandRun.good;
import static stylegan4j.cli.CommandRun.under;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.Images;

/** The command {@code train} on a handful of pictures. */
class TrainTest {
    @TempDir
    private Path temp;

    private Path data() throws IOException {
        Path data = Files.createDirectories(temp.resolve("data"));
        for (int i = 0; i < 5; i++) {
            Image image = Image.black(3, 8, 8);
            Arrays.fill(image.data(), 0, 64 + 20 * i, 200 - 10 * i);
            Images.writePng(image, data.resolve(i + ".png"));
        }
        return data;
    }

    /** Arguments with further ones; an option that is there already gets the new value. */
    private static Object[] with(Object[] first, Object... more) {
        List<Object> all = new ArrayList<>(Arrays.asList(first));
        for (int i = 0; i < more.length; i++) {
            int before = all.indexOf(more[i]);
            if (before >= 0 && i + 1 < more.length) {
                all.set(before + 1, more[++i]);
            } else {
                all.add(more[i]);
            }
        }
        return all.toArray();
    }

    private Object[] train(Object... more) throws IOException {
        Object[] small = {"train", "--data", data(), "--outdir", temp.resolve("runs"), "--batch", 2, "--cbase", 32,
            "--cmax", 4, "--zdim", 4, "--wdim", 4, "--gamma", 1, "--tick", "0.004", "--snap", 1, "--threads", 1};
        return with(small, more);
    }

    @Test
    void aRunLeavesWhatTheOfficialOneDoes() throws Exception {
        good(train("--kimg", "0.008"));
        Path run = temp.resolve("runs/00000-data-auto-batch2");
        assertEquals(Set.of("curves.svg", "fakes000000.png", "log.txt", "network-snapshot-000000.safetensors",
                "reals.png", "stats.jsonl", "training-state.safetensors"), under(run));
        assertEquals("Image[3, 64, 64]", Images.read(run.resolve("fakes000000.png")).toString());
        List<String> lines = Files.readAllLines(run.resolve("stats.jsonl"));
        assertEquals(2, lines.size());
        var last = JsonParser.parseString(lines.getLast()).getAsJsonObject();
        assertEquals(0.008, last.getAsJsonObject("Progress/kimg").get("mean").getAsDouble());
        for (String name : List.of("Loss/G/loss", "Loss/D/fake", "Loss/D/real", "Loss/scores/real")) {
            assertTrue(Double.isFinite(last.getAsJsonObject(name).get("mean").getAsDouble()), name);
        }
        Document curves = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(run.resolve("curves.svg").toFile());
        assertEquals(8, curves.getElementsByTagName("polyline").getLength());
        good("generate", "--network", run.resolve("network-snapshot-000000.safetensors"), "--seeds", 1, "--outdir",
                temp.resolve("pictures"));
        good(train("--kimg", "0.004"));
        assertTrue(Files.isDirectory(temp.resolve("runs/00001-data-auto-batch2")));
    }

    @Test
    void samplesAreMeasuredAtEverySnapshot() throws IOException {
        good(train("--kimg", "0.008", "--metrics", "avatar", "--metric-samples", 70));
        Path run = temp.resolve("runs/00000-data-auto-batch2");
        List<String> lines = Files.readAllLines(run.resolve("metric-fid70.jsonl"));
        assertEquals(2, lines.size());
        var first = JsonParser.parseString(lines.getFirst()).getAsJsonObject();
        assertEquals("network-snapshot-000000.safetensors", first.get("snapshot").getAsString());
        assertTrue(first.getAsJsonObject("results").get("fid70").getAsDouble() > 0);
    }

    /** Killed without warning, a run loses what came after its last saved state; asked to end, nothing. */
    @ParameterizedTest
    @CsvSource({"KILL, 2, 60", "INT, 2, 60", "KILL, 100000, 0"})
    void anInterruptedRunGoesOnToTheSameBytes(String signal, int snap, int minutes) throws Exception {
        good(train("--kimg", "0.12", "--snap", 2));
        Path uninterrupted = temp.resolve("runs/00000-data-auto-batch2");
        Path interrupted = temp.resolve("runs/00001-data-auto-batch2");
        Path state = interrupted.resolve("training-state.safetensors");
        ChildProcess.start(temp.resolve("child.log"), train("--kimg", 1000, "--snap", snap, "--save-minutes",
                minutes)).signal(signal, state);
        good("train", "--resume", interrupted, "--kimg", "0.12", "--tick", "0.004", "--snap", 2, "--threads", 2);
        assertEquals(-1, Files.mismatch(uninterrupted.resolve("training-state.safetensors"), state));
        List<String> kimg = Files.readAllLines(interrupted.resolve("stats.jsonl")).stream().map(line ->
                JsonParser.parseString(line).getAsJsonObject().getAsJsonObject("Progress/kimg").get("mean").toString())
                .toList();
        assertEquals(kimg.stream().distinct().toList(), kimg);
        // One tick for each four pictures, and the cut one that a run asked to end still tells of.
        assertTrue(kimg.size() == 30 || signal.equals("INT") && kimg.size() == 31, kimg::toString);
    }

    @Test
    void aFullDiskIsNamedAndTheLastStateStays() throws Exception {
        good(train("--kimg", "0.004"));
        Path run = temp.resolve("runs/00000-data-auto-batch2");
        byte[] before = Files.readAllBytes(run.resolve("training-state.safetensors"));
        var child = ChildProcess.startWithLittleRoom(8, temp.resolve("child.log"), "train", "--resume", run, "--kimg",
                "0.008", "--tick", "0.004", "--snap", 1, "--threads", 1);
        assertEquals(1, child.code(), child::printed);
        assertTrue(child.printed().lines().anyMatch(line -> line.startsWith("stylegan4j: " + run)), child::printed);
        assertFalse(child.printed().contains("internal error"), child::printed);
        assertTrue(under(run).stream().noneMatch(name -> name.endsWith(".tmp")), under(run)::toString);
        assertArrayEquals(before, Files.readAllBytes(run.resolve("training-state.safetensors")));
        good("train", "--resume", run, "--kimg", "0.008", "--tick", "0.004", "--snap", 1, "--threads", 1);
        good(train("--kimg", "0.008"));
        assertEquals(-1, Files.mismatch(temp.resolve("runs/00001-data-auto-batch2/training-state.safetensors"),
                run.resolve("training-state.safetensors")));
    }

    @Test
    void networksOfAnyFormatAreAStart() throws IOException {
        good(train("--kimg", "0.002"));
        Path run = temp.resolve("runs/00000-data-auto-batch2");
        Path pt = temp.resolve("networks.pt");
        good("convert", run.resolve("network-snapshot-000000.safetensors"), pt);
        good(train("--kimg", "0.002", "--resume", pt, "--freezed", 2));
        CommandRun narrow = CommandRun.of(train("--kimg", "0.002", "--resume", pt, "--cmax", 2));
        assertEquals(1, narrow.code());
        assertTrue(narrow.errors().getFirst().contains(pt + ": does not fit the networks to train: tensor"),
                () -> narrow.errors().toString());
    }

    @Test
    void dryRunsReadEveryPictureAndTrainNothing() throws IOException {
        String out = good(train("--dry-run", "--aug", "noaug", "--mirror")).out();
        assertTrue(out.contains("\"gamma\": 1.0") && out.contains("\"mode\": \"NOAUG\""), out);
        assertTrue(out.contains("10 pictures of 8x8 can be read"), out);
        assertTrue(Files.notExists(temp.resolve("runs")));
        Path bad = Files.write(data().resolve("bad.png"), new byte[] {1, 2, 3});
        CommandRun refused = CommandRun.of(train("--dry-run"));
        assertEquals(1, refused.code());
        assertTrue(refused.errors().getFirst().contains(bad + ": is not a PNG or JPEG picture"),
                () -> refused.errors().toString());
    }

    @Test
    void wrongUsageIsRefused() throws IOException {
        CommandRun.of("train").refused(2, "--data and --outdir are needed");
        CommandRun.of("train", "--data", temp.resolve("none"), "--outdir", temp).refused(1, "none", "no such file");
        CommandRun.of(train("--cond")).refused(1, "no dataset.json");
        CommandRun.of(train("--cfg", "big")).refused(1, "configuration expected", "got big");
        CommandRun.of(train("--batch", 0)).refused(1, "batch expected at least 1");
        CommandRun.of(train("--aug", "fixed")).refused(2, "--aug fixed: needs --p");
        CommandRun.of(train("--augpipe", "x")).refused(1, "pipe expected", "got x");
        for (Object bad : List.of(-1, "NaN", 1e15, "soon")) {
            CommandRun.of(train("--save-minutes", bad)).refused(2, "--save-minutes", "expected minutes from 0 to",
                    "got " + bad);
        }
        CommandRun.of("train", "--resume", temp).refused(1, "training-state.safetensors", "no such file");
    }
}
