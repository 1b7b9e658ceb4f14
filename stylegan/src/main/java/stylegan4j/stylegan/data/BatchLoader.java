package stylegan4j.stylegan.data;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Batches of a dataset in shuffled order without end; the next one is decoded while the last one is used. */
public final class BatchLoader implements AutoCloseable {
    private final Dataset dataset;
    private final ShuffledOrder order;
    private final int batch;
    private final ExecutorService reader = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("batch-loader").daemon().factory());
    private Future<Batch> ahead;
    private long position;

    /** @param start pictures that were taken before, from which the order goes on */
    public BatchLoader(Dataset dataset, int batch, long seed, long start) {
        this.dataset = dataset;
        this.order = new ShuffledOrder(dataset.size(), seed);
        this.batch = batch;
        prepare(start);
    }

    private void prepare(long start) {
        ahead = reader.submit(() -> load(start));
        position = start;
    }

    /**
     * The next batch.
     *
     * @throws IOException naming the picture, if one cannot be read
     */
    public Batch next() throws IOException {
        try {
            Batch ready = ahead.get();
            prepare(position + batch);
            return ready;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a batch was read", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failed -> throw failed;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    private Batch load(long start) throws IOException {
        int resolution = dataset.resolution();
        int size = dataset.channels() * resolution * resolution;
        int labelSize = dataset.labelSize();
        float[] pixels = new float[batch * size];
        float[] labels = new float[batch * labelSize];
        for (int i = 0; i < batch; i++) {
            int index = order.at(start + i);
            System.arraycopy(dataset.picture(index).toSignedUnit(), 0, pixels, i * size, size);
            System.arraycopy(dataset.label(index), 0, labels, i * labelSize, labelSize);
        }
        return new Batch(batch, dataset.channels(), resolution, pixels, labelSize, labels);
    }

    /** Stops reading ahead; the dataset stays open. */
    @Override
    public void close() {
        reader.shutdownNow();
    }
}
