package stylegan4j.cli;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import stylegan4j.stylegan.Discriminator;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Networks;
import stylegan4j.stylegan.avatar.Avatars;
import stylegan4j.stylegan.encoder.EncoderKind;
import stylegan4j.stylegan.encoder.EncoderModel;
import stylegan4j.stylegan.encoder.train.EncoderRun;
import stylegan4j.stylegan.encoder.train.EncoderState;
import stylegan4j.stylegan.encoder.train.EncoderTools;
import stylegan4j.stylegan.encoder.train.EncoderTraining;
import stylegan4j.stylegan.encoder.train.EncoderTrainingOptions;
import stylegan4j.stylegan.encoder.train.EncoderTrainingOptions.Rule;
import stylegan4j.stylegan.encoder.train.LossWeights;
import stylegan4j.stylegan.encoder.train.PairedPictures;
import stylegan4j.stylegan.encoder.train.Published;
import stylegan4j.stylegan.feature.FeatureFile;
import stylegan4j.stylegan.loss.IdentityEmbedding;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.stylegan.train.RunFolder;
import stylegan4j.tensor.Device;

/** {@code train-encoder}: pSp, e4e, ReStyle and IDInvert from pictures and a generator. */
@Command(name = "train-encoder", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Trains an encoder for a generator: pSp, e4e, ReStyle over either, or IDInvert; --resume RUN "
                + "goes on with a training. Options have the official codes' names.")
final class TrainEncoder implements Callable<Integer> {
    /** Options that do not change what is computed, and are not kept with a run. */
    private static final Set<String> OF_THE_CALL = Set.of("--resume", "--outdir", "--threads", "--verbose", "--device",
            "--dry-run");

    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Option(names = "--type", paramLabel = "NAME",
            description = "psp, e4e, restyle-psp, restyle-e4e or idinvert.")
    private String type;

    @Mixin
    private EncoderTaskOptions task;

    @Mixin
    private EncoderDataOptions data;

    @Option(names = {"--outdir", "--exp_dir"}, paramLabel = "DIR", description = "Where to make the run's folder.")
    private Path outdir;

    @Option(names = "--stylegan_weights", paramLabel = "FILE",
            description = "The generator (default: the generator of avatars that ships).")
    private Path network;

    @Mixin
    private EncoderShapeOptions shapes;

    @Option(names = "--batch_size", paramLabel = "N",
            description = "Pictures in a step (default: 4, e4e 8, idinvert 16 up to 256 pixels).")
    private Integer batch;

    @Option(names = "--learning_rate", paramLabel = "X", defaultValue = "0.0001",
            description = "Learning rate (default: ${DEFAULT-VALUE}).")
    private double learningRate;

    @Option(names = "--optim_name", paramLabel = "NAME",
            description = "ranger, adam, or idinvert: Adam with betas 0.9, 0.99 (default: ranger; idinvert its own).")
    private Rule rule;

    @Option(names = "--lr_schedule", paramLabel = "NAME", description = "constant, exponential (0.8 over each quarter) "
            + "or cosine, for short trainings (default: constant; idinvert exponential).")
    private EncoderTrainingOptions.Schedule rates;

    @Option(names = "--start_from_latent_avg", arity = "0..1", fallbackValue = "true", paramLabel = "BOOL",
            description = "Whether codes are offsets from the average (default: true, idinvert false).")
    private Boolean startFromAverage;

    @Option(names = "--train_decoder", arity = "0..1", fallbackValue = "true", defaultValue = "false",
            paramLabel = "BOOL", description = "Whether the generator learns too (default: false).")
    private boolean trainDecoder;

    @Option(names = "--n_iters_per_batch", paramLabel = "N", defaultValue = "5",
            description = "ReStyle: passes on each batch (default: ${DEFAULT-VALUE}).")
    private int passes;

    @Option(names = "--test_iters", paramLabel = "N",
            description = "ReStyle: passes in validation and inversion (default: as --n_iters_per_batch).")
    private Integer testPasses;

    @Option(names = "--max_steps", paramLabel = "N", description = "Steps in all (default: 500000; idinvert 14 million "
            + "pictures at 256 pixels).")
    private Long maxSteps;

    @Mixin
    private EncoderLossOptions losses;

    @Mixin
    private DistanceOptions distances;

    @Option(names = "--identity", paramLabel = "FILE", description = "Network of --id_lambda: ArcFace's or "
            + "CurricularFace's file (default with the shipped generator: its own).")
    private Path identity;

    @Option(names = "--moco", paramLabel = "FILE", description = "Network of --moco_lambda: MoCo's file.")
    private Path moco;

    @Option(names = "--discriminator", paramLabel = "FILE",
            description = "idinvert: the discriminator to begin with (default: the generator's file's).")
    private Path discriminator;

    @Mixin
    private EncoderScheduleOptions schedule;

    @Option(names = "--save_as", paramLabel = "FORMAT", defaultValue = "whole",
            description = "Saved models: whole, as the official .pt, or encoder: without the generator, in half "
                    + "precision (default: ${DEFAULT-VALUE}).")
    private EncoderRun.Format format;

    @Option(names = {"--resume", "--resume_training_from_ckpt"}, paramLabel = "DIR",
            description = "Folder of a run to go on with; options given beside it replace the run's.")
    private Path resume;

    @Option(names = { "-n", "--dry-run" }, description = "Print the options, check that every picture can be read, and "
            + "stop.")
    private boolean dryRun;

    @Override
    public Integer call() throws IOException {
        Map<String, List<String>> given = GivenArguments.of(spec.commandLine().getParseResult(), OF_THE_CALL);
        if (resume == null) {
            return run(given, null);
        }
        EncoderState state = EncoderState.read(new RunFolder(resume).state());
        Map<String, List<String>> all = new TreeMap<>(state.arguments());
        all.putAll(given);
        TrainEncoder again = new TrainEncoder();
        CommandLine line = new CommandLine(again).setCaseInsensitiveEnumValuesAllowed(true);
        line.setOut(spec.commandLine().getOut()).setErr(spec.commandLine().getErr());
        line.parseArgs(GivenArguments.line(all));
        again.common = common;
        again.resume = resume;
        again.dryRun = dryRun;
        return again.run(all, state);
    }

    private int run(Map<String, List<String>> arguments, EncoderState state) throws IOException {
        require(type != null && data.areGiven() && (outdir != null || state != null),
                "--type, --data and --outdir are needed, or --resume and the folder of a run");
        EncoderKind kind = kind();
        try (Device device = common.open(); var _ = device.open(); var opened = new EncoderData(data, task)) {
            Generator generator = network == null ? Avatars.generator() : Networks.loadGenerator(network);
            int resolution = generator.config().imgResolution();
            PerceptualDistance distance = distances.openIfAsked();
            EncoderTrainingOptions options = options(kind, resolution, generator.numWs(), distance);
            EncoderModel model = EncoderTraining.initial(options,
                    shapes.shape(kind, resolution, task.channels()), generator);
            int taken = shapes.checkpoint() == null ? 0 : model.startFrom(shapes.checkpoint());
            EncoderTraining training = new EncoderTraining(options, task.encoding(model.encoder().config().side()),
                    model, tools(options, distance));
            if (dryRun) {
                describe(arguments, model, taken);
                opened.readAll();
                print("pictures can be read");
                return ExitCode.OK;
            }
            if (state != null) {
                state.restore(training);
            }
            RunFolder folder = state != null ? new RunFolder(resume)
                    : RunFolder.create(outdir, data.name() + "-" + type + "-batch" + options.batch());
            print("training in " + folder.path());
            try (var stop = new StopRequest()) {
                new EncoderRun(training, opened.pictures(), opened.unseen(), folder, schedule.schedule(),
                        new EncoderRun.Saving(format, arguments), state, this::print).run(stop::isMade);
            }
        }
        return ExitCode.OK;
    }

    private EncoderKind kind() {
        try {
            return EncoderKind.valueOf(type.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--type: expected psp, e4e, restyle-psp, restyle-e4e or "
                    + "idinvert, got " + type);
        }
    }

    private EncoderTrainingOptions options(EncoderKind kind, int resolution, int styles, PerceptualDistance distance) {
        Published published = Published.of(kind, resolution);
        int pictures = or(batch, published.batch());
        require(pictures > 0, "--batch_size: expected from 1 on, got " + pictures);
        return new EncoderTrainingOptions(kind, common.seed(), pictures, or(maxSteps, published.steps(pictures)),
                or(rule, published.rule()), or(rates, published.schedule()), learningRate,
                or(startFromAverage, published.startFromAverage()), trainDecoder, passes, or(testPasses, passes),
                losses.weights(kind, task.weights(), distance), losses.stages(styles), losses.deltaWeight(),
                losses.latentGame(), losses.pictureGame(published.pictureGame()));
    }

    private static <T> T or(T given, T otherwise) {
        return given == null ? otherwise : given;
    }

    /** @param distance what pictures are compared by, or null for the default */
    private EncoderTools tools(EncoderTrainingOptions options, PerceptualDistance distance) throws IOException {
        LossWeights weights = options.losses();
        boolean shipped = network == null;
        IdentityEmbedding who = identity != null ? FeatureFile.read(identity).identity()
                : shipped ? Avatars.features() : null;
        require(weights.id() == 0 || who != null, "--identity: needed for --id_lambda, which 0 turns off");
        require(weights.moco() == 0 || moco != null, "--moco: needed for --moco_lambda");
        return new EncoderTools(weights.needsPerceptual() && distance == null ? distances.open(shipped) : distance, who,
                moco == null ? null : FeatureFile.read(moco).identity(),
                options.pictureGame().weight() == 0 ? null : opponent());
    }

    private Discriminator opponent() throws IOException {
        Path file = discriminator != null ? discriminator : network;
        require(file != null, "--discriminator: needed for --adv_lambda with the shipped generator");
        Discriminator found = Networks.load(file).discriminator();
        if (found == null) {
            throw new IOException(file + ": holds no discriminator, which --adv_lambda needs");
        }
        return found;
    }

    private void describe(Map<String, List<String>> arguments, EncoderModel model, int taken) {
        print(new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(arguments));
        long weights = model.encoder().parameters().values().stream().mapToLong(t -> t.numel()).sum();
        print(String.format(Locale.ROOT, "an encoder of %d weights%s", weights,
                taken == 0 ? "" : ", " + taken + " tensors taken from " + shapes.checkpoint()));
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    private void print(String line) {
        spec.commandLine().getOut().println(line);
    }

    /** The pictures, while they are open. */
    private static final class EncoderData implements AutoCloseable {
        private final PairedPictures pictures;
        private final PairedPictures unseen;

        EncoderData(EncoderDataOptions options, EncoderTaskOptions task) throws IOException {
            pictures = options.open(task);
            unseen = options.openTests(task);
        }

        PairedPictures pictures() {
            return pictures;
        }

        PairedPictures unseen() {
            return unseen;
        }

        void readAll() throws IOException {
            try (Progress progress = new Progress("check", pictures.targets().size())) {
                pictures.readAll(progress::step);
            }
            if (unseen != null) {
                unseen.readAll(() -> { });
            }
        }

        @Override
        public void close() throws IOException {
            pictures.close();
            if (unseen != null) {
                unseen.close();
            }
        }
    }
}
