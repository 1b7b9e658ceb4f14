package stylegan4j.bench.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.Recording;
import stylegan4j.kernels.cuda.CudaBackend;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.optim.Adam;
import stylegan4j.nn.optim.Optimizer;
import stylegan4j.stylegan.Channels;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.GeneratorConfig;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.SynthesisConfig;
import stylegan4j.stylegan.feature.Lpips;
import stylegan4j.stylegan.feature.Trunk;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/**
 * Whole synthesis, and a step of pivotal tuning: forward, LPIPS (AlexNet) and squared difference, backward, Adam. The
 * weights are random; the official code's figures are of the same architecture.
 */
final class NetworkBenchmarks {
    static final String SYNTHESIS = "synthesis";
    static final String TUNING = "pivotal tuning";

    /** Edge of the smallest picture that AlexNet's pooling leaves something of. */
    private static final int LEAST_FOR_LPIPS = 64;
    /** The official configurations' {@code num_fp16_res}. */
    private static final int HALF_RESOLUTIONS = 4;

    private final Device device;
    private final Clock clock;
    private final Sizes sizes;

    NetworkBenchmarks(Device device, Clock clock, Sizes sizes) {
        this.device = device;
        this.clock = clock;
        this.sizes = sizes;
    }

    void run() {
        for (Precision precision : MatrixBenchmarks.precisions(device.backend())) {
            // As PyTorch does by default: what is not half multiplies in TF32.
            Precision multiplying = precision == Precision.F32 ? precision : Precision.TF32;
            MatrixBenchmarks.with(device.backend(), multiplying, () -> {
                sizes.resolutions().forEach(resolution -> synthesis(resolution, precision));
                tuning(sizes.resolutions().getLast(), precision);
            });
        }
    }

    private Generator generator(int resolution, Precision precision) {
        Generator generator = new Generator(GeneratorConfig.of(resolution).withSynthesis(
                SynthesisConfig.DEFAULT.withChannels(new Channels(sizes.channelBase(), 512))), Initializer.random(0));
        switch (precision) {
            case F32, TF32 -> { }
            case F16 -> generator.synthesis().features(DType.F16, HALF_RESOLUTIONS);
            case BF16 -> generator.synthesis().features(DType.BF16, HALF_RESOLUTIONS);
        }
        return generator;
    }

    private void synthesis(int resolution, Precision precision) {
        try (Scope _ = device.open()) {
            Generator generator = generator(resolution, precision);
            for (int batch : sizes.batches()) {
                Tensor ws = new RandomNumbers(1).normal(batch, generator.numWs(), generator.config().wDim());
                String name = "synthesis " + resolution + " px batch " + batch;
                Runnable work = () -> Autograd.noGrad(() -> {
                    try (Scope _ = Scope.open()) {
                        generator.synthesis(ws, Noise.CONST);
                    }
                });
                clock.measure(SYNTHESIS, name + " " + precision, 0, 0, work);
                if (batch == 1 && device.backend() instanceof CudaBackend) {
                    replayed(name + " replayed " + precision, work);
                }
            }
        } catch (RuntimeException e) {
            clock.fail(SYNTHESIS, "synthesis " + resolution + " px " + precision, e);
        }
    }

    /** The same as one recorded graph: what is left when the host starts nothing. */
    private void replayed(String name, Runnable work) {
        try (Recording graph = device.backend().record(work)) {
            clock.measure(SYNTHESIS, name, 0, 0, graph::replay);
        } catch (RuntimeException e) {
            clock.fail(SYNTHESIS, name, e);
        }
    }

    private void tuning(int resolution, Precision precision) {
        String name = "tuning step " + resolution + " px " + precision;
        try (Scope _ = device.open()) {
            Generator generator = generator(resolution, precision);
            generator.synthesis().requiresGrad(true);
            Optimizer optimizer = new Optimizer(generator.synthesis().parameters(), Adam.of(0.9, 0.999), 3e-4);
            Tensor ws = new RandomNumbers(1).normal(1, generator.numWs(), generator.config().wDim());
            Tensor target = new RandomNumbers(2).normal(1, 3, resolution, resolution);
            Lpips lpips = resolution < LEAST_FOR_LPIPS ? null : lpips();
            List<Tensor> wanted = lpips == null ? List.of() : Autograd.noGrad(() -> lpips.features(target));
            clock.measure(TUNING, name, 0, 0, () -> {
                try (Scope _ = Scope.open()) {
                    Tensor made = generator.synthesis(ws, Noise.CONST);
                    Tensor loss = made.sub(target).square().mean();
                    if (lpips != null) {
                        loss = loss.add(lpips.between(lpips.features(made), wanted).mean());
                    }
                    loss.backward();
                    optimizer.step();
                    optimizer.zeroGrad();
                }
            });
        } catch (RuntimeException e) {
            clock.fail(TUNING, name, e);
        }
    }

    private static Lpips lpips() {
        List<float[]> weights = new ArrayList<>();
        for (int channels : Trunk.Kind.ALEX.channels()) {
            float[] even = new float[channels];
            Arrays.fill(even, 1f / channels);
            weights.add(even);
        }
        return new Lpips(new Trunk(Trunk.Kind.ALEX, Initializer.random(1)), weights);
    }
}
