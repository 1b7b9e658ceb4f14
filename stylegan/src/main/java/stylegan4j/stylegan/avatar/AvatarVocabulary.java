package stylegan4j.stylegan.avatar;

import com.google.gson.Gson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the labels of an avatar say: a one-hot run for each attribute, in this order ({@code datasets/avatars}).
 *
 * @param style the drawing style, for example {@code avataaars}
 */
public record AvatarVocabulary(String style, List<Attribute> attributes) {
    /** The value of an attribute that does not show. */
    public static final String NONE = "none";

    /**
     * One thing that is said about an avatar.
     *
     * @param values in the order of the label
     */
    public record Attribute(String name, List<String> values) {
        public Attribute {
            values = List.copyOf(values);
        }

        /**
         * The place of a value.
         *
         * @throws IllegalArgumentException if the attribute has no such value
         */
        public int indexOf(String value) {
            int index = values.indexOf(value);
            if (index < 0) {
                throw new IllegalArgumentException("attribute " + name + ": expected one of " + values + ", got "
                        + value);
            }
            return index;
        }
    }

    public AvatarVocabulary {
        attributes = List.copyOf(attributes);
        if (attributes.isEmpty() || attributes.stream().anyMatch(a -> a.values().isEmpty())) {
            throw new IllegalArgumentException("vocabulary of " + style + ": an attribute has no values");
        }
    }

    /**
     * Reads a vocabulary file.
     *
     * @throws IllegalArgumentException if the text is no vocabulary
     */
    public static AvatarVocabulary parse(String json) {
        try {
            AvatarVocabulary read = new Gson().fromJson(json, AvatarVocabulary.class);
            if (read != null) {
                return read;
            }
        } catch (RuntimeException e) {
            // The JSON library wraps what a record's constructor says in exceptions of no particular type.
            throw new IllegalArgumentException("vocabulary: expected {style, attributes: [{name, values}, ...]}, got "
                    + json.substring(0, Math.min(40, json.length())), e);
        }
        throw new IllegalArgumentException("vocabulary: empty");
    }

    /** The text that {@link #parse} reads. */
    public String toJson() {
        return new Gson().toJson(this);
    }

    /** Length of a label. */
    public int size() {
        return attributes.stream().mapToInt(a -> a.values().size()).sum();
    }

    /**
     * Where an attribute's run begins in a label.
     *
     * @throws IllegalArgumentException if there is no such attribute
     */
    public int offset(String attribute) {
        int offset = 0;
        for (Attribute a : attributes) {
            if (a.name().equals(attribute)) {
                return offset;
            }
            offset += a.values().size();
        }
        throw unknown(attribute);
    }

    /**
     * An attribute by name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Attribute attribute(String name) {
        return attributes.stream().filter(a -> a.name().equals(name)).findFirst().orElseThrow(() -> unknown(name));
    }

    private IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("vocabulary of " + style + ": expected one of "
                + attributes.stream().map(Attribute::name).toList() + ", got " + name);
    }

    /**
     * The description that a label, or scores in its layout, stand for: the largest of each run.
     *
     * @param scores of length {@link #size()}
     */
    public Map<String, String> describe(float[] scores) {
        if (scores.length != size()) {
            throw new IllegalArgumentException("vocabulary of " + style + ": expected a label of " + size()
                    + " numbers, got " + scores.length);
        }
        Map<String, String> description = new LinkedHashMap<>();
        int offset = 0;
        for (Attribute attribute : attributes) {
            int best = 0;
            for (int i = 1; i < attribute.values().size(); i++) {
                if (scores[offset + i] > scores[offset + best]) {
                    best = i;
                }
            }
            description.put(attribute.name(), attribute.values().get(best));
            offset += attribute.values().size();
        }
        return description;
    }
}
