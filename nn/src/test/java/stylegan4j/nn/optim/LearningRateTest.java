package stylegan4j.nn.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LearningRateTest {
    private static void check(LearningRate rate, double... expected) {
        for (int i = 0; i < expected.length; i += 2) {
            assertEquals(expected[i + 1], rate.at((long) expected[i]), 1e-12, "step " + expected[i]);
        }
    }

    @Test
    void followsItsSchedule() {
        check(LearningRate.constant(0.1), 0, 0.1, 1000, 0.1);
        check(LearningRate.steps(1, 10, 0.5), 0, 1, 9, 1, 10, 0.5, 29, 0.25);
        check(LearningRate.exponential(2, 0.9), 0, 2, 3, 2 * 0.729);
        check(LearningRate.linearDecay(1, 100, 200), 0, 1, 100, 1, 150, 0.5, 200, 0, 300, 0);
        check(LearningRate.cosine(1, 0.2, 100), 0, 1, 50, 0.6, 100, 0.2, 200, 0.2);
    }

    /** The projector's: at 2.5 % half way up, from 5 % full, at 87.5 % half way down a cosine, at the end 0. */
    @Test
    void rampedRisesStaysAndFalls() {
        check(LearningRate.ramped(0.1, 1000, 0.05, 0.25), 0, 0, 25, 0.05, 50, 0.1, 700, 0.1, 750, 0.1, 875, 0.05,
                1000, 0);
        assertEquals(0.1 * (0.5 - 0.5 * Math.cos(Math.PI * 0.4)),
                LearningRate.ramped(0.1, 1000, 0.05, 0.25).at(900), 1e-12);
    }
}
