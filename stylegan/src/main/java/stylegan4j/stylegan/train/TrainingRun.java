package stylegan4j.stylegan.train;

import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import stylegan4j.stylegan.NetworkWriter;
import stylegan4j.stylegan.data.BatchLoader;
import stylegan4j.stylegan.data.Dataset;

/** A training from where it stands to its end: batches in, statistics, pictures and snapshots out. */
public final class TrainingRun {
    private final Training training;
    private final Dataset dataset;
    private final RunFolder folder;
    private final Schedule schedule;
    private final RunLog log;
    private final SampleGrid grid;
    private final SampleQuality quality;
    private final long start = System.nanoTime();

    /**
     * @param quality measured at every snapshot; null for none
     * @param out where lines for people go besides {@code log.txt}
     */
    public TrainingRun(Training training, Dataset dataset, RunFolder folder, Schedule schedule, SampleQuality quality,
                       Consumer<String> out) {
        this.quality = quality;
        this.training = training;
        this.dataset = dataset;
        this.folder = folder;
        this.schedule = schedule;
        this.log = new RunLog(folder, out);
        this.grid = new SampleGrid(dataset, training.options().seed());
    }

    /**
     * Trains to the schedule's end, or until asked to stop, and saves.
     *
     * @param stop asked between iterations
     * @throws IOException if a picture cannot be read or a file not be written
     */
    public void run(BooleanSupplier stop) throws IOException {
        if (training.pictures() == 0) {
            grid.writeReals(folder.reals());
            grid.writeFakes(training.networks().generatorEma(), folder.fakes(0));
        }
        log.rewind(training.pictures());
        long end = pictures(schedule.kimg());
        long tickLength = Math.max(1, pictures(schedule.tickKimg()));
        StateTimer timer = new StateTimer(schedule.stateEvery());
        try (var loader = new BatchLoader(dataset, training.options().batch(), training.options().seed(),
                training.pictures())) {
            boolean done = training.pictures() >= end;
            long tickStart = System.nanoTime();
            long tickPictures = training.pictures();
            while (!done) {
                training.step(loader.next());
                done = training.pictures() >= end || stop.getAsBoolean();
                long tick = training.pictures() / tickLength;
                if (done || tick > tickPictures / tickLength) {
                    report(tick, tickStart, tickPictures);
                    if (done || tick % schedule.snapshotTicks() == 0) {
                        snapshot();
                        timer.saved();
                    }
                    tickStart = System.nanoTime();
                    tickPictures = training.pictures();
                }
                if (timer.isDue()) {
                    TrainingState.write(folder.state(), training);
                    timer.saved();
                }
            }
        }
    }

    private static long pictures(double kimg) {
        return Math.round(kimg * 1000);
    }

    private void report(long tick, long tickStart, long tickPictures) throws IOException {
        double seconds = (System.nanoTime() - tickStart) / 1e9;
        double kimg = (training.pictures() - tickPictures) / 1000.0;
        double total = (System.nanoTime() - start) / 1e9;
        var statistics = training.statistics();
        statistics.add("Progress/tick", tick);
        statistics.add("Progress/kimg", training.pictures() / 1000.0);
        statistics.add("Progress/augment", training.augmentation());
        statistics.add("Timing/sec_per_tick", seconds);
        statistics.add("Timing/sec_per_kimg", seconds / kimg);
        statistics.add("Timing/total_sec", total);
        Map<String, Statistics.Summary> values = statistics.take();
        log.statistics(values);
        log.say(String.format(Locale.ROOT, "tick %-5d kimg %-8.1f time %-12s sec/tick %-7.1f sec/kimg %-7.2f "
                + "augment %-6.3f G %-6.3f D %-6.3f", tick, training.pictures() / 1000.0, RunLog.duration(total),
                seconds, seconds / kimg, training.augmentation(), mean(values, "Loss/G/loss"),
                mean(values, "Loss/D/fake") + mean(values, "Loss/D/real")));
    }

    private static double mean(Map<String, Statistics.Summary> values, String name) {
        var summary = values.get(name);
        return summary == null ? Double.NaN : summary.mean();
    }

    /** The state comes last: what it stands for is there when it is. */
    private void snapshot() throws IOException {
        grid.writeFakes(training.networks().generatorEma(), folder.fakes(training.pictures()));
        Curves.write(folder.statistics(), folder.curves());
        NetworkWriter.writeSafetensors(folder.snapshot(training.pictures()), training.networks());
        if (quality != null) {
            log.quality(quality.name(), quality.of(training.networks().generatorEma()),
                    folder.snapshot(training.pictures()));
        }
        TrainingState.write(folder.state(), training);
    }
}
