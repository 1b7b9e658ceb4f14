package stylegan4j.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ColdStartTest {
    @Test
    void allThreadsHelpOnceTheCompilersRest() throws InterruptedException {
        var start = new ColdStart();
        int workers = 1000;
        assertTrue(start.helpers(workers) < workers, "at once");
        for (int tries = 0; tries < 100 && start.helpers(workers) < workers; tries++) {
            Thread.sleep(300);
        }
        assertEquals(workers, start.helpers(workers), "after up to half a minute of sleep");
        assertEquals(1, start.helpers(1));
    }
}
