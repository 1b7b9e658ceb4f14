package stylegan4j.bench.gpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
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

    Clock(Backend backend, Sizes sizes) {
        this.backend = backend;
        this.leastSeconds = sizes.leastSeconds();
        this.runs = sizes.runs();
        this.mark = backend.allocate(Float.BYTES);
    }

    /** Measures {@code work}; a failure becomes a figure that tells of it. */
    Figure measure(String group, String name, double bytes, double flop, Runnable work) {
        return figure(group, name, bytes, flop, () -> seconds(work));
    }

    /** Measures runs of so many calls, whatever they last; the figure is one call's. */
    Figure measure(String group, String name, int calls, Runnable work) {
        return figure(group, name, 0, 0, () -> {
            time(work, calls);
            double[] seconds = new double[runs];
            for (int run = 0; run < runs; run++) {
                seconds[run] = time(work, calls) / calls;
            }
            return median(seconds);
        });
    }

    /** Measures one call that was warmed up by the caller. */
    Figure once(String group, String name, Runnable work) {
        return figure(group, name, 0, 0, () -> time(work, 1));
    }

    private Figure figure(String group, String name, double bytes, double flop, DoubleSupplier seconds) {
        try {
            await();
            backend.resetPeak();
            return keep(new Figure(group, name, seconds.getAsDouble(), bytes, flop, backend.memory().peak(), ""));
        } catch (RuntimeException e) {
            return fail(group, name, e);
        }
    }

    /** Records that something could not be measured. */
    Figure fail(String group, String name, RuntimeException why) {
        return keep(new Figure(group, name, Double.NaN, 0, 0, 0, String.valueOf(why.getMessage())));
    }

    List<Figure> figures() {
        return figures;
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
        return median(seconds);
    }

    private static double median(double[] seconds) {
        Arrays.sort(seconds);
        return seconds[seconds.length / 2];
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
