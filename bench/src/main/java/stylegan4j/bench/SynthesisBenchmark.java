package stylegan4j.bench;

import org.bytedeco.pytorch.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Timeout;
import stylegan4j.bench.libtorch.Libtorch;
import stylegan4j.bench.libtorch.TorchSynthesis;

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
}
