package stylegan4j.bench;

import java.lang.foreign.MemorySegment;
import org.bytedeco.pytorch.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import stylegan4j.bench.libtorch.Libtorch;
import stylegan4j.bench.libtorch.TorchOps;
import stylegan4j.kernels.ChannelScales;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBackend;

/**
 * A convolution with stride 1 and "same" padding, and its two gradients; libtorch's run in oneDNN. The pictures are
 * written to in every call, since ours would keep what it made of them; of weights it may.
 */
public class ConvBenchmark extends PairedBenchmark {
    /** Room for Winograd F(4×4), whose transforms lose about two digits of float32's seven; direct sums reach 1e-6. */
    private static final double TOLERANCE = 1e-4;

    /** What is computed: the output, or the gradient in the data or in the weight. */
    public enum Pass { FORWARD, DATA, WEIGHT }

    @Param({"512-512-3x3@64", "256-256-3x3@128", "64-64-3x3@512", "32-32-3x3@1024", "512-512-1x1@64",
        "128-128-1x1@256", "32-3-1x1@1024"})
    public String layer;

    @Param
    public Pass pass;

    private CpuBackend backend;
    private ConvGeometry geometry;
    private NdArray x;
    private NdArray weight;
    private NdArray dy;
    private MemorySegment firstPixel;
    private Tensor torchX;
    private Tensor torchWeight;
    private Tensor torchDy;
    private double gflop;

    @Setup
    public void prepare() {
        ConvLayer sizes = ConvLayer.parse(layer);
        int in = sizes.in();
        int out = sizes.out();
        int k = sizes.kernel();
        int size = sizes.size();
        gflop = sizes.gflop(size);
        float[] input = sizes.input(size);
        float[] weights = sizes.weight();
        float[] gradient = SeededData.uniform(3, out * size * size, 1);
        gradient[0] = input[0];
        Libtorch.start(threadCount());
        torchX = Libtorch.tensor(input, 1, in, size, size);
        torchWeight = Libtorch.tensor(weights, out, in, k, k);
        torchDy = Libtorch.tensor(gradient, 1, out, size, size);
        backend = new CpuBackend(threadCount());
        geometry = ConvGeometry.of(1, k / 2);
        x = Kernels.array(backend, input, 1, in, size, size);
        weight = Kernels.array(backend, weights, out, in, k, k);
        dy = Kernels.array(backend, gradient, 1, out, size, size);
        firstPixel = MemorySegment.ofArray(new float[] {input[0]});
        Agreement.check("conv2d " + layer + " " + pass, Kernels.takeOut(backend, compute()),
                Libtorch.result(this::computeTorch), TOLERANCE);
    }

    private NdArray compute() {
        backend.upload(firstPixel, x.buffer(), 0);
        backend.upload(firstPixel, dy.buffer(), 0);
        NdArray y = Kernels.empty(backend, switch (pass) {
            case FORWARD -> dy.shape();
            case DATA -> x.shape();
            case WEIGHT -> weight.shape();
        });
        switch (pass) {
            case FORWARD -> backend.conv2d(x, weight, geometry, ChannelScales.NONE, y);
            case DATA -> backend.conv2dInputGradient(dy, weight, geometry, ChannelScales.NONE, y);
            case WEIGHT -> backend.conv2dWeightGradient(x, dy, geometry, ChannelScales.NONE, y);
        }
        return y;
    }

    private Tensor computeTorch() {
        return pass == Pass.FORWARD ? TorchOps.conv2d(torchX, torchWeight, 1)
                : TorchOps.convBackward(torchDy, torchX, torchWeight, pass == Pass.DATA);
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
