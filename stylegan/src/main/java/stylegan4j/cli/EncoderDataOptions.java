package stylegan4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import stylegan4j.stylegan.data.PictureDataset;
import stylegan4j.stylegan.encoder.train.PairedPictures;

/** Pictures that an encoder is trained and validated on. */
final class EncoderDataOptions {
    @Option(names = {"--data", "--train_target_root"}, paramLabel = "PATH",
            description = "Folder or zip archive of pictures to train on.")
    private Path targets;

    @Option(names = {"--source-data", "--train_source_root"}, paramLabel = "PATH",
            description = "Pictures of another kind, of the same names, to make those of --data of.")
    private Path sources;

    @Option(names = {"--test-data", "--test_target_root"}, paramLabel = "PATH",
            description = "Pictures to validate on.")
    private Path testTargets;

    @Option(names = {"--test-source-data", "--test_source_root"}, paramLabel = "PATH",
            description = "As --source-data, for validation.")
    private Path testSources;

    /** Whether there is something to train on. */
    boolean areGiven() {
        return targets != null;
    }

    /** The name of what is trained on. */
    String name() {
        return targets.getFileName().toString().replaceFirst("\\.zip$", "");
    }

    /** Whether there is something to validate on. */
    boolean haveTests() {
        return testTargets != null;
    }

    /** What is trained on. */
    PairedPictures open(EncoderTaskOptions task) throws IOException {
        return open(task, sources, targets);
    }

    /** What is validated on, or null. */
    PairedPictures openTests(EncoderTaskOptions task) throws IOException {
        return testTargets == null ? null : open(task, testSources, testTargets);
    }

    private static PairedPictures open(EncoderTaskOptions task, Path sources, Path targets) throws IOException {
        task.requireSources(sources != null);
        PictureDataset wanted = PictureDataset.open(targets, false);
        if (sources == null) {
            return new PairedPictures(null, wanted);
        }
        PictureDataset given = PictureDataset.open(sources, false, task.decoder());
        given.requirePairs(wanted);
        return new PairedPictures(given, wanted);
    }
}
