package stylegan4j.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Precision;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Networks;
import stylegan4j.stylegan.avatar.Avatars;
import stylegan4j.stylegan.inversion.TunedWeights;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** Which generator a command works with, and where its output goes. */
final class GeneratorOptions {
    /** What a command does with the network, where gradients are not recorded. */
    interface Body {
        void run(Generator generator) throws IOException;
    }

    /** The official configurations' {@code num_fp16_res}. */
    private static final int HALF_RESOLUTIONS = 4;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Option(names = "--network", paramLabel = "FILE",
            description = "Generator: NVlabs .pkl, .pt in either official layout, or .safetensors "
                    + "(default: the generator of avatars that ships).")
    private Path network;

    @Option(names = "--tuned", paramLabel = "FILE",
            description = "Tuned weights that go with the network, as an inversion by PTI writes them.")
    private Path tuned;

    @Option(names = "--class", paramLabel = "C", description = "Class label, for conditional networks.")
    private Integer label;

    @Option(names = "--outdir", required = true, paramLabel = "DIR", description = "Folder for the pictures.")
    private Path outdir;

    @Option(names = "--precision", paramLabel = "TYPE", defaultValue = "f32",
            description = "How a GPU multiplies: f32 (exact, default), tf32, or f16 or bf16 for the features of the four "
                    + "highest resolutions, as the official code does. The CPU is always exact.")
    private Precision precision;

    /** Whether it is the generator that ships with the library. */
    boolean isShipped() {
        return network == null;
    }

    /** Whether {@code --tuned} changes it. */
    boolean isTuned() {
        return tuned != null;
    }

    /** The generator's file. */
    Path network() {
        return network;
    }

    /** Loads the generator and runs the body. */
    void run(Body body) throws IOException {
        try (Device device = common.open(); var _ = device.open()) {
            Generator base = isShipped() ? Avatars.generator() : Networks.loadGenerator(network);
            Generator generator = tuned == null ? base : TunedWeights.read(tuned, base);
            choosePrecision(device, generator);
            IOException[] failure = {null};
            Autograd.noGrad(() -> {
                try (var _ = Scope.open()) {
                    body.run(generator);
                } catch (IOException e) {
                    failure[0] = e;
                }
            });
            if (failure[0] != null) {
                throw failure[0];
            }
        }
    }

    private void choosePrecision(Device device, Generator generator) {
        switch (precision) {
            case F32, TF32 -> device.precision(precision);
            case F16 -> generator.synthesis().features(DType.F16, HALF_RESOLUTIONS);
            case BF16 -> generator.synthesis().features(DType.BF16, HALF_RESOLUTIONS);
        }
    }

    /** The output folder, made when it is first asked for: wrong arguments are to leave none behind. */
    Path folder() throws IOException {
        try {
            return Files.createDirectories(outdir);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(outdir + ": cannot be the output folder, it is a file", e);
        } catch (FileSystemException e) {
            throw new IOException(outdir + ": the output folder cannot be made"
                    + (e.getReason() == null ? "" : " (" + e.getReason() + ")"), e);
        }
    }

    /** The chosen class as a label [1, c_dim], or null for a network without classes. */
    Tensor label(Generator generator) {
        int classes = generator.config().cDim();
        if (classes == 0) {
            if (label != null) {
                spec.commandLine().getErr().println(
                        "stylegan4j: warning: --class is ignored, the network has no classes");
            }
            return null;
        }
        if (label == null || label < 0 || label >= classes) {
            throw new ParameterException(spec.commandLine(), "--class: the network has classes 0 to " + (classes - 1)
                    + ", got " + (label == null ? "none" : label));
        }
        return generator.labels(label);
    }

    /** A file in the {@link #folder}. */
    Path file(String name) throws IOException {
        return folder().resolve(name);
    }

    /** What besides the generator's weights decides about results, as text. */
    String describe() {
        return "seed " + seed() + (label == null ? "" : ", class " + label)
                + (precision == Precision.F32 ? "" : ", precision " + precision);
    }

    long seed() {
        return common.seed();
    }
}
