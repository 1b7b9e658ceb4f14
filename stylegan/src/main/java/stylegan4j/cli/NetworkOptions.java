package stylegan4j.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Networks;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.Truncation;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.op.RandomNumbers;

/** Options of the commands that make pictures with a generator. */
final class NetworkOptions {
    /** Where a layer's noise comes from, in the official vocabulary. */
    enum NoiseMode { CONST, RANDOM, NONE }

    /** What a command does with the network, where gradients are not recorded. */
    interface Body {
        void run(Generator generator) throws IOException;
    }

    @Mixin
    private CommonOptions common;

    @Option(names = "--network", required = true, paramLabel = "FILE",
            description = "Generator: NVlabs .pkl, .pt in either official layout, or .safetensors.")
    private Path network;

    @Option(names = "--trunc", paramLabel = "PSI", defaultValue = "1",
            description = "Truncation psi (default: ${DEFAULT-VALUE}).")
    private double psi;

    @Option(names = "--noise-mode", paramLabel = "MODE", defaultValue = "const",
            description = "const, random or none (default: ${DEFAULT-VALUE}).")
    private NoiseMode noiseMode;

    @Option(names = "--outdir", required = true, paramLabel = "DIR", description = "Folder for the pictures.")
    private Path outdir;

    /** Loads the generator and runs the body; the output folder is made once the network has loaded. */
    void run(Body body) throws IOException {
        try (Device device = common.open(); var _ = device.open()) {
            Generator generator = Networks.loadGenerator(network);
            makeFolder();
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

    private void makeFolder() throws IOException {
        try {
            Files.createDirectories(outdir);
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

    Noise noise() {
        return switch (noiseMode) {
            case CONST -> Noise.CONST;
            case NONE -> Noise.NONE;
            case RANDOM -> Noise.random(new RandomNumbers(common.seed()));
        };
    }

    Path file(String name) {
        return outdir.resolve(name);
    }

    Path outdir() {
        return outdir;
    }
}
