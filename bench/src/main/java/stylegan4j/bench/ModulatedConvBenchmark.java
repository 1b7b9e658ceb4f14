package stylegan4j.bench;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import stylegan4j.bench.libtorch.Libtorch;
import stylegan4j.bench.libtorch.TorchLayer;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.FusedConv.Resample;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.ModulatedConvolution;

/**
 * One StyleGAN2 layer from its styles on: modulation, convolution (with {@code up = 2} to twice the side),
 * demodulation, noise, bias, leaky ReLU. libtorch's is the official code's grouped form.
 */
public class ModulatedConvBenchmark extends PairedBenchmark {
    /** As {@link ConvBenchmark}'s: room for Winograd F(4×4). */
    private static final double TOLERANCE = 1e-4;

    /** Channels, kernel and the output's side. */
    @Param({"512-512-3x3@64", "256-256-3x3@128", "64-64-3x3@512", "32-32-3x3@1024"})
    public String layer;

    @Param({"1", "2"})
    public int up;

    private final BiasAct act = BiasAct.of(Activation.LRELU);
    private Tensor x;
    private Tensor weight;
    private Tensor styles;
    private Tensor noise;
    private Tensor noiseStrength;
    private Tensor bias;
    private Device device;
    private Scope scope;
    private Resample resample;
    private Fir fir;
    private TorchLayer torchLayer;
    private double gflop;

    @Setup
    public void prepare() {
        ConvLayer sizes = ConvLayer.parse(layer);
        int in = sizes.in();
        int out = sizes.out();
        int k = sizes.kernel();
        int size = sizes.size();
        int side = size / up;
        gflop = sizes.gflop(side);
        float[] xData = sizes.input(side);
        float[] weightData = sizes.weight();
        float[] stylesData = SeededData.uniform(3, in, 1);
        float[] noiseData = SeededData.uniform(4, size * size, 0.1);
        float[] biasData = SeededData.uniform(5, out, 0.1);
        Libtorch.start(threadCount());
        torchLayer = new TorchLayer(xData, weightData, stylesData, noiseData, biasData, k, side, up);
        device = Device.cpu(threadCount());
        scope = device.open();
        resample = up == 2 ? Resample.UP : Resample.NONE;
        fir = up == 2 ? Fir.separable(1, 3, 3, 1) : null;
        x = Tensor.of(xData, 1, in, side, side);
        weight = Tensor.of(weightData, out, in, k, k);
        styles = Tensor.of(stylesData, 1, in);
        noise = Tensor.of(noiseData, 1, 1, size, size);
        noiseStrength = Tensor.scalar(1);
        bias = Tensor.of(biasData, out);
        try (Scope _ = device.open()) {
            Agreement.check("modulatedConv2d " + layer + " up=" + up, compute().toArray(),
                    Libtorch.result(torchLayer::forward), TOLERANCE);
        }
    }

    private Tensor compute() {
        return Autograd.noGrad(() -> ModulatedConvolution.modulatedConv2d(x, weight, styles, true, resample,
                fir, noise, noiseStrength, bias, act));
    }

    @Benchmark
    public void stylegan4j(Flops flops) {
        flops.gflop = gflop;
        try (Scope _ = device.open()) {
            compute();
        }
    }

    @Benchmark
    public void libtorch(Flops flops) {
        flops.gflop = gflop;
        Libtorch.withoutGradients(torchLayer::forward);
    }

    @TearDown
    public void close() {
        scope.close();
        device.close();
    }
}
