package stylegan4j.bench;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Timeout;
import stylegan4j.bench.libtorch.Libtorch;
import stylegan4j.bench.libtorch.TorchEncoder;
import stylegan4j.nn.Initializer;
import stylegan4j.stylegan.encoder.StyleEncoder;
import stylegan4j.stylegan.encoder.StyleEncoderConfig;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;

/** pSp's encoder on IR-SE-50: pictures of 256² to the codes of a generator of 1024². */
@Timeout(time = 30)
public class EncoderBenchmark extends PairedBenchmark {
    /** Room for Winograd F(4×4) in most of fifty layers. */
    private static final double TOLERANCE = 1e-4;
    private static final int STYLES = 18;
    private static final int SIDE = StyleEncoderConfig.OFFICIAL_SIDE;

    @Param({"1", "8"})
    public int batch;

    private Device device;
    private Scope scope;
    private StyleEncoder encoder;
    private stylegan4j.tensor.Tensor pictures;
    private TorchEncoder torchEncoder;
    private Tensor torchPictures;

    @Setup
    public void prepare() {
        Libtorch.start(threadCount());
        device = Device.cpu(threadCount());
        scope = device.open();
        encoder = new StyleEncoder(StyleEncoderConfig.irSe50(StyleEncoderConfig.Head.PYRAMID, 3, STYLES),
                Initializer.random(0));
        torchEncoder = new TorchEncoder(STYLES);
        encoder.state().forEach(this::share);
        float[] pixels = SeededData.uniform(1, batch * 3 * SIDE * SIDE, 0.5);
        pictures = stylegan4j.tensor.Tensor.of(pixels, batch, 3, SIDE, SIDE);
        torchPictures = Libtorch.tensor(pixels, batch, 3, SIDE, SIDE);
        try (Scope _ = Scope.open()) {
            Agreement.check("encoder", codes().toArray(),
                    Libtorch.result(() -> torchEncoder.forward(torchPictures)), TOLERANCE);
        }
    }

    /** Gives both sides one tensor; statistics and biases, which start as zeros and ones, are first made uneven. */
    private void share(String name, stylegan4j.tensor.Tensor tensor) {
        if (name.endsWith("num_batches_tracked")) {
            return;
        }
        if (tensor.rank() == 1) {
            float[] values = SeededData.uniform(name.hashCode(), tensor.size(0), 0.1);
            try (Scope _ = Scope.open()) {
                tensor.assign(tensor.add(stylegan4j.tensor.Tensor.of(values, values.length)));
            }
        }
        torchEncoder.put(name, tensor.toArray(), Arrays.stream(tensor.shape()).asLongStream().toArray());
    }

    private stylegan4j.tensor.Tensor codes() {
        return Autograd.noGrad(() -> encoder.codes(pictures));
    }

    @Benchmark
    public void stylegan4j(Flops flops) {
        flops.gflop = torchEncoder.gflop();
        try (Scope _ = Scope.open()) {
            codes();
        }
    }

    @Benchmark
    public void libtorch(Flops flops) {
        flops.gflop = torchEncoder.gflop();
        Libtorch.withoutGradients(() -> torchEncoder.forward(torchPictures));
    }

    @TearDown
    public void close() {
        scope.close();
        device.close();
    }
}
