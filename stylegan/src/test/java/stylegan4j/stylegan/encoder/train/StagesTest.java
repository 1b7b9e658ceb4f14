package stylegan4j.stylegan.encoder.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class StagesTest {
    @Test
    void offsetsOpenAsThePublishedRuleSays() {
        Stages stages = Stages.progressive(4, 20000, 2000);
        assertEquals(List.of(0L, 20000L, 22000L, 24000L), stages.steps());
        assertEquals(0, stages.at(0, 4));
        assertEquals(0, stages.at(19999, 4));
        assertEquals(1, stages.at(20000, 4));
        assertEquals(2, stages.at(23999, 4));
        assertEquals(3, stages.at(24000, 4));
        assertEquals(3, stages.at(900000, 4));
    }

    @Test
    void withoutStepsAllAreOpen() {
        assertEquals(10, Stages.NONE.at(0, 10));
        Stages.NONE.requireFor(10);
    }

    @Test
    void refusesStepsThatMeanNothing() {
        assertThrows(IllegalArgumentException.class, () -> new Stages(List.of(1L, 2L)));
        assertThrows(IllegalArgumentException.class, () -> new Stages(List.of(0L, 5L, 4L)));
        String message = assertThrows(IllegalArgumentException.class,
                () -> Stages.progressive(4, 1, 1).requireFor(10)).getMessage();
        assertTrue(message.contains("10 styles, got steps for 4"), message);
    }
}
