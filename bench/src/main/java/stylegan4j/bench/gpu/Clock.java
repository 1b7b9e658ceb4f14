package stylegan4j.bench.gpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import stylegan4j.kernels.Backend;
import stylegan4j.kernels.Buffer;

/**
 * Times work on a device from the host: enough calls in a row that starting and waiting do not count, the median of
 * several such runs. Reading four bytes waits for all that came before.
 */
final class Clock implements AutoCloseable {
    private final Backend backend;
    private final double leastSeconds;
    private final int runs;
    private final Buffer mark;
    private final List<Figure> figures = new ArrayList<>();

    /** @param leastSeconds that a run lasts */
    Clock(Backend backend, double leastSeconds, int runs) {
        this.backend = backend;
        this.leastSeconds = leastSeconds;
        this.runs = runs;
        this.mark = backend.allocate(Float.BYTES);
    }

    /** Measures {@code work}; a failure becomes a figure that tells of it. */
    Figure measure(String group, String name, double bytes, double flop, Runnable work) {
        Figure figure;
        try {
            backend.resetPeak();
            double seconds = seconds(work);
            figure = new Figure(group, name, seconds, bytes, flop, backend.memory().peak(), "");
        } catch (RuntimeException e) {
            figure = failed(group, name, e);
        }
        return keep(figure);
    }

    /** Records that something could not be measured. */
    Figure fail(String group, String name, RuntimeException why) {
        return keep(failed(group, name, why));
    }

    List<Figure> figures() {
        return figures;
    }

    private static Figure failed(String group, String name, RuntimeException why) {
        return new Figure(group, name, Double.NaN, 0, 0, 0, String.valueOf(why.getMessage()));
    }

    private Figure keep(Figure figure) {
        figures.add(figure);
        System.out.println(Report.line(figure));
        return figure;
    }

    private double seconds(Runnable work) {
        work.run();
        await();
        long calls = 1;
        double once = time(work, calls);
        while (once < leastSeconds && calls < 1 << 20) {
            calls = Math.max(2 * calls, (long) Math.min(1 << 20, calls * leastSeconds / Math.max(once, 1e-7)));
            once = time(work, calls);
        }
        double[] seconds = new double[runs];
        for (int run = 0; run < runs; run++) {
            seconds[run] = time(work, calls) / calls;
        }
        Arrays.sort(seconds);
        return seconds[runs / 2];
    }

    private double time(Runnable work, long calls) {
        long start = System.nanoTime();
        for (long i = 0; i < calls; i++) {
            work.run();
        }
        await();
        return (System.nanoTime() - start) * 1e-9;
    }

    private void await() {
        backend.download(mark, 0, MemorySegment.ofArray(new float[1]));
    }

    @Override
    public void close() {
        backend.release(mark);
    }
}
