package stylegan4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import stylegan4j.nn.image.Image;
import stylegan4j.nn.image.ImageTensors;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.data.BatchPipeline;
import stylegan4j.stylegan.inversion.Inversion;
import stylegan4j.stylegan.inversion.InversionResult;
import stylegan4j.stylegan.inversion.InversionRun;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/** Inversion by an encoder, which is so fast that reading and writing count: they go on beside it. */
final class EncodedPictures {
    private final Generator generator;
    private final Inversion method;
    private final PerceptualDistance distance;
    private final String settings;
    private final Path folder;
    private final boolean resume;

    /** Learns what becomes of each picture, in order. */
    interface Report {
        void note(String text);

        /** @param scores how close it came, or null for one that was finished before */
        void done(String name, InversionFiles.Scores scores, double seconds);

        void failed(String reason);
    }

    /**
     * @param settings with the network, as text
     * @param resume whether pictures that were finished before are left
     */
    EncodedPictures(Generator generator, Inversion method, PerceptualDistance distance, String settings, Path folder,
                    boolean resume) {
        this.generator = generator;
        this.method = method;
        this.distance = distance;
        this.settings = settings;
        this.folder = folder;
        this.resume = resume;
    }

    private record Item(String name, Path file) {
    }

    /** A picture as read, with what there is to say about it. */
    private record Read(Image image, List<String> notes) {
    }

    /** What is written of a picture; nothing of one that was finished before. */
    private record Result(InversionFiles files, String work, InversionFiles.Found found, double seconds) {
    }

    void run(Map<String, Path> pictures, int batch, BooleanSupplier cancelled, Report report) {
        List<Item> items = new ArrayList<>();
        pictures.forEach((name, file) -> items.add(new Item(name, file)));
        try (Progress progress = new Progress("encoding", items.size())) {
            new BatchPipeline<Item, Read, Result>(this::read, (keys, read) -> compute(keys, read, report),
                    this::write, new BatchPipeline.Listener<>() {
                @Override
                public void done(Item item, Result result) {
                    progress.step();
                    report.done(item.name, result.found == null ? null : result.found.scores(), result.seconds);
                }

                @Override
                public void failed(Item item, Exception reason) {
                    progress.step();
                    report.failed(Failures.reason(reason));
                }
            }).run(items, batch, BatchPipeline.usualThreads(), cancelled);
        }
    }

    private Read read(Item item) throws IOException {
        List<String> notes = new ArrayList<>();
        return new Read(TargetPictures.read(item.file, generator.config().height(), generator.config().width(),
                notes::add), notes);
    }

    private List<Result> compute(List<Item> items, List<Read> batch, Report report) throws IOException {
        batch.forEach(read -> read.notes.forEach(report::note));
        try (var _ = Scope.open()) {
            List<Result> results = new ArrayList<>();
            List<Tensor> targets = batch.stream().map(read -> ImageTensors.toTensor(read.image)).toList();
            List<Image> left = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                String work = InversionFiles.work(settings, targets.get(i));
                var files = new InversionFiles(folder, List.of(items.get(i).name), work);
                boolean finished = resume && files.areFinished();
                results.add(new Result(finished ? null : files, work, null, 0));
                if (!finished) {
                    left.add(batch.get(i).image);
                }
            }
            return left.isEmpty() ? results : complete(results, ImageTensors.toTensor(left));
        }
    }

    /** Encodes what is left, and puts it into its places. */
    private List<Result> complete(List<Result> results, Tensor targets) {
        InversionResult result = method.invert(generator, targets, InversionRun.DEFAULT);
        var found = InversionFiles.found(generator, targets, result, distance).iterator();
        double seconds = result.seconds() / targets.size(0);
        return results.stream().map(r -> r.files == null ? r : new Result(r.files, r.work, found.next(), seconds))
                .toList();
    }

    private void write(Item item, Result result) throws IOException {
        if (result.files != null) {
            result.files.begin(false);
            InversionFiles.write(folder.resolve(item.name), result.work, result.found);
        }
    }
}
