package stylegan4j.bench;

import org.bytedeco.pytorch.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import stylegan4j.bench.libtorch.Libtorch;
import stylegan4j.bench.libtorch.TorchOps;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Upfirdn;
import stylegan4j.kernels.cpu.CpuBackend;

/**
 * Resampling with the filter [1, 3, 3, 1]; libtorch does it as the official code does on a CPU, by zero insertion,
 * padding, a depthwise convolution and decimation.
 */
public class UpfirdnBenchmark extends PairedBenchmark {
    /** Sixteen products a sample in float32. */
    private static final double TOLERANCE = 1e-6;

    /** To twice the side, to half the side, or filtered at the same side. */
    public enum Kind {
        UP2(2, 1, 2, 1, 4), DOWN2(1, 2, 1, 1, 1), FILTER(1, 1, 2, 1, 1);

        private final int up;
        private final int down;
        private final int before;
        private final int after;
        private final float gain;

        Kind(int up, int down, int before, int after, float gain) {
            this.up = up;
            this.down = down;
            this.before = before;
            this.after = after;
            this.gain = gain;
        }
    }

    /** Channels, and the side of the larger picture: up2's output, the others' input. */
    @Param({"64@256", "32@1024"})
    public String picture;

    @Param
    public Kind kind;

    private CpuBackend backend;
    private Fir fir;
    private Upfirdn geometry;
    private NdArray x;
    private Tensor torchX;
    private Tensor torchFilter;
    private double gflop;

    @Setup
    public void prepare() {
        String[] parts = picture.split("@");
        int channels = Integer.parseInt(parts[0]);
        int size = Integer.parseInt(parts[1]) / kind.up;
        float[] data = SeededData.uniform(1, channels * size * size, 1);
        Fir low = Fir.separable(1, 3, 3, 1);
        Libtorch.start(threadCount());
        torchX = Libtorch.tensor(data, 1, channels, size, size);
        torchFilter = Libtorch.tensor(low.taps(), 4, 4);
        backend = new CpuBackend(threadCount());
        fir = low.scaled(kind.gain);
        geometry = new Upfirdn(kind.up, kind.up, kind.down, kind.down, kind.before, kind.after, kind.before,
                kind.after, false);
        x = Kernels.array(backend, data, 1, channels, size, size);
        NdArray y = compute();
        gflop = 2e-9 * 16 / (kind.up * kind.up) * y.numel();
        Agreement.check("upfirdn2d " + picture + " " + kind, Kernels.takeOut(backend, y),
                Libtorch.result(this::computeTorch), TOLERANCE);
    }

    private NdArray compute() {
        NdArray y = Kernels.empty(backend, x.size(0), x.size(1), geometry.outHeight(x.size(2), 4),
                geometry.outWidth(x.size(3), 4));
        backend.upfirdn2d(x, fir, geometry, y);
        return y;
    }

    private Tensor computeTorch() {
        return TorchOps.upfirdn2d(torchX, torchFilter, kind.up, kind.down, kind.before, kind.after, kind.gain);
    }

    @Benchmark
    public void stylegan4j(Flops flops) {
        flops.gflop = gflop;
        backend.release(compute().buffer());
    }

    @Benchmark
    public void libtorch(Flops flops) {
        flops.gflop = gflop;
        Libtorch.withoutGradients(this::computeTorch);
    }

    @TearDown
    public void close() {
        backend.close();
    }
}
