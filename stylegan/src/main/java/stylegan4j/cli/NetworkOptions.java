package stylegan4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.Truncation;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/** Options of the commands that make pictures with a generator. */
final class NetworkOptions {
    /** Where a layer's noise comes from, in the official vocabulary. */
    enum NoiseMode { CONST, RANDOM, NONE }

    @Mixin
    private GeneratorOptions options;

    @Option(names = "--trunc", paramLabel = "PSI", defaultValue = "1",
            description = "Truncation psi (default: ${DEFAULT-VALUE}).")
    private double psi;

    @Option(names = "--noise-mode", paramLabel = "MODE", defaultValue = "const",
            description = "const, random or none (default: ${DEFAULT-VALUE}).")
    private NoiseMode noiseMode;

    /** Loads the generator and runs the body. */
    void run(GeneratorOptions.Body body) throws IOException {
        options.run(body);
    }

    /** See {@link GeneratorOptions#folder}. */
    Path folder() throws IOException {
        return options.folder();
    }

    /** See {@link GeneratorOptions#file}. */
    Path file(String name) throws IOException {
        return options.file(name);
    }

    /** See {@link GeneratorOptions#label}. */
    Tensor label(Generator generator) {
        return options.label(generator);
    }

    Truncation truncation() {
        return Truncation.psi(psi);
    }

    Noise noise() {
        return switch (noiseMode) {
            case CONST -> Noise.CONST;
            case NONE -> Noise.NONE;
            case RANDOM -> Noise.random(new RandomNumbers(options.seed()));
        };
    }
}
