package stylegan4j.stylegan.data;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The labels of a {@code dataset.json}: {@code {"labels": [["00000/img0.png", 6], …]}}, a class each, or
 * {@code [..., [0, 1, 0.5]]}, a vector each (stylegan2-ada-pytorch, {@code dataset_tool.py}).
 */
final class Labels {
    private static final String FILE = "dataset.json";
    /** ImageNet's largest set has 21,841; a larger number is a mistake, and would cost as many zeros a picture. */
    private static final int MOST_CLASSES = 1 << 16;

    private Labels() {
    }

    /** One label for each picture, in the pictures' order; classes as one-hot vectors. */
    static float[][] read(Path path, PictureFiles files, List<String> all, List<String> pictures)
            throws IOException {
        Path file = path.resolve(FILE);
        if (!all.contains(FILE)) {
            throw new IOException(path + ": has no labels (no " + FILE + ")");
        }
        try {
            JsonObject root = JsonParser.parseString(new String(files.read(FILE), StandardCharsets.UTF_8))
                    .getAsJsonObject();
            if (!root.has("labels") || root.get("labels").isJsonNull()) {
                throw new IOException(file + ": has no labels");
            }
            Map<String, JsonElement> byName = new HashMap<>();
            for (JsonElement entry : root.getAsJsonArray("labels")) {
                JsonArray pair = entry.getAsJsonArray();
                byName.put(pair.get(0).getAsString(), pair.get(1));
            }
            return vectors(file, byName, pictures);
        } catch (JsonParseException | IllegalStateException | NumberFormatException | ClassCastException
                | UnsupportedOperationException | IndexOutOfBoundsException e) {
            throw new IOException(file + ": malformed labels: " + e.getMessage(), e);
        }
    }

    private static float[][] vectors(Path file, Map<String, JsonElement> byName, List<String> pictures)
            throws IOException {
        float[][] labels = new float[pictures.size()][];
        int classes = classes(file, byName);
        Map<Integer, float[]> oneHot = new HashMap<>();
        for (int i = 0; i < labels.length; i++) {
            JsonElement label = byName.get(pictures.get(i));
            if (label == null) {
                throw new IOException(file + ": no label for " + pictures.get(i));
            }
            labels[i] = label.isJsonPrimitive()
                    ? oneHot.computeIfAbsent(label.getAsInt(), at -> oneHot(at, classes)) : vector(label);
            if (labels[i].length == 0 || labels[i].length != labels[0].length) {
                throw new IOException(file + ": label of " + pictures.get(i) + " has " + labels[i].length
                        + " numbers, the first picture's has " + labels[0].length);
            }
        }
        return labels;
    }

    /** One more than the largest class. */
    private static int classes(Path file, Map<String, JsonElement> byName) throws IOException {
        int classes = 0;
        for (Map.Entry<String, JsonElement> entry : byName.entrySet()) {
            if (entry.getValue().isJsonPrimitive()) {
                int label = entry.getValue().getAsInt();
                if (label < 0 || label >= MOST_CLASSES) {
                    throw new IOException(file + ": class of " + entry.getKey() + " expected 0.."
                            + (MOST_CLASSES - 1) + ", got " + label);
                }
                classes = Math.max(classes, label + 1);
            }
        }
        return classes;
    }

    private static float[] oneHot(int at, int classes) {
        float[] vector = new float[classes];
        vector[at] = 1;
        return vector;
    }

    private static float[] vector(JsonElement label) {
        JsonArray numbers = label.getAsJsonArray();
        float[] vector = new float[numbers.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = numbers.get(i).getAsFloat();
        }
        return vector;
    }
}
