package stylegan4j.nn.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files written by torch, numpy and NVlabs' code. */
class GoldenFormatsTest {
    private static final Path GOLDEN = Path.of("..", "tests", "src", "test", "resources", "golden", "formats");

    private static JsonObject expected(String name) throws IOException {
        return JsonParser.parseString(Files.readString(GOLDEN.resolve(name + ".expected.json"))).getAsJsonObject();
    }

    @ParameterizedTest
    @CsvSource({"boundary, npy, boundary.npy", "direction, torch, direction.pt",
        "projected_w, npz, projected_w.npz", "rosinality-tiny, torch, rosinality-tiny.pt",
        "rosinality-tiny, torch-legacy, rosinality-tiny-legacy.pt", "torch-dtypes, torch, torch-dtypes.pt",
        "torch-dtypes, torch-legacy, torch-dtypes-legacy.pt", "nvlabs-sg2ada-tiny, pickle, nvlabs-sg2ada-tiny.pkl",
        "nvlabs-sg3-tiny, pickle, nvlabs-sg3-tiny.pkl"})
    void everyTensorIsThere(String expected, String format, String file) throws IOException {
        var read = Checkpoints.read(GOLDEN.resolve(file));
        assertEquals(format, read.format());
        var values = Checkpoints.read(GOLDEN.resolve(expected + ".expected.safetensors"));
        var tensors = expected(expected).getAsJsonArray("tensors");
        assertEquals(tensors.size(), read.tensors().size());
        for (var entry : tensors) {
            var name = entry.getAsJsonObject().get("name").getAsString();
            Samples.assertSame(name, values.tensor(name), read.tensor(name));
        }
    }

    @ParameterizedTest
    @CsvSource({"nvlabs-sg2ada-tiny", "nvlabs-sg3-tiny"})
    void networksKeepTheirArgumentsAndOrder(String name) throws IOException {
        var networks = NvlabsNetwork.of(Checkpoints.read(GOLDEN.resolve(name + ".pkl")));
        assertEquals(List.of("G", "D", "G_ema"), new ArrayList<>(networks.keySet()));
        var expected = expected(name);
        for (var network : networks.entrySet()) {
            var values = expected.getAsJsonObject("values").getAsJsonObject(network.getKey());
            assertEquals(values.get("class_name").getAsString(), network.getValue().className());
            assertEquals(List.of(), network.getValue().initArgs());
            assertPlain(values.getAsJsonObject("init_kwargs"), network.getValue().initKwargs());
            var order = new ArrayList<String>();
            for (var tensor : expected.getAsJsonArray("tensors")) {
                var tensorName = tensor.getAsJsonObject().get("name").getAsString();
                if (tensorName.startsWith(network.getKey() + "/")) {
                    order.add(tensorName.substring(network.getKey().length() + 1));
                }
            }
            assertEquals(order, new ArrayList<>(network.getValue().state().keySet()));
        }
    }

    @Test
    void protocolThreeHoldsOneNetwork() throws IOException {
        var read = Checkpoints.read(GOLDEN.resolve("nvlabs-sg2ada-tiny-p3.pkl"));
        assertEquals(List.of("G_ema"), new ArrayList<>(NvlabsNetwork.of(read).keySet()));
        var values = Checkpoints.read(GOLDEN.resolve("nvlabs-sg2ada-tiny.expected.safetensors"));
        read.tensors().forEach((name, tensor) -> Samples.assertSame(name, values.tensors().get(name), tensor));
    }

    private static void assertPlain(JsonObject expected, Map<?, ?> actual) {
        assertEquals(expected.keySet(), actual.keySet());
        for (var entry : expected.entrySet()) {
            var value = actual.get(entry.getKey());
            if (entry.getValue().isJsonObject()) {
                assertPlain(entry.getValue().getAsJsonObject(), (Map<?, ?>) value);
            } else if (value instanceof Number number) {
                assertEquals(entry.getValue().getAsDouble(), number.doubleValue(), entry.getKey());
            } else {
                assertEquals(entry.getValue().getAsString(), String.valueOf(value), entry.getKey());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"malicious.pkl, os.system", "truncated.pt, truncated zip",
        "bomb.pt, tensor g_ema/conv1.conv.weight: storage 0 is declared with 1152921504606846976 elements",
        "bomb-zip64.pt, tensor g_ema/conv1.conv.weight: zip entry bomb/data/0 claims 1152921504606846976 bytes"})
    void hostileFilesAreRefused(String file, String reason) throws IOException {
        var message = Samples.refusal(Files.readAllBytes(GOLDEN.resolve(file)));
        assertTrue(message.contains(reason), message);
    }

    @Test
    void aWrongShapeIsNotThisLayersConcern() throws IOException {
        var read = Checkpoints.read(GOLDEN.resolve("wrong-shape.pt"));
        assertEquals("F32[32, 16]", read.tensor("g_ema/convs.0.conv.modulation.weight").toString());
    }
}
