package stylegan4j.bench.gpu;

import stylegan4j.kernels.Precision;
import stylegan4j.kernels.Recording;
import stylegan4j.kernels.cuda.CudaBackend;
import stylegan4j.nn.Initializer;
import stylegan4j.stylegan.Channels;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.GeneratorConfig;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.SynthesisConfig;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/** Whole synthesis. The weights are random; the official code's figures are of the same architecture. */
final class NetworkBenchmarks {
    static final String SYNTHESIS = "synthesis";

    private final Device device;
    private final Clock clock;
    private final Sizes sizes;

    NetworkBenchmarks(Device device, Clock clock, Sizes sizes) {
        this.device = device;
        this.clock = clock;
        this.sizes = sizes;
    }

    void run() {
        Precisions.each(device.backend(), sizes,
                precision -> sizes.resolutions().forEach(resolution -> synthesis(resolution, precision)));
    }

    /** Random weights in the official sizes. */
    static Generator generator(Sizes sizes, int resolution, Precision precision) {
        Generator generator = new Generator(GeneratorConfig.of(resolution).withSynthesis(
                SynthesisConfig.DEFAULT.withChannels(new Channels(sizes.channelBase(), 512))), Initializer.random(0));
        generator.synthesis().features(Precisions.storage(precision), Precisions.HALF_RESOLUTIONS);
        return generator;
    }

    private void synthesis(int resolution, Precision precision) {
        try (Scope _ = device.open()) {
            Generator generator = generator(sizes, resolution, precision);
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
}
