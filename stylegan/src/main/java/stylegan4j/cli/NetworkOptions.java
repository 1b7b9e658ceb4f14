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
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Networks;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.Truncation;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/** Options of the commands that make pictures with a generator. */
final class NetworkOptions {
    /** Where a layer's noise comes from, in the official vocabulary. */
    enum NoiseMode { CONST, RANDOM, NONE }

    /** What a command does with the network, where gradients are not recorded. */
    interface Body {
        void run(Generator generator) throws IOException;
    }

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Mixin
    private CommonOptions common;

    @Option(names = "--network", required = true, paramLabel = "FILE",
            description = "Generator: NVlabs .pkl, .pt in either official layout, or .safetensors.")
    private Path network;

    @Option(names = "--class", paramLabel = "C", description = "Class label, for conditional networks.")
    private Integer label;

    @Option(names = "--trunc", paramLabel = "PSI", defaultValue = "1",
            description = "Truncation psi (default: ${DEFAULT-VALUE}).")
    private double psi;

    @Option(names = "--noise-mode", paramLabel = "MODE", defaultValue = "const",
            description = "const, random or none (default: ${DEFAULT-VALUE}).")
    private NoiseMode noiseMode;

    @Option(names = "--outdir", required = true, paramLabel = "DIR", description = "Folder for the pictures.")
    private Path outdir;

    /** Loads the generator and runs the body. */
    void run(Body body) throws IOException {
        try (Device device = common.open(); var _ = device.open()) {
            Generator generator = Networks.loadGenerator(network);
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

    Truncation truncation() {
        return Truncation.psi(psi);
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

    Noise noise() {
        return switch (noiseMode) {
            case CONST -> Noise.CONST;
            case NONE -> Noise.NONE;
            case RANDOM -> Noise.random(new RandomNumbers(common.seed()));
        };
    }

    /** A file in the {@link #folder}. */
    Path file(String name) throws IOException {
        return folder().resolve(name);
    }
}
