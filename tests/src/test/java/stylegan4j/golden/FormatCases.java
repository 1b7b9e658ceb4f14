package stylegan4j.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DynamicTest;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.CheckpointException;
import stylegan4j.nn.checkpoint.Checkpoints;
import stylegan4j.nn.checkpoint.StoredTensor;
import stylegan4j.stylegan.Networks;
import stylegan4j.tensor.Device;

/** Cases of the folder {@code formats}: checkpoint files, described by NAME.expected.json. */
final class FormatCases {
    private static final String SUFFIX = ".expected.json";
    private static final Pattern WRONG_SHAPE = Pattern.compile("(\\S+) of shape (\\[[^]]*]) instead of (\\[[^]]*])");
    private static final Path COMMAND_TARGET = Path.of("/tmp/pwned");

    private final Path manifest;
    private final JsonObject expected;

    private FormatCases(Path manifest) throws IOException {
        this.manifest = manifest;
        this.expected = JsonParser.parseString(Files.readString(manifest)).getAsJsonObject();
    }

    static boolean describes(Path manifest) {
        return manifest.toString().endsWith(SUFFIX);
    }

    /** The tests of one manifest. */
    static List<DynamicTest> of(Path manifest) throws IOException {
        var cases = new FormatCases(manifest);
        List<DynamicTest> tests = new ArrayList<>();
        for (String file : cases.expected.getAsJsonObject("files").keySet()) {
            String name = "formats/" + file;
            if (cases.expected.get("expect").getAsString().equals("error")) {
                tests.add(DynamicTest.dynamicTest(name + " (rejected)", () -> cases.isRejected(file)));
                continue;
            }
            tests.add(DynamicTest.dynamicTest(name, () -> cases.isRead(file)));
            if (!cases.expected.getAsJsonArray("demo").isEmpty()) {
                tests.add(DynamicTest.dynamicTest(name + " (demo)",
                        () -> new NetworkDemo(cases.sibling(file), cases.values()).run()));
            }
        }
        return tests;
    }

    private Path sibling(String file) {
        return manifest.resolveSibling(file);
    }

    private Checkpoint values() throws IOException {
        return Checkpoints.read(sibling(manifest.getFileName().toString().replace(SUFFIX, ".expected.safetensors")));
    }

    private void isRead(String file) throws IOException {
        Checkpoint read = Checkpoints.read(sibling(file));
        Checkpoint values = values();
        Map<String, StoredTensor> unseen = new LinkedHashMap<>(read.tensors());
        boolean whole = expected.get("note").getAsString().indexOf("only has G_ema") < 0
                || !file.contains("-p3");
        for (JsonElement element : expected.getAsJsonArray("tensors")) {
            JsonObject tensor = element.getAsJsonObject();
            String name = tensor.get("name").getAsString();
            // A bare tensor is named after its file, of which a manifest may describe several.
            StoredTensor got = unseen.remove(read.root() instanceof StoredTensor ? unseen.keySet().iterator().next()
                    : name);
            if (got == null && !whole) {
                continue;
            }
            assertNotNull(got, name);
            assertEquals(tensor.get("dtype").getAsString(), got.dtype().safetensorsName(), name);
            assertArrayEquals(longs(tensor.getAsJsonArray("shape")), got.shape(), name);
            assertArrayEquals(values.tensor(name).data().toArray(ValueLayout.JAVA_BYTE),
                    got.data().toArray(ValueLayout.JAVA_BYTE), name);
        }
        assertTrue(unseen.isEmpty(), () -> "unexpected tensors " + unseen.keySet());
        new PlainValues(read).check(expected.getAsJsonObject("values"));
    }

    private static long[] longs(JsonArray array) {
        return array.asList().stream().mapToLong(JsonElement::getAsLong).toArray();
    }

    /** The message is one line of file, tensor and reason, and nothing was run. */
    private void isRejected(String file) {
        try (var device = GoldenDevice.open(); var _ = device.open()) {
            String message = assertThrows(CheckpointException.class, () -> Networks.load(sibling(file))).getMessage();
            assertTrue(message.contains(file) && message.lines().count() == 1, message);
            String reason = expected.getAsJsonObject("files").getAsJsonObject(file).get("reason").getAsString();
            var shape = WRONG_SHAPE.matcher(reason);
            if (shape.find()) {
                for (int i = 1; i <= shape.groupCount(); i++) {
                    assertTrue(message.contains(shape.group(i)), message);
                }
            }
        }
        assertTrue(Files.notExists(COMMAND_TARGET), "the hostile pickle's command was run");
    }
}
