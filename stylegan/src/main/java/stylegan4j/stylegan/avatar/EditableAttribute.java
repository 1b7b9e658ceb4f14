package stylegan4j.stylegan.avatar;

import java.util.Arrays;
import java.util.List;

/** What can be changed about an avatar: an attribute, and those of its values that count as having it. */
public enum EditableAttribute {
    GLASSES("glasses", "accessories", "prescription01", "prescription02", "round", "kurt", "sunglasses", "wayfarers"),
    BEARD("beard", "facialHair", "beardLight", "beardMajestic", "beardMedium", "moustacheFancy", "moustacheMagnum"),
    HAT("hat", "top", "hat", "hijab", "turban", "winterHat1", "winterHat02", "winterHat03", "winterHat04"),
    LONG_HAIR("long hair", "top", "bob", "bigHair", "curly", "curvy", "dreads", "longButNotTooLong", "miaWallace",
            "straight01", "straight02", "straightAndStrand", "shaggy", "fro", "froBand"),
    DARK_HAIR("dark hair", "hairColor", "2c1b18", "4a312c", "724133"),
    DARK_SKIN("dark skin", "skinColor", "614335", "ae5d29", "d08b5b"),
    SMILE("smile", "mouth", "smile", "twinkle", "default", "tongue"),
    SURPRISE("wide eyes", "eyes", "surprised", "default", "eyeRoll", "side");

    private final String text;
    private final String attribute;
    private final List<String> values;

    EditableAttribute(String text, String attribute, String... values) {
        this.text = text;
        this.attribute = attribute;
        this.values = List.of(values);
    }

    /** Its name in words. */
    public String text() {
        return text;
    }

    /**
     * How surely each picture has it.
     *
     * @param scores [size] of one picture, in the layout of a label
     * @return probability 0 … 1
     */
    public double probability(float[] scores, AvatarVocabulary vocabulary) {
        AvatarVocabulary.Attribute words = vocabulary.attribute(attribute);
        int offset = vocabulary.offset(attribute);
        double highest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < words.values().size(); i++) {
            highest = Math.max(highest, scores[offset + i]);
        }
        double all = 0;
        double having = 0;
        for (int i = 0; i < words.values().size(); i++) {
            double share = Math.exp(scores[offset + i] - highest);
            all += share;
            having += values.contains(words.values().get(i)) ? share : 0;
        }
        return having / all;
    }

    /**
     * Where the attribute of this name stands among all.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static EditableAttribute named(String text) {
        return Arrays.stream(values()).filter(a -> a.text.equals(text)).findFirst().orElseThrow(() ->
                new IllegalArgumentException("attribute: expected one of "
                        + Arrays.stream(values()).map(EditableAttribute::text).toList() + ", got " + text));
    }
}
