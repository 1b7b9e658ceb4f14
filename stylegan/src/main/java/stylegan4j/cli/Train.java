package stylegan4j.cli;

import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import stylegan4j.kernels.Precision;
import stylegan4j.stylegan.data.Dataset;
import stylegan4j.stylegan.data.MirroredDataset;
import stylegan4j.stylegan.data.PictureDataset;
import stylegan4j.stylegan.train.AugmentOptions;
import stylegan4j.stylegan.train.LossOptions;
import stylegan4j.stylegan.train.NetworkShape;
import stylegan4j.stylegan.train.OptimizerOptions;
import stylegan4j.stylegan.train.Recipe;
import stylegan4j.stylegan.train.RunFolder;
import stylegan4j.stylegan.train.SampleQuality;
import stylegan4j.stylegan.train.Schedule;
import stylegan4j.stylegan.train.Training;
import stylegan4j.stylegan.train.TrainingOptions;
import stylegan4j.stylegan.train.TrainingRun;
import stylegan4j.stylegan.train.TrainingState;
import stylegan4j.stylegan.train.Transfer;
import stylegan4j.tensor.Device;

/** {@code train}: StyleGAN2 from pictures. */
@Command(name = "train", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Trains StyleGAN2 on a folder or zip archive of pictures; --resume RUN goes on with a training.")
final class Train implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Option(names = "--data", paramLabel = "PATH", description = "Folder or zip archive of pictures.")
    private Path data;

    @Option(names = "--outdir", paramLabel = "DIR", description = "Where to make the run's folder.")
    private Path outdir;

    @Option(names = "--cond", description = "Train on the labels of dataset.json.")
    private Boolean conditional;

    @Option(names = "--mirror", description = "Train on mirror images too.")
    private Boolean mirror;

    @Option(names = "--cfg", paramLabel = "NAME", defaultValue = "auto", description = "Base configuration: auto "
            + "(default), stylegan2, paper256, paper512, paper1024 or cifar.")
    private String cfg;

    @Option(names = "--gamma", paramLabel = "X", description = "Weight of R1.")
    private Double gamma;

    @Option(names = "--kimg", paramLabel = "N", description = "Length of the training, in thousands of pictures.")
    private Double kimg;

    @Option(names = "--batch", paramLabel = "N", description = "Pictures in an iteration.")
    private Integer batch;

    @Option(names = "--lr", paramLabel = "X", description = "Learning rate.")
    private Double learningRate;

    @Option(names = "--cbase", paramLabel = "N", description = "Feature maps times resolution.")
    private Integer channelBase;

    @Option(names = "--cmax", paramLabel = "N", description = "Most feature maps.")
    private Integer channelMax;

    @Option(names = "--zdim", paramLabel = "N", description = "Size of the latent code z.")
    private Integer zDim;

    @Option(names = "--wdim", paramLabel = "N", description = "Size of the intermediate latent code w.")
    private Integer wDim;

    @Option(names = "--map-depth", paramLabel = "N", description = "Layers of the mapping network.")
    private Integer mappingLayers;

    @Option(names = "--mbstd-group", paramLabel = "N", description = "Group of the minibatch standard deviation.")
    private Integer mbstdGroup;

    @Option(names = "--pl-weight", paramLabel = "X", description = "Weight of the path length, 0 for none.")
    private Double pathLengthWeight;

    @Option(names = "--noise", arity = "1", paramLabel = "BOOL", description = "Whether the generator gets noise.")
    private Boolean noise;

    @Option(names = "--ema-kimg", paramLabel = "X", description = "Half-life of the averaged generator.")
    private Double emaKimg;

    @Option(names = "--aug", paramLabel = "MODE", description = "Augmentation: ada (default), noaug or fixed.")
    private AugmentOptions.Mode augmentation;

    @Option(names = "--augpipe", paramLabel = "NAME", description = "Which augmentations: blit, geom, color, filter, "
            + "noise, cutout, bg, bgc (default), bgcf, bgcfn or bgcfnc.")
    private String augmentPipe;

    @Option(names = "--p", paramLabel = "X", description = "Probability of augmentations, with --aug fixed.")
    private Double augmentStrength;

    @Option(names = "--target", paramLabel = "X", description = "What --aug ada aims at (default: 0.6).")
    private Double augmentTarget;

    @Option(names = "--freezed", paramLabel = "N",
            description = "Layers of the discriminator that keep their weights.")
    private Integer freezeD;

    @Option(names = "--precision", paramLabel = "TYPE", description = "How a GPU computes: f32 (exact, default), tf32, "
            + "or f16 or bf16 for the features of the four highest resolutions, which are clamped then.")
    private Precision precision;

    @Option(names = "--fp32", arity = "1", paramLabel = "BOOL",
            description = "The official switch: false is --precision f16, true f32.")
    private Boolean fp32;

    @Option(names = "--resume", paramLabel = "PATH", description = "Folder of a run to go on with, or a file "
            + "of networks to start from: NVlabs .pkl, .pt or .safetensors.")
    private Path resume;

    @Option(names = "--tick", paramLabel = "KIMG", defaultValue = "4",
            description = "Thousands of pictures to a line of statistics (default: ${DEFAULT-VALUE}).")
    private double tick;

    @Option(names = "--snap", paramLabel = "TICKS", defaultValue = "50",
            description = "Ticks to a snapshot (default: ${DEFAULT-VALUE}).")
    private int snap;

    @Option(names = "--save-minutes", paramLabel = "M", defaultValue = "5", converter = Minutes.class,
            description = "The most minutes from one saved state, to go on from, to the next (default: "
                    + "${DEFAULT-VALUE}).")
    private Duration stateEvery;

    @Option(names = "--metrics", paramLabel = "FEATURES", description = "Measure the Frechet distance at every "
            + "snapshot, on a feature network: avatar, or a file as metrics --features takes.")
    private Path metrics;

    @Option(names = "--metric-samples", paramLabel = "N", defaultValue = "1024",
            description = "Samples that --metrics makes (default: ${DEFAULT-VALUE}).")
    private int metricSamples;

    @Option(names = { "-n", "--dry-run" }, description = "Print the options, check that every "
            + "picture can be read, and stop.")
    private boolean dryRun;

    @Override
    public Integer call() throws IOException {
        boolean goesOn = resume != null && Files.isDirectory(resume);
        if (!goesOn && (data == null || outdir == null)) {
            throw new ParameterException(spec.commandLine(),
                    "--data and --outdir are needed, or --resume and the folder of a run");
        }
        TrainingState state = goesOn ? TrainingState.read(new RunFolder(resume).state()) : null;
        Path source = data != null ? data : Path.of(state.options().data());
        TrainingOptions before = state == null ? null : state.options();
        boolean labels = or(conditional, before != null && before.conditional());
        try (Device device = common.open(); var _ = device.open();
             Dataset pictures = PictureDataset.open(source, labels)) {
            TrainingOptions options = options(before, pictures.resolution());
            device.precision(options.precision() == Precision.F32 ? Precision.F32 : Precision.TF32);
            Dataset dataset = options.mirror() ? new MirroredDataset(pictures) : pictures;
            Schedule schedule = new Schedule(kimg != null ? kimg : Recipe.of(cfg, dataset.resolution()).kimg(), tick,
                    snap, stateEvery);
            print(new GsonBuilder().setPrettyPrinting().create().toJson(options));
            if (dryRun) {
                readAll(dataset);
            } else {
                run(options, schedule, dataset, state);
            }
        }
        return ExitCode.OK;
    }

    private void run(TrainingOptions options, Schedule schedule, Dataset dataset, TrainingState state)
            throws IOException {
        Training training = new Training(options, dataset);
        if (state != null) {
            state.restore(training);
        } else if (resume != null) {
            Transfer.into(training, resume);
        }
        RunFolder folder = state != null ? new RunFolder(resume) : RunFolder.create(outdir, description(options));
        print("training in " + folder.path());
        try (var stop = new StopRequest()) {
            new TrainingRun(training, dataset, folder, schedule, quality(dataset), this::print).run(stop::isMade);
        }
    }

    private SampleQuality quality(Dataset dataset) throws IOException {
        return metrics == null ? null : new SampleQuality(Metrics.features(metrics), dataset, metricSamples);
    }

    /** A picture that would end the training in the middle is found now. */
    private void readAll(Dataset dataset) throws IOException {
        try (Progress progress = new Progress("check", dataset.size())) {
            for (int i = 0; i < dataset.size(); i++) {
                dataset.picture(i);
                progress.step();
            }
        }
        print(dataset.size() + " pictures of " + dataset.resolution() + "x" + dataset.resolution() + " can be read");
    }

    private String description(TrainingOptions options) {
        String name = data.getFileName().toString().replaceFirst("\\.zip$", "");
        return name + (options.conditional() ? "-cond" : "") + (options.mirror() ? "-mirror" : "") + "-" + cfg
                + "-batch" + options.batch();
    }

    /** The base configuration's options, or those of the run that goes on; what is given on the line comes first. */
    private TrainingOptions options(TrainingOptions before, int resolution) {
        Recipe recipe = Recipe.of(cfg, resolution);
        int pictures = or(batch, before != null ? before.batch() : recipe.batch());
        NetworkShape shape = before != null ? before.networks() : recipe.networks();
        LossOptions loss = before != null ? before.loss() : recipe.loss();
        OptimizerOptions optimizers = before != null ? before.optimizers() : recipe.optimizers();
        return new TrainingOptions(data != null ? data.toString() : before.data(),
                or(conditional, before != null && before.conditional()), or(mirror, before != null && before.mirror()),
                before != null ? before.seed() : common.seed(), pictures,
                new NetworkShape(or(zDim, shape.zDim()), or(wDim, shape.wDim()),
                        or(mappingLayers, shape.mappingLayers()), or(channelBase, shape.channelBase()),
                        or(channelMax, shape.channelMax()), or(mbstdGroup, Math.min(pictures, shape.mbstdGroup())),
                        shape.discriminator()),
                new LossOptions(or(gamma, loss.gamma()), or(pathLengthWeight, loss.pathLengthWeight()),
                        loss.styleMixing(), or(noise, loss.noise())),
                new OptimizerOptions(or(learningRate, optimizers.learningRate()), or(emaKimg, optimizers.emaKimg()),
                        optimizers.emaRampUp()), augment(before), or(freezeD, before != null ? before.freezeD() : 0),
                precision(before != null ? before.precision() : Precision.F32));
    }

    private Precision precision(Precision base) {
        if (precision != null && fp32 != null) {
            throw new ParameterException(spec.commandLine(), "--fp32: does not go with --precision");
        }
        return fp32 == null ? or(precision, base) : fp32 ? Precision.F32 : Precision.F16;
    }

    private AugmentOptions augment(TrainingOptions before) {
        AugmentOptions base = before != null ? before.augment() : AugmentOptions.DEFAULT;
        AugmentOptions.Mode mode = or(augmentation, base.mode());
        if (mode == AugmentOptions.Mode.FIXED && augmentStrength == null && base.mode() != mode) {
            throw new ParameterException(spec.commandLine(), "--aug fixed: needs --p, the probability");
        }
        if (mode != AugmentOptions.Mode.FIXED && augmentStrength != null) {
            throw new ParameterException(spec.commandLine(), "--p: goes with --aug fixed");
        }
        return new AugmentOptions(mode, or(augmentPipe, base.pipe()), or(augmentStrength, base.strength()),
                or(augmentTarget, base.target()));
    }

    private static <T> T or(T given, T otherwise) {
        return given != null ? given : otherwise;
    }

    private void print(String line) {
        spec.commandLine().getOut().println(line);
    }
}
