package stylegan4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import stylegan4j.stylegan.avatar.AvatarFeatures;
import stylegan4j.stylegan.avatar.AvatarVocabulary;
import stylegan4j.stylegan.avatar.FeatureEvaluation;
import stylegan4j.stylegan.avatar.FeatureTraining;
import stylegan4j.stylegan.data.PictureDataset;
import stylegan4j.tensor.Device;

/** {@code train-features}: how the avatars' feature network was made. */
@Command(name = "train-features", mixinStandardHelpOptions = true, sortOptions = false, hidden = true,
        description = "Trains the avatars' feature network on labelled pictures of 64 pixels.")
final class TrainFeatures implements Callable<Integer> {
    private static final int REPORT_EVERY = 50;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Option(names = "--data", required = true, paramLabel = "ZIP", description = "Labelled pictures to train on.")
    private Path data;

    @Option(names = "--vocabulary", required = true, paramLabel = "FILE",
            description = "What the labels mean: datasets/avatars/vocabulary-STYLE.json.")
    private Path vocabulary;

    @Option(names = "--heldout", paramLabel = "ZIP", description = "Labelled pictures to evaluate on.")
    private Path heldout;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The network, as .safetensors.")
    private Path out;

    @Option(names = "--state", paramLabel = "FILE",
            description = "Where the training is kept; if the file exists, the training goes on from it.")
    private Path state;

    @Option(names = "--steps", paramLabel = "N", description = "Steps in all (default: 1600).")
    private long steps = FeatureTraining.Options.DEFAULT.steps();

    @Option(names = "--batch", paramLabel = "N", description = "Avatars in a step (default: 32).")
    private int batch = FeatureTraining.Options.DEFAULT.batch();

    @Override
    public Integer call() throws IOException {
        AvatarVocabulary words = AvatarVocabulary.parse(Files.readString(vocabulary));
        var defaults = FeatureTraining.Options.DEFAULT;
        var options = new FeatureTraining.Options(steps, batch, defaults.learningRate(), common.seed(),
                defaults.saveEvery());
        PrintWriter err = spec.commandLine().getErr();
        try (Device device = common.open(); var _ = device.open(); var pictures = PictureDataset.open(data, true);
                var progress = new Progress("train-features", steps)) {
            AvatarFeatures features = new FeatureTraining(pictures, words, options).run(state, (step, told, found) -> {
                progress.step();
                if (step % REPORT_EVERY == 0) {
                    err.println(String.format(Locale.ROOT, "step %d: attributes %.3f, identity %.3f", step, told,
                            found));
                }
            });
            features.save(out);
            if (heldout != null) {
                try (var unseen = PictureDataset.open(heldout, true)) {
                    report(FeatureEvaluation.of(features, unseen, common.seed()));
                }
            }
        }
        return ExitCode.OK;
    }

    private void report(FeatureEvaluation evaluation) {
        PrintWriter to = spec.commandLine().getOut();
        evaluation.accuracy().forEach((name, share) ->
                to.println(String.format(Locale.ROOT, "%-18s %5.1f %%", name, 100 * share)));
        to.println(String.format(Locale.ROOT, "identity: found again %.1f %%, similarity same %.3f, different %.3f, "
                        + "different pairs at 0.9 or more %.4f %%", 100 * evaluation.retrieval(), evaluation.same(),
                evaluation.different(), 100 * evaluation.confused()));
    }
}
