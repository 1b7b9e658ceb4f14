package stylegan4j.stylegan.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class BatchPipelineTest {
    private final List<List<Integer>> batches = new ArrayList<>();
    private final List<Integer> written = Collections.synchronizedList(new ArrayList<>());
    private final List<String> told = new ArrayList<>();

    private final BatchPipeline.Listener<Integer, Integer> listener = new BatchPipeline.Listener<>() {
        @Override
        public void done(Integer key, Integer result) {
            assertTrue(written.contains(result), "told before it was written");
            told.add(key + "=" + result);
        }

        @Override
        public void failed(Integer key, Exception reason) {
            told.add(key + ": " + reason.getMessage());
        }
    };

    private List<Integer> tenfold(List<Integer> keys, List<Integer> batch) {
        batches.add(List.copyOf(keys));
        assertEquals(keys, batch);
        return batch.stream().map(v -> 10 * v).toList();
    }

    private static List<Integer> keys(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    @ParameterizedTest
    @CsvSource({"0, 3, 2", "1, 3, 1", "13, 3, 4", "13, 1, 1", "13, 13, 2", "13, 207, 2"})
    void everyFileIsWrittenAndToldOfInOrder(int count, int batch, int threads) {
        new BatchPipeline<Integer, Integer, Integer>(k -> k, this::tenfold, (k, r) -> written.add(r), listener)
                .run(keys(count), batch, threads, () -> false);
        assertEquals(keys(count).stream().map(k -> k + "=" + 10 * k).toList(), told);
        assertEquals(keys(count), batches.stream().flatMap(List::stream).toList());
        assertTrue(batches.stream().allMatch(b -> b.size() <= batch));
    }

    @Test
    void whatFailsIsNamedAndItsNeighboursStayInTheirBatches() {
        new BatchPipeline<Integer, Integer, Integer>(k -> {
            if (k == 4) {
                throw new IOException("unreadable");
            }
            return k;
        }, (keys, batch) -> {
            if (keys.contains(7)) {
                throw new IllegalArgumentException("refused");
            }
            return tenfold(keys, batch);
        }, (k, r) -> {
            if (k == 9) {
                throw new IOException("disk full");
            }
            written.add(r);
        }, listener).run(keys(10), 3, 3, () -> false);
        assertEquals(List.of("0=0", "1=10", "2=20", "3=30", "4: unreadable", "5=50", "6: refused", "7: refused",
                "8: refused", "9: disk full"), told);
        assertEquals(List.of(List.of(0, 1, 2), List.of(3, 5), List.of(9)), batches);
    }

    @Test
    void whatWasBegunIsFinishedWhenCancelled() {
        AtomicInteger asked = new AtomicInteger();
        new BatchPipeline<Integer, Integer, Integer>(k -> k, this::tenfold, (k, r) -> written.add(r), listener)
                .run(keys(100), 4, 2, () -> asked.incrementAndGet() > 2);
        assertEquals(keys(8).stream().map(k -> k + "=" + 10 * k).toList(), told);
    }

    @Test
    void readingRunsAheadOfTheComputationButNotFar() {
        AtomicInteger read = new AtomicInteger();
        CountDownLatch ahead = new CountDownLatch(6);
        new BatchPipeline<Integer, Integer, Integer>(k -> {
            read.incrementAndGet();
            ahead.countDown();
            return k;
        }, (keys, batch) -> {
            // The first batch is not left before the next two have been read: they are read meanwhile.
            assertTrue(await(ahead));
            assertTrue(read.get() <= keys.getLast() + 1 + 4, () -> read.get() + " read at " + keys);
            return tenfold(keys, batch);
        }, (k, r) -> written.add(r), listener).run(keys(40), 2, 3, () -> false);
        assertEquals(40, told.size());
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aDefectIsNotTakenForABadFile() {
        var pipeline = new BatchPipeline<Integer, Integer, Integer>(k -> {
            throw new IllegalStateException("defect");
        }, this::tenfold, (k, r) -> written.add(r), listener);
        assertThrows(IllegalStateException.class, () -> pipeline.run(keys(3), 2, 1, () -> false));
        assertThrows(IllegalArgumentException.class, () -> pipeline.run(keys(3), 0, 1, () -> false));
    }
}
