package stylegan4j.cli;

import java.time.Duration;
import picocli.CommandLine.Option;
import stylegan4j.stylegan.encoder.train.RunSchedule;

/** When an encoder's training tells, shows, validates and saves. */
final class EncoderScheduleOptions {
    @Option(names = "--image_interval", paramLabel = "N", defaultValue = "100",
            description = "Steps from one sheet of samples to the next (default: ${DEFAULT-VALUE}).")
    private long image;

    @Option(names = "--board_interval", paramLabel = "N", defaultValue = "50",
            description = "Steps from one line of statistics to the next (default: ${DEFAULT-VALUE}).")
    private long board;

    @Option(names = "--val_interval", paramLabel = "N", defaultValue = "1000",
            description = "Steps from one validation to the next (default: ${DEFAULT-VALUE}).")
    private long val;

    @Option(names = "--save_interval", paramLabel = "N", defaultValue = "1000",
            description = "Steps from one saved model to the next (default: ${DEFAULT-VALUE}).")
    private long save;

    @Option(names = "--save_minutes", paramLabel = "M", defaultValue = "5", converter = Minutes.class,
            description = "The most minutes from one saved state, to go on from, to the next (default: "
                    + "${DEFAULT-VALUE}).")
    private Duration stateEvery;

    @Option(names = "--test_batch_size", paramLabel = "N", defaultValue = "2",
            description = "Pictures at once in a validation (default: ${DEFAULT-VALUE}).")
    private int testBatch;

    @Option(names = "--test_pictures", paramLabel = "N", defaultValue = "256",
            description = "Pictures in a validation at most (default: ${DEFAULT-VALUE}).")
    private int testPictures;

    RunSchedule schedule() {
        return new RunSchedule(image, board, val, save, stateEvery, testBatch, testPictures);
    }
}
