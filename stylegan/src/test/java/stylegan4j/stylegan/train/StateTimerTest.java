package stylegan4j.stylegan.train;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StateTimerTest {
    @Test
    void isDueWhenTheTimeHasPassedSinceTheLastStateOfAnyOrigin() {
        // Clocks of this kind may start anywhere and pass the largest number.
        var clock = new AtomicLong(Long.MAX_VALUE - 5);
        var timer = new StateTimer(Duration.ofNanos(10), clock::get);
        assertFalse(timer.isDue());
        clock.addAndGet(9);
        assertFalse(timer.isDue());
        clock.addAndGet(1);
        assertTrue(timer.isDue());
        clock.addAndGet(5);
        timer.saved();
        assertFalse(timer.isDue());
        clock.addAndGet(10);
        assertTrue(timer.isDue());
    }
}
