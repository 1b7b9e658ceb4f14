package stylegan4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.avatar.AvatarInversion;
import stylegan4j.stylegan.avatar.Avatars;
import stylegan4j.stylegan.encoder.EncoderKind;
import stylegan4j.stylegan.encoder.EncoderModel;
import stylegan4j.stylegan.feature.Lpips;
import stylegan4j.stylegan.inversion.DomainInversion;
import stylegan4j.stylegan.inversion.EncoderInversion;
import stylegan4j.stylegan.inversion.Image2StyleGan;
import stylegan4j.stylegan.inversion.Image2StyleGanPlusPlus;
import stylegan4j.stylegan.inversion.Image2StyleGanPlusPlus.Edit;
import stylegan4j.stylegan.inversion.Inversion;
import stylegan4j.stylegan.inversion.LatentSpace;
import stylegan4j.stylegan.inversion.Locality;
import stylegan4j.stylegan.inversion.PivotalTuning;
import stylegan4j.stylegan.inversion.Projector;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.tensor.Tensor;

/** How pictures are inverted. */
final class MethodOptions {
    /** The names that {@code --method} takes. */
    static final List<String> METHODS = List.of("w", "w+", "i2s", "i2s++", "pti", "psp", "e4e", "restyle-psp",
            "restyle-e4e", "idinvert");
    private static final Map<String, EncoderKind> ENCODERS = Map.of("psp", EncoderKind.PSP, "e4e", EncoderKind.E4E,
            "restyle-psp", EncoderKind.RESTYLE_PSP, "restyle-e4e", EncoderKind.RESTYLE_E4E);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--method", paramLabel = "NAME", defaultValue = "pti",
            description = "w or w+ (StyleGAN2's projector), i2s (Image2StyleGAN), i2s++ (with noise maps and masks), "
                    + "pti (pivotal tuning), or an encoder: psp, e4e, restyle-psp, restyle-e4e, or idinvert "
                    + "(an encoder's codes, optimised within its domain); default: ${DEFAULT-VALUE}.")
    private String method;

    @Option(names = "--steps", paramLabel = "N",
            description = "Steps on the codes (default: the papers': w, w+ 1000, i2s, i2s++ 5000, pti 450, "
                    + "idinvert 100; pti 350 with the shipped generator).")
    private Integer steps;

    @Option(names = "--tuning-steps", paramLabel = "N",
            description = "pti: steps on the weights at most (default: 350; 1050 with the shipped generator).")
    private Integer tuningSteps;

    @Option(names = "--threshold", paramLabel = "D",
            description = "pti: perceptual distance at which tuning ends (default: 0.06 with --lpips, else 0).")
    private Double threshold;

    @Option(names = "--locality", description = "pti: keep the generator as it was away from the pivots.")
    private boolean locality;

    @Option(names = "--pivot", paramLabel = "FILE",
            description = "pti: where to tune, instead of projecting: codes, .npz or .npy, one for each picture; the "
                    + "--outdir of an earlier inversion of pictures of these names; an encoder's file; or psp, e4e, "
                    + "restyle-psp, restyle-e4e: those that ship.")
    private Path pivot;

    @Option(names = "--encoder", paramLabel = "FILE",
            description = "psp, e4e, restyle-psp, restyle-e4e, idinvert: official .pt of a whole model, or an encoder "
                    + "that goes with the network (default: the network's file; of the shipped one, what ships with it).")
    private Path encoder;

    @Option(names = "--noise-steps", paramLabel = "N",
            description = "i2s++: steps on the noise maps in each round (default: 3000; 0 with the shipped generator, "
                    + "which uses no noise).")
    private Integer noiseSteps;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "1",
            description = "i2s++: turns on codes and noise maps (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--mask", paramLabel = "FILE",
            description = "i2s++: picture that is white where the input counts; what is black is made up, or taken from "
                    + "--outside.")
    private Path mask;

    @Option(names = "--outside", paramLabel = "FILE",
            description = "i2s++: picture to follow where the mask is black: the original of an input with scribbles, "
                    + "or another picture to mix with.")
    private Path outside;

    @Option(names = "--start", paramLabel = "WHERE",
            description = "i2s: mean or random; i2s++: a file of codes (default: the mean of W).")
    private String start;

    @Option(names = "--pixel-weight", paramLabel = "X",
            description = "Weight of the mean squared difference of pixels (default: w, w+ 0, others 1; all 100 for "
                    + "the shipped generator).")
    private Double pixelWeight;

    @Option(names = "--learning-rate", paramLabel = "X",
            description = "Learning rate on the codes; for pti on the weights (default: the papers'; ours with the "
                    + "shipped generator).")
    private Double learningRate;

    private EncoderModel loaded;
    private Path loadedFrom;
    private boolean shipped;

    boolean tunes() {
        return method.equals("pti");
    }

    /** Whether an encoder does it, which compares no pictures. */
    boolean encodes() {
        return ENCODERS.containsKey(method);
    }

    /**
     * Steps of one inversion.
     *
     * @param batches that take turns in a tuning
     */
    int total(int batches) {
        return switch (method) {
            case "w", "w+" -> or(steps, 1000);
            case "i2s" -> or(steps, 5000);
            case "i2s++" -> (or(steps, 5000) + noiseSteps()) * rounds;
            case "psp", "e4e", "restyle-psp", "restyle-e4e" -> 1;
            case "idinvert" -> or(steps, 100);
            default -> (pivot == null ? or(steps, shipped ? AvatarInversion.PIVOT_STEPS : 450) : 0)
                    + tuningSteps() * batches;
        };
    }

    /** Codes that are tuned at, null if they are searched or an encoder gives them. */
    private PivotCodes pivotCodes() {
        return pivot == null || loaded != null ? null : new PivotCodes(pivot);
    }

    /** What beside {@link #describe} decides about the results of some pictures, in words; may be empty. */
    String describe(List<String> names, int first) throws IOException {
        PivotCodes codes = pivotCodes();
        return codes == null ? "" : codes.describe(names, first);
    }

    /**
     * The settings as text, files by what is in them: the same text stands for the same computation. To be called after
     * {@link #load}.
     */
    String describe() throws IOException {
        List<String> parts = new ArrayList<>(List.of("method " + method, "steps " + total(1)));
        if (tunes()) {
            parts.add("tuning " + tuningSteps() + (locality ? " with locality" : ""));
        }
        if (method.equals("i2s++")) {
            parts.add("noise " + noiseSteps() + " rounds " + rounds);
        }
        for (Map.Entry<String, Object> entry : given().entrySet()) {
            parts.add(entry.getKey() + " " + (entry.getValue() instanceof Path file ? FileFingerprint.of(file)
                    : entry.getValue()));
        }
        return String.join(", ", parts);
    }

    private Map<String, Object> given() {
        Map<String, Object> given = new LinkedHashMap<>();
        given.put("encoder", loadedFrom);
        given.put("threshold", threshold);
        given.put("pivot", pivotShips() ? pivot.toString() : pivotCodes() != null ? pivotCodes().shared() : pivot);
        given.put("mask", mask);
        given.put("outside", outside);
        given.put("start", start == null || method.equals("i2s") ? start : Path.of(start));
        given.put("pixel weight", pixelWeight);
        given.put("learning rate", learningRate);
        given.values().removeIf(v -> v == null);
        return given;
    }

    /** Whether the pivot is the name of an encoder that ships. */
    private boolean pivotShips() {
        return pivot != null && ENCODERS.containsKey(pivot.toString());
    }

    /**
     * Loads what serves all pictures, in the open scope.
     *
     * @param network the generator's file, null for the one that ships
     */
    void load(Path network, Generator generator) throws IOException {
        shipped = network == null;
        if (encodes() || method.equals("idinvert")) {
            Path file = encoder == null ? network : encoder;
            EncoderKind wanted = ENCODERS.get(method);
            if (file == null) {
                loaded = Avatars.encoder(encodes() ? wanted : EncoderKind.PSP, generator);
                return;
            }
            loaded = EncoderModel.load(file, generator);
            loadedFrom = file;
            if (wanted != null && loaded.kind() != wanted) {
                throw new IOException(file + ": is a model of " + loaded.kind() + ", --method " + method + " wants "
                        + wanted);
            }
        } else if (pivotShips()) {
            require(network == null, "--pivot: " + pivot + " is an encoder of the shipped generator, give the file of "
                    + "one for " + network);
            loaded = Avatars.encoder(ENCODERS.get(pivot.toString()), generator);
        } else if (pivot != null && pivot.toString().matches(".*\\.(pt|safetensors)")) {
            loaded = EncoderModel.load(pivot, generator);
        }
    }

    /**
     * The method for some of the pictures; to be called after {@link #load}.
     *
     * @param names of the pictures
     * @param first the place of the first of them
     * @param batch how many of them make one update of a tuning
     */
    Inversion method(Generator generator, PerceptualDistance distance, List<String> names, int first, int batch)
            throws IOException {
        return switch (method) {
            case "w" -> projector(plain(distance));
            case "w+" -> projector(plain(distance).withSpace(LatentSpace.W_PLUS));
            case "i2s" -> image2StyleGan(shipped ? AvatarInversion.image2StyleGan(distance)
                    : Image2StyleGan.of(distance));
            case "i2s++" -> image2StyleGanPlusPlus(generator, shipped
                    ? AvatarInversion.image2StyleGanPlusPlus(distance) : Image2StyleGanPlusPlus.of(distance),
                    names.size());
            case "psp", "e4e", "restyle-psp", "restyle-e4e" -> new EncoderInversion(loaded);
            case "idinvert" -> idInvert(DomainInversion.of(loaded, distance));
            default -> pivotalTuning(generator, (shipped ? AvatarInversion.pivotalTuning(distance)
                    : PivotalTuning.of(distance)).withBatch(batch), names, first);
        };
    }

    /** Refuses values and combinations that mean nothing. */
    void check() {
        require(METHODS.contains(method), "--method: expected one of " + String.join(", ", METHODS) + ", got "
                + method);
        require(steps == null || steps >= 1, "--steps: expected at least 1, got " + steps);
        require(tuningSteps == null || tuningSteps >= 1, "--tuning-steps: expected at least 1, got " + tuningSteps);
        require(noiseSteps == null || noiseSteps >= 0, "--noise-steps: expected 0 or more, got " + noiseSteps);
        require(rounds >= 1, "--rounds: expected at least 1, got " + rounds);
        require(mask == null || method.equals("i2s++"), "--mask: only i2s++ takes masks, not " + method);
        require(outside == null || mask != null, "--outside: needs a --mask");
        require(pivot == null || tunes(), "--pivot: only pti takes codes to tune at, not " + method);
        require(encoder == null || encodes() || method.equals("idinvert"),
                "--encoder: only encoders take it, not " + method);
        require(start == null || method.startsWith("i2s"), "--start: only i2s and i2s++ take it, not " + method);
        require(start == null || !method.equals("i2s") || start.equals("mean") || start.equals("random"),
                "--start: expected mean or random, got " + start);
    }

    private int tuningSteps() {
        return or(tuningSteps, shipped ? AvatarInversion.TUNING_STEPS : 350);
    }

    private int noiseSteps() {
        return or(noiseSteps, shipped ? 0 : 3000);
    }

    private Projector plain(PerceptualDistance distance) {
        return shipped ? AvatarInversion.w(distance) : Projector.w(distance);
    }

    private Inversion idInvert(DomainInversion plain) {
        return plain.withSteps(or(steps, plain.steps())).withLearningRate(or(learningRate, plain.learningRate()));
    }

    private Inversion projector(Projector plain) {
        Projector projector = plain.withSteps(or(steps, plain.steps()))
                .withLearningRate(or(learningRate, plain.learningRate()));
        return pixelWeight == null ? projector : projector.withPixelWeight(pixelWeight);
    }

    private Inversion image2StyleGan(Image2StyleGan plain) {
        return plain.withSteps(or(steps, plain.steps())).withLearningRate(or(learningRate, plain.learningRate()))
                .withWeights(1, or(pixelWeight, plain.pixelWeight())).withStart("random".equals(start)
                        ? Image2StyleGan.Start.RANDOM : Image2StyleGan.Start.MEAN);
    }

    private Inversion image2StyleGanPlusPlus(Generator generator, Image2StyleGanPlusPlus plain, int count)
            throws IOException {
        int height = generator.config().height();
        int width = generator.config().width();
        Tensor white = mask == null ? null : mask(height, width);
        Tensor other = outside == null ? null : ImageTensors.toTensor(TargetPictures.read(outside, height, width,
                this::note)).expand(count, -1, -1, -1);
        Tensor codes = start == null ? null : Codes.read(Path.of(start), generator).expand(count, -1, -1);
        return plain.withSteps(or(steps, plain.codeSteps()), noiseSteps()).withRounds(rounds)
                .withRates(or(learningRate, plain.codeRate()), plain.noiseRate())
                .withWeights(1, or(pixelWeight, plain.pixelWeight()), 0).withEdit(new Edit(white, other, codes));
    }

    private Tensor mask(int height, int width) throws IOException {
        Image image = Images.read(mask, 1);
        if (image.height() != height || image.width() != width) {
            throw new IOException(mask + ": the mask is " + image.width() + "x" + image.height()
                    + ", the pictures are " + width + "x" + height);
        }
        return Tensor.of(image.data(), 1, 1, height, width).div(255);
    }

    private Inversion pivotalTuning(Generator generator, PivotalTuning plain, List<String> names, int first)
            throws IOException {
        Projector projector = shipped ? AvatarInversion.pivot(plain.distance()) : Projector.pivot(plain.distance());
        double official = plain.distance() instanceof Lpips ? plain.threshold() : 0;
        PivotalTuning tuning = plain.withSteps(tuningSteps()).withThreshold(or(threshold, official))
                .withLocality(locality ? Locality.DEFAULT : null)
                .withPixelWeight(or(pixelWeight, plain.pixelWeight()))
                .withLearningRate(or(learningRate, plain.learningRate()))
                .withPivot(projector.withSteps(or(steps, projector.steps())));
        if (pivot == null) {
            return tuning;
        }
        if (loaded != null) {
            return tuning.withPivot(new EncoderInversion(loaded));
        }
        return tuning.withPivot(pivotCodes().read(generator, names, first));
    }

    private void note(String text) {
        spec.commandLine().getErr().println("stylegan4j: note: " + text);
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    private static <T> T or(T given, T otherwise) {
        return given == null ? otherwise : given;
    }
}
