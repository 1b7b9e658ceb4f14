package stylegan4j.stylegan.encoder.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import stylegan4j.stylegan.data.Batch;
import stylegan4j.stylegan.data.BatchLoader;
import stylegan4j.stylegan.data.Dataset;
import stylegan4j.tensor.Tensor;

/**
 * Pictures wanted, and those that encoders are to make them of: the same ones, or as many of another kind in the same
 * order.
 *
 * @param sources null where they are the targets
 */
public record PairedPictures(Dataset sources, Dataset targets) implements AutoCloseable {
    public PairedPictures {
        if (targets.channels() != 3) {
            throw new IllegalArgumentException("pictures to encode: expected targets in colour, got "
                    + targets.channels() + " channels");
        }
        if (sources != null && sources.size() != targets.size()) {
            throw new IllegalArgumentException("pictures to encode: " + sources.size() + " sources do not match "
                    + targets.size() + " targets");
        }
    }

    /** A batch, [N, C, H, W] each in −1…1. */
    public record Pair(Tensor sources, Tensor targets) {
    }

    int size() {
        return targets.size();
    }

    /** Pictures of these places, in the open scope. */
    Pair at(int from, int to) throws IOException {
        Tensor wanted = read(targets, from, to);
        return new Pair(sources == null ? wanted : read(sources, from, to), wanted);
    }

    private static Tensor read(Dataset dataset, int from, int to) throws IOException {
        int size = dataset.resolution();
        float[] pixels = new float[(to - from) * dataset.channels() * size * size];
        for (int i = from; i < to; i++) {
            float[] picture = dataset.picture(i).toSignedUnit();
            System.arraycopy(picture, 0, pixels, (i - from) * picture.length, picture.length);
        }
        return Tensor.of(pixels, to - from, dataset.channels(), size, size);
    }

    /** Batches in shuffled order without end: both loaders shuffle alike. */
    static final class Loader implements AutoCloseable {
        private final BatchLoader targets;
        private final BatchLoader sources;

        Loader(PairedPictures pictures, int batch, long seed, long start) {
            targets = new BatchLoader(pictures.targets, batch, seed, start);
            sources = pictures.sources == null ? null : new BatchLoader(pictures.sources, batch, seed, start);
        }

        /** The next pair, in the open scope. */
        Pair next() throws IOException {
            Batch wanted = targets.next();
            Tensor pictures = wanted.pictures();
            return new Pair(sources == null ? pictures : sources.next().pictures(), pictures);
        }

        @Override
        public void close() {
            targets.close();
            if (sources != null) {
                sources.close();
            }
        }
    }

    /**
     * Fails where a picture cannot be read, or is unlike the first.
     *
     * @param step called after each
     */
    public void readAll(Runnable step) throws IOException {
        List<Dataset> all = new ArrayList<>(List.of(targets));
        if (sources != null) {
            all.add(sources);
        }
        for (Dataset dataset : all) {
            for (int i = 0; i < dataset.size(); i++) {
                dataset.picture(i);
                step.run();
            }
        }
    }

    @Override
    public void close() throws IOException {
        targets.close();
        if (sources != null) {
            sources.close();
        }
    }
}
