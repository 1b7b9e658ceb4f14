package stylegan4j.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import stylegan4j.nn.checkpoint.Checkpoint;
import stylegan4j.nn.checkpoint.PickledObject;

/** Compares what a checkpoint holds besides tensors: entries {@code path: {type, value | keys | length}}. */
final class PlainValues {
    private final Checkpoint read;

    PlainValues(Checkpoint read) {
        this.read = read;
    }

    void check(JsonObject expected) {
        for (Map.Entry<String, JsonElement> entry : expected.entrySet()) {
            boolean typed = entry.getValue() instanceof JsonObject value && value.has("type");
            if (typed) {
                check(entry.getKey(), at(entry.getKey()), entry.getValue().getAsJsonObject());
            }
        }
    }

    private Object at(String path) {
        Object node = read.root();
        for (String key : path.split("/")) {
            node = switch (node) {
                case Map<?, ?> map -> map.get(key);
                case List<?> list -> list.get(Integer.parseInt(key));
                case PickledObject object -> object.attributes().get(key);
                case null, default -> throw new AssertionError(path + ": nothing to look into at " + key);
            };
        }
        return node;
    }

    private static void check(String path, Object got, JsonObject expected) {
        JsonElement value = expected.get("value");
        switch (expected.get("type").getAsString()) {
            case "dict", "OrderedDict" -> assertEquals(strings(expected.get("keys")),
                    new ArrayList<>(assertInstanceOf(Map.class, got, path).keySet()).stream()
                            .map(String::valueOf).toList(), path);
            case "list", "tuple" -> assertEquals(expected.get("length").getAsInt(),
                    assertInstanceOf(List.class, got, path).size(), path);
            case "torch.Size" -> assertEquals(strings(value),
                    assertInstanceOf(List.class, got, path).stream().map(String::valueOf).toList(), path);
            case "set" -> assertEquals(Set.copyOf(strings(value)),
                    Set.copyOf(assertInstanceOf(Set.class, got, path).stream().map(String::valueOf).toList()), path);
            case "bytes" -> assertArrayEquals(bytes(value),
                    assertInstanceOf(MemorySegment.class, got, path).toArray(ValueLayout.JAVA_BYTE), path);
            case "int", "float" -> assertEquals(0, new BigDecimal(value.getAsString()).compareTo(
                    new BigDecimal(assertInstanceOf(Number.class, got, path).toString())), path);
            case "bool" -> assertEquals(value.getAsBoolean(), got, path);
            case "str" -> assertEquals(value.getAsString(), got, path);
            case "NoneType" -> assertNull(got, path);
            case "Namespace" -> assertInstanceOf(PickledObject.class, got, path);
            default -> throw new AssertionError(path + ": unknown type " + expected);
        }
    }

    private static List<String> strings(JsonElement array) {
        return array.getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList();
    }

    private static byte[] bytes(JsonElement array) {
        var list = array.getAsJsonArray();
        byte[] bytes = new byte[list.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) list.get(i).getAsInt();
        }
        return bytes;
    }
}
