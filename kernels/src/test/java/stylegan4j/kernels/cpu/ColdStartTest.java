package stylegan4j.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ColdStartTest {
    private static final long MILLISECOND = 1_000_000;

    private long now;
    private long compiled;

    private ColdStart start(int processors) {
        return new ColdStart(processors, () -> now, () -> compiled);
    }

    private void pass(long nanoseconds, double busy) {
        now += nanoseconds;
        compiled += Math.round(nanoseconds * busy / MILLISECOND);
    }

    @Test
    void compilersKeepTwoCoresAsLongAsTheyAreBusy() {
        ColdStart two = start(2);
        ColdStart eight = start(8);
        for (int i = 0; i < 10; i++) {
            assertEquals(0, two.helpers(1));
            assertEquals(5, eight.helpers(7));
            assertEquals(3, eight.helpers(3));
            pass(ColdStart.STRETCH, 0.6);
        }
    }

    @Test
    void allThreadsHelpOnceTheCompilersRestAndFromThenOn() {
        ColdStart start = start(2);
        pass(ColdStart.STRETCH - 1, 0);
        assertEquals(0, start.helpers(1), "before a whole stretch");
        pass(1, 0);
        assertEquals(1, start.helpers(1));
        pass(ColdStart.STRETCH, 2);
        assertEquals(1, start.helpers(1), "compilers busy again");
    }

    @Test
    void endsWhateverTheCompilersDo() {
        ColdStart start = start(4);
        for (long t = 0; t < ColdStart.LONGEST; t += ColdStart.STRETCH) {
            assertEquals(1, start.helpers(3));
            pass(ColdStart.STRETCH, 1);
        }
        assertEquals(3, start.helpers(3));
    }

    @Test
    void takesTheClocksOfThisProcess() throws InterruptedException {
        ColdStart start = ColdStart.now();
        for (int tries = 0; tries < 100 && start.helpers(1000) < 1000; tries++) {
            Thread.sleep(300);
        }
        assertEquals(1000, start.helpers(1000), "after half a minute");
    }
}
