package stylegan4j.bench;

import org.bytedeco.pytorch.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import stylegan4j.bench.libtorch.Libtorch;
import stylegan4j.bench.libtorch.TorchOps;
import stylegan4j.kernels.Fir;

/**
 * One StyleGAN2 layer from its styles on: modulation, convolution (with {@code up = 2} to twice the side),
 * demodulation, noise, bias, leaky ReLU.
 */
public class ModulatedConvBenchmark extends PairedBenchmark {
    /** Channels, kernel and the output's side. */
    @Param({"512-512-3x3@64", "256-256-3x3@128", "64-64-3x3@512", "32-32-3x3@1024"})
    public String layer;

    @Param({"1", "2"})
    public int up;

    private Tensor torchX;
    private Tensor torchWeight;
    private Tensor torchStyles;
    private Tensor torchNoise;
    private Tensor torchBias;
    private Tensor torchFilter;
    private double gflop;

    @Setup
    public void prepare() {
        ConvLayer sizes = ConvLayer.parse(layer);
        int in = sizes.in();
        int out = sizes.out();
        int k = sizes.kernel();
        int side = sizes.size() / up;
        gflop = sizes.gflop(side);
        float[] styles = SeededData.uniform(3, in, 1);
        float[] noise = SeededData.uniform(4, sizes.size() * sizes.size(), 0.1);
        float[] bias = SeededData.uniform(5, out, 0.1);
        Libtorch.start(threadCount());
        torchX = Libtorch.tensor(sizes.input(side), 1, in, side, side);
        torchWeight = Libtorch.tensor(sizes.weight(), out, in, k, k);
        torchStyles = Libtorch.tensor(styles, 1, in);
        torchNoise = Libtorch.tensor(noise, sizes.size(), sizes.size());
        torchBias = Libtorch.tensor(bias, out);
        torchFilter = Libtorch.tensor(Fir.separable(1, 3, 3, 1).taps(), 4, 4);
    }

    private Tensor computeTorch() {
        Tensor y = TorchOps.modulatedConv2d(torchX, torchWeight, torchStyles, torchNoise, up, torchFilter, true);
        return TorchOps.biasLrelu(y, torchBias);
    }

    @Benchmark
    public void libtorch(Flops flops) {
        flops.gflop = gflop;
        Libtorch.withoutGradients(this::computeTorch);
    }
}
