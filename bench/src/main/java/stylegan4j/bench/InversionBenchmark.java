package stylegan4j.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Timeout;
import stylegan4j.bench.libtorch.Libtorch;
import stylegan4j.bench.libtorch.TorchInversion;
import stylegan4j.bench.libtorch.TorchLpips;
import stylegan4j.bench.libtorch.TorchSynthesis;
import stylegan4j.nn.Initializer;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.feature.Lpips;
import stylegan4j.stylegan.feature.Trunk;
import stylegan4j.stylegan.inversion.Inversion;
import stylegan4j.stylegan.inversion.InversionResult;
import stylegan4j.stylegan.inversion.InversionRun;
import stylegan4j.stylegan.inversion.LatentSpace;
import stylegan4j.stylegan.inversion.PivotalTuning;
import stylegan4j.stylegan.inversion.Projector;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/**
 * A step of an inversion of one picture, as the official projects set it up: StyleGAN2's projector with noise maps and
 * LPIPS on VGG-16, PTI's tuning of all weights with LPIPS on AlexNet and pixels. The features of the target, computed
 * once for the steps of a call, are counted in.
 */
@Timeout(time = 30)
@OperationsPerInvocation(InversionBenchmark.STEPS)
public class InversionBenchmark extends PairedBenchmark {
    static final int STEPS = 5;

    /** Losses after updates: Adam divides gradients by their size, small ones with their roundings. */
    private static final double TOLERANCE = 1e-2;
    private static final double TUNING_RATE = 3e-4;
    private static final int SEED = 0;

    @Param({"projector", "tuning"})
    public String phase;

    @Param({"64", "256"})
    public int resolution;

    /** Channels times resolution, before the cap at 512 channels. */
    @Param("16384")
    public int channelBase;

    private Device device;
    private Scope scope;
    private Generator generator;
    private Inversion method;
    private Tensor target;
    private TorchInversion peer;
    private TorchSynthesis peerNetwork;
    private org.bytedeco.pytorch.Tensor peerWs;
    private Map<String, float[]> noise;
    private Projector projector;
    private double gflop;

    @Setup
    public void prepare() {
        boolean projects = phase.equals("projector");
        var weights = new SynthesisWeights(resolution, channelBase);
        gflop = 3 * weights.gflop();
        Libtorch.start(threadCount());
        device = Device.cpu(threadCount());
        scope = device.open();
        generator = OwnSynthesis.generator(weights, channelBase);
        float[] picture = SeededData.uniform(2, 3 * resolution * resolution, 1);
        target = Tensor.of(picture, 1, 3, resolution, resolution);
        Trunk trunk = new Trunk(projects ? Trunk.Kind.VGG : Trunk.Kind.ALEX, Initializer.NONE);
        Lpips distance = new Lpips(trunk, Arrays.stream(trunk.kind().channels()).mapToObj(InversionBenchmark::equal)
                .toList());
        float[] ws = SeededData.uniform(1, weights.layers() * SynthesisWeights.W_DIM, 1);
        projector = new Projector(distance, LatentSpace.W, STEPS, 0.1, 1, 0, true, 1e5,
                0);
        method = projects ? projector : PivotalTuning.of(distance).withSteps(STEPS).withThreshold(0)
                .withLearningRate(TUNING_RATE)
                .withPivot(Tensor.of(ws, 1, weights.layers(), SynthesisWeights.W_DIM));
        TorchLpips peerDistance = new TorchLpips(trunk.kind().taps(), projects ? 2 : 3);
        share(trunk, peerDistance);
        peer = new TorchInversion(weights, peerDistance, Libtorch.tensor(picture, 1, 3, resolution, resolution));
        peerNetwork = projects ? new TorchSynthesis(weights, false) : null;
        peerWs = Libtorch.tensor(ws, 1, weights.layers(), SynthesisWeights.W_DIM);
        noise = firstNoise();
        compare();
    }

    private static float[] equal(int channels) {
        float[] weights = new float[channels];
        Arrays.fill(weights, 1f / channels);
        return weights;
    }

    /** Made-up weights, of a size that keeps the signal's, for both sides. */
    private static void share(Trunk trunk, TorchLpips peer) {
        trunk.state().forEach((name, tensor) -> {
            int[] shape = tensor.shape();
            double bound = shape.length == 4 ? Math.sqrt(6.0 / (shape[1] * shape[2] * shape[3])) : 0.1;
            float[] values = SeededData.uniform(name.hashCode(), Math.toIntExact(tensor.numel()), bound);
            try (var _ = Scope.open()) {
                tensor.assign(Tensor.of(values, shape));
            }
            peer.put(name, values, Arrays.stream(shape).asLongStream().toArray());
        });
    }

    /** The maps that a projection of no steps to speak of begins with. */
    private Map<String, float[]> firstNoise() {
        var random = new RandomNumbers(SEED);
        Map<String, float[]> maps = new LinkedHashMap<>();
        try (var _ = Scope.open()) {
            generator.synthesis().noiseMaps().forEach((layer, own) ->
                    maps.put(layer, random.normal(own.shape()).toArray()));
        }
        return maps;
    }

    private void compare() {
        float[] peers = peerSteps();
        try (var _ = Scope.open()) {
            InversionResult result = own();
            String name = result.history().phases().keySet().iterator().next();
            Agreement.check("losses", result.history().of(name, 0), peers, TOLERANCE);
        }
    }

    private InversionResult own() {
        return method.invert(generator, target, InversionRun.DEFAULT.withSeed(SEED));
    }

    private float[] peerSteps() {
        return peerNetwork != null ? peer.project(peerNetwork, noise, projector.schedule(), STEPS)
                : peer.tune(peerWs, TUNING_RATE, STEPS);
    }

    @Benchmark
    public void stylegan4j(Flops flops) {
        flops.gflop = gflop;
        try (var _ = Scope.open()) {
            own();
        }
    }

    @Benchmark
    public void libtorch(Flops flops) {
        flops.gflop = gflop;
        peerSteps();
    }

    @TearDown
    public void close() {
        scope.close();
        device.close();
    }
}
