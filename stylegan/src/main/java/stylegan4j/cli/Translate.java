package stylegan4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.ImageGrid;
import stylegan4j.nn.image.Images;
import stylegan4j.nn.image.Resize;
import stylegan4j.nn.image.ResizeFilter;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.data.BatchPipeline;
import stylegan4j.stylegan.translation.EncoderInput;
import stylegan4j.stylegan.translation.Source;
import stylegan4j.stylegan.translation.Translator;
import stylegan4j.tensor.Tensor;

/** {@code translate}: makes pictures of sketches, label maps, coarse or damaged pictures, by an encoder. */
@Command(name = "translate", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Makes pictures of a generator's domain of other pictures: NAME.png for each input, or "
                + "NAME-1.png, NAME-2.png, … for several results.")
final class Translate implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private GeneratorOptions network;

    @Mixin
    private TaskOptions tasks;

    @Parameters(arity = "1..*", paramLabel = "INPUT", description = "Pictures (PNG, JPEG), or folders of them.")
    private List<Path> inputs;

    @Option(names = {"--batch", "--test_batch_size"}, paramLabel = "N", defaultValue = "8",
            description = "Pictures at once (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = {"--couple-outputs", "--couple_outputs"},
            description = "Also write coupled/NAME.png: the input, and the results beside it.")
    private boolean couple;

    private int failed;

    @Override
    public Integer call() throws IOException {
        if (batch < 1) {
            throw new ParameterException(spec.commandLine(), "--batch: expected at least 1, got " + batch);
        }
        tasks.check();
        Map<String, Path> files = TargetPictures.named(inputs);
        network.run(generator -> {
            Translator translator = tasks.load(network, generator);
            try (Interruption interruption = new Interruption();
                 Progress progress = new Progress("translate", files.size())) {
                List<Item> items = new ArrayList<>();
                files.forEach((name, file) -> items.add(new Item(name, file, items.size())));
                pipeline(generator, translator, progress).run(items, batch, BatchPipeline.usualThreads(),
                        interruption::isRequested);
            }
        });
        return failed == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** A file, the name of its results, and its place among all. */
    private record Item(String name, Path file, int place) {
    }

    /** An input, and how people look at it. */
    private record Read(EncoderInput input, Image shown) {
    }

    /** What is written of an input. */
    private record Result(Image shown, List<Image> pictures) {
    }

    private BatchPipeline<Item, Read, Result> pipeline(Generator generator, Translator translator, Progress progress)
            throws IOException {
        Tensor label = network.label(generator);
        Path folder = network.folder();
        PrintWriter out = spec.commandLine().getOut();
        return new BatchPipeline<>(item -> read(translator, item.file),
                (items, batch) -> translate(translator, label, items, batch),
                (item, result) -> write(folder, item.name, result), new BatchPipeline.Listener<>() {
            @Override
            public void done(Item item, Result result) {
                progress.step();
                int made = result.pictures.size();
                out.println(item.name + ": " + made + (made == 1 ? " picture" : " pictures"));
            }

            @Override
            public void failed(Item item, Exception reason) {
                progress.step();
                failed++;
                spec.commandLine().getErr().println("stylegan4j: " + Failures.reason(reason));
            }
        });
    }

    private List<Result> translate(Translator translator, Tensor label, List<Item> items, List<Read> batch) {
        List<List<Image>> pictures = translator.translate(batch.stream().map(Read::input).toList(), label,
                items.stream().map(item -> tasks.firstSeed(network.seed(), item.place)).toList());
        List<Result> results = new ArrayList<>();
        for (int i = 0; i < pictures.size(); i++) {
            results.add(new Result(batch.get(i).shown, pictures.get(i)));
        }
        return results;
    }

    private Read read(Translator translator, Path file) throws IOException {
        Source source = tasks.source(translator, file);
        EncoderInput input = source.read(file, Files.readAllBytes(file), translator.inputHeight(),
                translator.inputWidth(), new SplittableRandom(0));
        return new Read(input, couple ? source.shown(input) : null);
    }

    private void write(Path folder, String name, Result result) throws IOException {
        List<Image> pictures = result.pictures;
        for (int i = 0; i < pictures.size(); i++) {
            Images.writePng(pictures.get(i), folder.resolve(name + (pictures.size() == 1 ? "" : "-" + (i + 1))
                    + ".png"));
        }
        if (couple) {
            Image first = pictures.getFirst();
            List<Image> row = new ArrayList<>(pictures);
            row.addFirst(Resize.to(result.shown, first.height(), first.width(), ResizeFilter.BILINEAR));
            Images.writePng(ImageGrid.of(row, row.size()),
                    Files.createDirectories(folder.resolve("coupled")).resolve(name + ".png"));
        }
    }
}
