package stylegan4j.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * How many float32 operations a second the cores can do at all: fused multiply-adds on vectors that never leave the
 * registers. The other benchmarks' figures are shares of this one's fastest call.
 */
@BenchmarkMode(Mode.SampleTime)
public class PeakBenchmark extends PairedBenchmark {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    /** Independent sums: enough to hide the latency of two units, few enough for sixteen registers. */
    private static final int SUMS = 12;
    private static final int ROUNDS = 1_000_000;

    private ExecutorService executor;
    private List<Callable<Float>> tasks;

    @Setup
    public void prepare() {
        executor = Executors.newFixedThreadPool(threadCount());
        tasks = new ArrayList<>();
        for (int i = 0; i < threadCount(); i++) {
            float factor = 1e-4f * (i + 1);
            tasks.add(() -> multiplyAdd(factor));
        }
    }

    @Benchmark
    public void stylegan4j(Flops flops, Blackhole sink) throws InterruptedException, ExecutionException {
        flops.gflop = 2e-9 * SPECIES.length() * SUMS * ROUNDS * tasks.size();
        for (Future<Float> result : executor.invokeAll(tasks)) {
            sink.consume(result.get());
        }
    }

    @TearDown
    public void close() {
        executor.close();
    }

    private static float multiplyAdd(float value) {
        FloatVector x = FloatVector.broadcast(SPECIES, value);
        FloatVector a = x;
        FloatVector b = x;
        FloatVector c = x;
        FloatVector d = x;
        FloatVector e = x;
        FloatVector f = x;
        FloatVector g = x;
        FloatVector h = x;
        FloatVector i = x;
        FloatVector j = x;
        FloatVector k = x;
        FloatVector l = x;
        for (int round = 0; round < ROUNDS; round++) {
            a = x.fma(x, a);
            b = x.fma(x, b);
            c = x.fma(x, c);
            d = x.fma(x, d);
            e = x.fma(x, e);
            f = x.fma(x, f);
            g = x.fma(x, g);
            h = x.fma(x, h);
            i = x.fma(x, i);
            j = x.fma(x, j);
            k = x.fma(x, k);
            l = x.fma(x, l);
        }
        return a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l).reduceLanes(
                VectorOperators.ADD);
    }
}
