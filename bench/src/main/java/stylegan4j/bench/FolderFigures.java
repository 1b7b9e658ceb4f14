package stylegan4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.nn.image.Images;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.Truncation;
import stylegan4j.stylegan.avatar.Avatars;
import stylegan4j.stylegan.data.BatchPipeline;
import stylegan4j.stylegan.encoder.EncoderKind;
import stylegan4j.stylegan.encoder.EncoderModel;
import stylegan4j.stylegan.encoder.StyleEncoder;
import stylegan4j.stylegan.encoder.StyleEncoderConfig;
import stylegan4j.stylegan.encoder.StyleEncoderConfig.Head;
import stylegan4j.stylegan.feature.IrBody;
import stylegan4j.stylegan.translation.EncoderInput;
import stylegan4j.stylegan.translation.Source;
import stylegan4j.stylegan.translation.SourceOptions;
import stylegan4j.stylegan.translation.Task;
import stylegan4j.stylegan.translation.Translator;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;

/**
 * A folder of pictures through an encoder of the size that ships and the generator, one at a time and in batches with
 * reading and writing beside the computation. Arguments: a folder to work in, how many pictures, threads to compute
 * with.
 */
public final class FolderFigures {
    private static final int BATCH = 8;
    private static final int ROUNDS = 3;

    private final Path folder;
    private final List<Path> inputs = new ArrayList<>();
    private final Translator translator;
    private final Source source;

    private FolderFigures(Path folder, int count) throws IOException {
        this.folder = folder;
        Generator generator = Avatars.generator();
        int wDim = generator.config().wDim();
        StyleEncoderConfig config = new StyleEncoderConfig(
                new IrBody(List.of(1, 1, 1, 1), List.of(16, 24, 32, 48), true), Head.PYRAMID, 3, generator.config().imgResolution(), generator.numWs(), wDim, 16);
        translator = new Translator(new EncoderModel(EncoderKind.PSP, new StyleEncoder(config, Initializer.random(1)),
                generator, null, 1), Task.named("encode"), null);
        source = translator.task().source().apply(SourceOptions.forTraining(3, SourceOptions.FACTORS));
        Path pictures = Files.createDirectories(folder.resolve("in"));
        for (int i = 0; i < count; i++) {
            int seed = i;
            List<Image> drawn = Autograd.noGrad(() -> {
                try (var _ = Scope.open()) {
                    return ImageTensors.toImages(generator.forward(generator.latents(seed), null, Truncation.NONE,
                            Noise.CONST));
                }
            });
            inputs.add(pictures.resolve(i + ".png"));
            Images.writePng(drawn.getFirst(), inputs.getLast());
        }
    }

    public static void main(String[] arguments) throws IOException {
        int count = Integer.parseInt(arguments[1]);
        try (Device device = Device.cpu(Integer.parseInt(arguments[2])); var _ = device.open()) {
            FolderFigures figures = new FolderFigures(Path.of(arguments[0]), count);
            double[] single = new double[ROUNDS];
            double[] batches = new double[ROUNDS];
            figures.oneAtATime();
            figures.pipeline();
            for (int round = 0; round < ROUNDS; round++) {
                single[round] = seconds(figures::oneAtATime);
                batches[round] = seconds(figures::pipeline);
            }
            figures.requireSame();
            Arrays.sort(single);
            Arrays.sort(batches);
            System.out.printf(Locale.ROOT, "%d pictures, median of %d rounds: one at a time %.1f pictures/s, in "
                    + "batches of %d beside reading and writing %.1f pictures/s (%.2f times)%n", count, ROUNDS,
                    count / single[ROUNDS / 2], BATCH, count / batches[ROUNDS / 2],
                    single[ROUNDS / 2] / batches[ROUNDS / 2]);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static double seconds(Work work) throws IOException {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) * 1e-9;
    }

    private void oneAtATime() throws IOException {
        for (Path input : inputs) {
            write(input, "single", translator.translate(List.of(read(input)), null, List.of(0L)).getFirst());
        }
    }

    private void pipeline() {
        new BatchPipeline<Path, EncoderInput, List<Image>>(this::read, (files, batch) -> translator.translate(batch,
                null, files.stream().map(f -> 0L).toList()), (file, images) -> write(file, "batches", images),
                new BatchPipeline.Listener<>() {
            @Override
            public void done(Path file, List<Image> images) {
                // Only the time counts.
            }

            @Override
            public void failed(Path file, Exception reason) {
                throw new IllegalStateException(file.toString(), reason);
            }
        }).run(inputs, BATCH, BatchPipeline.usualThreads(), () -> false);
    }

    private EncoderInput read(Path file) throws IOException {
        return source.read(file, Files.readAllBytes(file), translator.inputHeight(), translator.inputWidth(),
                new SplittableRandom(0));
    }

    private void write(Path input, String kind, List<Image> images) throws IOException {
        Images.writePng(images.getFirst(), Files.createDirectories(folder.resolve(kind)).resolve(input.getFileName()));
    }

    /** Sums of another order may round to the next of 256 levels. */
    private void requireSame() throws IOException {
        for (Path input : inputs) {
            float[] single = Images.read(folder.resolve("single").resolve(input.getFileName())).data();
            float[] batch = Images.read(folder.resolve("batches").resolve(input.getFileName())).data();
            for (int i = 0; i < single.length; i++) {
                if (Math.abs(single[i] - batch[i]) > 1) {
                    throw new IllegalStateException(input + ": a batch gives another picture");
                }
            }
        }
    }
}
