package stylegan4j.stylegan.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/**
 * Work on many files in batches, with reading, computing and writing overlapped: while the calling thread computes one
 * batch, the next ones are read and the last ones written by threads beside it. Not more than a few batches are in
 * memory. A batch is a run of files at fixed places, whatever becomes of its neighbours, so that the results do not
 * depend on how threads take turns; what fails is told of by file, and the others go on.
 *
 * @param <K> what a file is known by
 * @param <D> what is read of it
 * @param <R> what is computed of that, and written
 */
public final class BatchPipeline<K, D, R> {
    /** Batches that are read ahead, and that wait to be written. */
    private static final int AHEAD = 2;

    private final Reader<K, D> reader;
    private final Computation<K, D, R> computation;
    private final Writer<K, R> writer;
    private final Listener<K, R> listener;

    /** Reads a file; called by several threads. */
    public interface Reader<K, D> {
        D read(K key) throws IOException;
    }

    /** Computes a batch; called by one thread. */
    public interface Computation<K, D, R> {
        /** A result for each key, in order. */
        List<R> compute(List<K> keys, List<D> batch) throws IOException;
    }

    /** Writes a result; called by several threads. */
    public interface Writer<K, R> {
        void write(K key, R result) throws IOException;
    }

    /** Learns what became of each file, in the files' order; called by the thread that computes. */
    public interface Listener<K, R> {
        /** A file's result was written. */
        void done(K key, R result);

        /** A file failed; IllegalArgumentException or IOException. */
        void failed(K key, Exception reason);
    }

    /** As many threads as leave half the processors to the computation. */
    public static int usualThreads() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    public BatchPipeline(Reader<K, D> reader, Computation<K, D, R> computation, Writer<K, R> writer,
                         Listener<K, R> listener) {
        this.reader = reader;
        this.computation = computation;
        this.writer = writer;
        this.listener = listener;
    }

    /** A file whose result is being written, or that failed before. */
    private record Pending<K, R>(K key, R result, Exception failure, Future<?> writing) {
    }

    /**
     * Works on all files, or, once it is cancelled, on those that were begun.
     *
     * @param batch files that are computed at once
     * @param threads beside the calling one
     * @param cancelled asked before each batch
     * @throws IllegalArgumentException if there is no thread, or a batch of nothing
     */
    public void run(List<K> keys, int batch, int threads, BooleanSupplier cancelled) {
        if (batch < 1 || threads < 1) {
            throw new IllegalArgumentException("batchPipeline: batch and threads expected from 1 on, got " + batch
                    + " and " + threads);
        }
        ExecutorService workers = Executors.newFixedThreadPool(threads,
                Thread.ofPlatform().name("batch-pipeline-", 0).daemon().factory());
        Deque<Future<D>> reading = new ArrayDeque<>();
        Deque<Pending<K, R>> written = new ArrayDeque<>();
        try {
            int asked = 0;
            for (int from = 0; from < keys.size() && !cancelled.getAsBoolean(); from += batch) {
                while (asked < Math.min(keys.size(), from + (AHEAD + 1) * batch)) {
                    K key = keys.get(asked++);
                    reading.add(workers.submit(() -> reader.read(key)));
                }
                written.addAll(batch(keys.subList(from, Math.min(from + batch, keys.size())), reading, workers));
                settle(written, AHEAD * batch);
            }
            reading.forEach(task -> task.cancel(true));
            settle(written, 0);
        } finally {
            workers.shutdownNow();
        }
    }

    /** Computes what could be read of a batch, and has it written. */
    private List<Pending<K, R>> batch(List<K> keys, Deque<Future<D>> reading, ExecutorService workers) {
        List<Exception> failures = new ArrayList<>();
        List<K> readable = new ArrayList<>();
        List<D> read = new ArrayList<>();
        for (K key : keys) {
            Exception failure = null;
            try {
                read.add(outcome(reading.remove()));
                readable.add(key);
            } catch (IOException | IllegalArgumentException e) {
                failure = e;
            }
            failures.add(failure);
        }
        List<R> results = List.of();
        Exception refused = null;
        try {
            results = readable.isEmpty() ? List.of() : computation.compute(readable, read);
        } catch (IOException | IllegalArgumentException e) {
            refused = e;
        } catch (UncheckedIOException e) {
            refused = e.getCause();
        }
        List<Pending<K, R>> pending = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < keys.size(); i++) {
            K key = keys.get(i);
            Exception failure = failures.get(i) == null ? refused : failures.get(i);
            if (failure != null) {
                pending.add(new Pending<>(key, null, failure, null));
                continue;
            }
            R result = results.get(next++);
            pending.add(new Pending<>(key, result, null, workers.submit(writing(key, result))));
        }
        return pending;
    }

    private Callable<Void> writing(K key, R result) {
        return () -> {
            writer.write(key, result);
            return null;
        };
    }

    /** Waits until so many are left, and tells of the others in order. */
    private void settle(Deque<Pending<K, R>> written, int left) {
        while (written.size() > left) {
            Pending<K, R> first = written.remove();
            Exception failure = first.failure;
            if (failure == null) {
                try {
                    outcome(first.writing);
                } catch (IOException | IllegalArgumentException e) {
                    failure = e;
                }
            }
            if (failure == null) {
                listener.done(first.key, first.result);
            } else {
                listener.failed(first.key, failure);
            }
        }
    }

    private static <T> T outcome(Future<T> task) throws IOException {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failed -> throw failed;
                case UncheckedIOException failed -> throw failed.getCause();
                case IllegalArgumentException refused -> throw refused;
                case null, default -> throw new IllegalStateException(e.getCause());
            }
        }
    }
}
