package stylegan4j.bench;

import org.bytedeco.pytorch.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Timeout;
import stylegan4j.bench.libtorch.Libtorch;
import stylegan4j.bench.libtorch.TorchSynthesis;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;

/**
 * StyleGAN2's whole synthesis network (skip architecture, constant noise) from ws to the picture, and with
 * {@link #backward} the gradients of mean(picture²) in ws and in every weight as well.
 */
@Timeout(time = 20)
public class SynthesisBenchmark extends PairedBenchmark {
    @Param("256")
    public int resolution;

    /** Channels times resolution, before the cap at 512 channels; 32768 is the paper's config F. */
    @Param("16384")
    public int channelBase;

    @Param("1")
    public int batch;

    @Param("false")
    public boolean backward;

    /** Room for Winograd F(4×4) in every layer, a few times the single convolution's. */
    private static final double TOLERANCE = 1e-4;

    /** Deep gradients cross the kinks of the leaky ReLU at float32: a flipped sign moves whole paths. */
    private static final double GRADIENT_TOLERANCE = 2e-3;

    private Device device;
    private Scope scope;
    private OwnSynthesis network;
    private TorchSynthesis torchNetwork;
    private Tensor torchWs;
    private double gflop;

    @Setup
    public void prepare() {
        var weights = new SynthesisWeights(resolution, channelBase);
        // The gradient of a convolution is two more of the same size.
        gflop = weights.gflop() * batch * (backward ? 3 : 1);
        float[] ws = SeededData.uniform(1, batch * weights.layers() * SynthesisWeights.W_DIM, 1);
        Libtorch.start(threadCount());
        torchNetwork = new TorchSynthesis(weights, backward);
        torchWs = Libtorch.tensor(ws, batch, weights.layers(), SynthesisWeights.W_DIM);
        torchWs.set_requires_grad(backward);
        device = Device.cpu(threadCount());
        scope = device.open();
        network = new OwnSynthesis(weights, channelBase, ws, batch, backward);
        compare();
    }

    private void compare() {
        Agreement.check("synthesis", network.result(), Libtorch.result(() -> torchNetwork.forward(torchWs)),
                TOLERANCE);
        if (backward) {
            torchNetwork.backward(torchWs);
            String last = "b" + resolution + ".conv1.weight";
            Agreement.check("gradient in ws", network.gradient(null), Libtorch.toArray(torchWs.grad()),
                    GRADIENT_TOLERANCE);
            Agreement.check("gradient in " + last, network.gradient(last),
                    Libtorch.toArray(torchNetwork.parameters().get(last).grad()), GRADIENT_TOLERANCE);
            torchNetwork.clearGradients(torchWs);
        }
    }

    @Benchmark
    public void stylegan4j(Flops flops) {
        flops.gflop = gflop;
        if (backward) {
            network.backward();
        } else {
            network.run();
        }
    }

    @Benchmark
    public void libtorch(Flops flops) {
        flops.gflop = gflop;
        if (backward) {
            torchNetwork.backward(torchWs);
            torchNetwork.clearGradients(torchWs);
        } else {
            torchNetwork.run(torchWs);
        }
    }

    @TearDown
    public void close() {
        scope.close();
        device.close();
    }
}
