package stylegan4j.stylegan.encoder.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import stylegan4j.stylegan.train.RunFolder;
import stylegan4j.stylegan.train.RunLog;
import stylegan4j.stylegan.train.StateTimer;
import stylegan4j.stylegan.train.Statistics;
import stylegan4j.tensor.Scope;

/**
 * An encoder's training from where it stands to its end. The run's folder holds {@code stats.jsonl}, {@code log.txt},
 * {@code sheet….png}, {@code iteration_….pt}, {@code best_model.pt} and the state to go on from.
 */
public final class EncoderRun {
    private static final String LOSS = "loss";

    private final EncoderTraining training;
    private final PairedPictures pictures;
    private final PairedPictures unseen;
    private final RunFolder folder;
    private final RunSchedule schedule;
    private final Saving saving;
    private final RunLog log;
    private final SampleSheet sheet;
    private final long start = System.nanoTime();
    private Double best;

    /** How models are written. */
    public enum Format {
        /** As the official code does: a torch file with encoder and generator. */
        WHOLE(".pt"),
        /** The encoder alone, in half precision. */
        ENCODER(".safetensors");

        private final String ending;

        Format(String ending) {
            this.ending = ending;
        }
    }

    /**
     * What goes into files.
     *
     * @param arguments what the training was started with, by the options' names
     */
    public record Saving(Format format, Map<String, List<String>> arguments) {
    }

    /**
     * @param unseen pictures to validate on; null for none
     * @param state what the training was restored from; null at its beginning
     * @param out where lines for people go besides {@code log.txt}
     */
    public EncoderRun(EncoderTraining training, PairedPictures pictures, PairedPictures unseen, RunFolder folder,
                      RunSchedule schedule, Saving saving, EncoderState state, Consumer<String> out) {
        this.training = training;
        this.pictures = pictures;
        this.unseen = unseen;
        this.folder = folder;
        this.schedule = schedule;
        this.saving = saving;
        this.log = new RunLog(folder, out);
        this.sheet = new SampleSheet(unseen == null ? pictures : unseen);
        this.best = state == null ? null : state.best();
    }

    /**
     * Trains to the last step, or until asked to stop, and saves.
     *
     * @param stop asked between steps
     * @throws IOException if a picture cannot be read or a file not be written
     */
    public void run(BooleanSupplier stop) throws IOException {
        int batch = training.options().batch();
        log.rewind(training.step() * batch);
        if (training.step() == 0) {
            writeSheet();
        }
        StateTimer timer = new StateTimer(schedule.stateEvery());
        try (var loader = new PairedPictures.Loader(pictures, batch, training.options().seed(),
                training.step() * batch)) {
            boolean done = training.step() >= training.options().steps();
            while (!done) {
                try (var _ = Scope.open()) {
                    PairedPictures.Pair pair = loader.next();
                    training.step(pair.sources(), pair.targets());
                }
                done = training.step() >= training.options().steps() || stop.getAsBoolean();
                if (done || training.step() % schedule.boardInterval() == 0) {
                    report();
                }
                if (unseen != null && (done || training.step() % schedule.valInterval() == 0)) {
                    validate();
                }
                if (done || training.step() % schedule.imageInterval() == 0) {
                    writeSheet();
                }
                boolean saves = done || training.step() % schedule.saveInterval() == 0;
                if (saves) {
                    save("iteration_" + training.step());
                }
                if (saves || timer.isDue()) {
                    EncoderState.write(folder.state(), training, saving.arguments(), best);
                    timer.saved();
                }
            }
        }
    }

    private void writeSheet() throws IOException {
        sheet.write(training, folder.path().resolve(String.format(Locale.ROOT, "sheet%06d.png", training.step())));
    }

    private void save(String name) throws IOException {
        Path file = folder.path().resolve(name + saving.format().ending);
        Map<String, Object> notes = new LinkedHashMap<>();
        // Of files their names: where they lay is nobody's business who gets the model.
        saving.arguments().forEach((option, values) -> notes.put(option.replaceFirst("^-+", ""), values.stream()
                .map(value -> value.replaceFirst(".*/", "")).collect(Collectors.joining(" "))));
        notes.put("global_step", training.step());
        if (saving.format() == Format.WHOLE) {
            training.model().save(file, notes);
        } else {
            training.model().saveEncoder(file, notes);
        }
    }

    private void report() throws IOException {
        tell("train", training.statistics());
    }

    /** The mean of every term over pictures that were not trained on; the best model so far is kept. */
    private void validate() throws IOException {
        Statistics statistics = new Statistics();
        int count = Math.min(schedule.testPictures(), unseen.size());
        for (int from = 0; from < count; from += schedule.testBatch()) {
            int to = Math.min(count, from + schedule.testBatch());
            try (var _ = Scope.open()) {
                PairedPictures.Pair pair = unseen.at(from, to);
                var terms = training.losses(pair.sources(), pair.targets(), new SplittableRandom(from));
                for (int i = from; i < to; i++) {
                    terms.forEach((name, value) -> statistics.add("test/" + name, value));
                }
            }
        }
        double loss = tell("test", statistics).get("test/" + LOSS).mean();
        if (best == null || loss < best) {
            best = loss;
            save("best_model");
        }
    }

    /** A line for people and one for programs. */
    private Map<String, Statistics.Summary> tell(String prefix, Statistics statistics) throws IOException {
        long step = training.step();
        statistics.add("Progress/step", step);
        statistics.add("Progress/kimg", step * training.options().batch() / 1000.0);
        statistics.add("Progress/stage", training.stage());
        statistics.add("Timing/total_sec", (System.nanoTime() - start) / 1e9);
        Map<String, Statistics.Summary> values = statistics.take();
        log.statistics(values);
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%-5s step %-7d time %-10s", prefix, step,
                RunLog.duration((System.nanoTime() - start) / 1e9)));
        values.forEach((name, value) -> {
            if (name.startsWith(prefix + "/")) {
                line.append(String.format(Locale.ROOT, " %s %.4f", name.substring(prefix.length() + 1)
                        .replace("loss_", ""), value.mean()));
            }
        });
        log.say(line.toString());
        return values;
    }
}
