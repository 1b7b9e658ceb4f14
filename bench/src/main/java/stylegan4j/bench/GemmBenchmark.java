package stylegan4j.bench;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import stylegan4j.bench.libtorch.Libtorch;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBackend;

/** The product of two square matrices; libtorch's runs in OpenBLAS. */
public class GemmBenchmark extends PairedBenchmark {
    /** Both sides sum n products in float32, in different orders: errors near √n · 2⁻²⁴, at most 3e-6. */
    private static final double TOLERANCE = 1e-5;

    @Param({"1024", "2048"})
    public int n;

    private CpuBackend backend;
    private NdArray a;
    private NdArray b;
    private Tensor torchA;
    private Tensor torchB;

    @Setup
    public void prepare() {
        float[] left = SeededData.uniform(1, n * n, 1);
        float[] right = SeededData.uniform(2, n * n, 1);
        Libtorch.start(threadCount(), threadCount());
        torchA = Libtorch.tensor(left, n, n);
        torchB = Libtorch.tensor(right, n, n);
        backend = new CpuBackend(threadCount());
        a = Kernels.array(backend, left, 1, n, n);
        b = Kernels.array(backend, right, 1, n, n);
        Agreement.check("matmul", Kernels.takeOut(backend, multiply()),
                Libtorch.result(() -> torch.mm(torchA, torchB)), TOLERANCE);
    }

    private NdArray multiply() {
        NdArray y = Kernels.empty(backend, 1, n, n);
        backend.matmul(a, b, y);
        return y;
    }

    @Benchmark
    public void stylegan4j(Flops flops) {
        flops.gflop = 2e-9 * n * n * n;
        backend.release(multiply().buffer());
    }

    @Benchmark
    public void libtorch(Flops flops) {
        flops.gflop = 2e-9 * n * n * n;
        Libtorch.withoutGradients(() -> torch.mm(torchA, torchB));
    }

    @TearDown
    public void close() {
        backend.close();
    }
}
