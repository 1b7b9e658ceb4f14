package stylegan4j.stylegan.avatar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stylegan4j.stylegan.avatar.AvatarVocabulary.Attribute;

class AvatarVocabularyTest {
    private static final AvatarVocabulary WORDS = new AvatarVocabulary("test", List.of(
            new Attribute("hat", List.of("none", "fez")), new Attribute("eyes", List.of("a", "b", "c"))));

    @ParameterizedTest
    @ValueSource(strings = {"avataaars", "toon-head"})
    void readsTheRecipesFiles(String style) throws IOException {
        AvatarVocabulary words = AvatarVocabulary.parse(Files.readString(
                Path.of("datasets/avatars/vocabulary-" + style + ".json")));
        assertEquals(style, words.style());
        assertTrue(words.attribute("mouth").values().contains("smile"));
        assertEquals(words, AvatarVocabulary.parse(words.toJson()));
    }

    @Test
    void laysOneRunAfterTheOther() {
        assertEquals(5, WORDS.size());
        assertEquals(0, WORDS.offset("hat"));
        assertEquals(2, WORDS.offset("eyes"));
        assertEquals(1, WORDS.attribute("eyes").indexOf("b"));
    }

    @Test
    void describesByTheLargestOfEachRun() {
        assertEquals(Map.of("hat", "fez", "eyes", "c"), WORDS.describe(new float[] {0, 1, 0, 0, 1}));
        assertEquals(Map.of("hat", "none", "eyes", "a"), WORDS.describe(new float[] {-3, -4, -1, -1, -2}),
                "the first of equals");
    }

    @Test
    void namesWhatItDoesNotKnow() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> WORDS.offset("nose")).getMessage()
                .contains("nose"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> WORDS.attribute("hat").indexOf("cap"))
                .getMessage().contains("cap"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> WORDS.describe(new float[4])).getMessage()
                .contains("expected a label of 5 numbers, got 4"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "nonsense", "{}", "{\"style\":\"x\",\"attributes\":[]}",
            "{\"style\":\"x\",\"attributes\":[{\"name\":\"hat\"}]}",
            "{\"style\":\"x\",\"attributes\":[{\"name\":\"hat\",\"values\":[]}]}"})
    void refusesOtherTexts(String text) {
        assertThrows(IllegalArgumentException.class, () -> AvatarVocabulary.parse(text));
    }
}
