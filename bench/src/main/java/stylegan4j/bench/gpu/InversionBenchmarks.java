package stylegan4j.bench.gpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import stylegan4j.kernels.Precision;
import stylegan4j.nn.Initializer;
import stylegan4j.nn.optim.Adam;
import stylegan4j.nn.optim.LossScale;
import stylegan4j.nn.optim.Optimizer;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.encoder.StyleEncoder;
import stylegan4j.stylegan.encoder.StyleEncoderConfig;
import stylegan4j.stylegan.feature.Lpips;
import stylegan4j.stylegan.feature.Trunk;
import stylegan4j.stylegan.inversion.InversionRun;
import stylegan4j.stylegan.inversion.PivotalTuning;
import stylegan4j.stylegan.inversion.Projector;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.stylegan.loss.PixelPyramid;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/**
 * Inverting a picture of the largest generator: a step of pivotal tuning (forward, LPIPS of AlexNet and squared
 * difference, backward, Adam), all of it (the projector's steps with LPIPS of VGG-16, then the tuning's), and a pSp
 * encoder's pass. All weights are random.
 */
final class InversionBenchmarks {
    static final String TUNING = "pivotal tuning";
    static final String ENCODER = "encoder";

    /** Edge of the smallest picture that the feature networks' pooling leaves something of. */
    private static final int LEAST_FOR_LPIPS = 64;
    private static final double NEVER = 0;

    private final Device device;
    private final Clock clock;
    private final Sizes sizes;

    InversionBenchmarks(Device device, Clock clock, Sizes sizes) {
        this.device = device;
        this.clock = clock;
        this.sizes = sizes;
    }

    void run() {
        Precisions.each(device.backend(), sizes, precision -> {
            attempt(TUNING, "tuning step", precision, this::step);
            attempt(TUNING, "whole pivotal tuning", precision, this::whole);
            attempt(ENCODER, "encoder", precision, this::encoder);
        });
    }

    private interface Part {
        void measure(String name, Precision precision);
    }

    private void attempt(String group, String name, Precision precision, Part part) {
        String full = name + " " + sizes.largest() + " px " + precision;
        try (Scope _ = device.open()) {
            part.measure(full, precision);
        } catch (RuntimeException e) {
            clock.fail(group, full, e);
        }
    }

    private void step(String name, Precision precision) {
        Generator generator = generator(precision);
        generator.synthesis().requiresGrad(true);
        Optimizer optimizer = new Optimizer(generator.synthesis().parameters(), Adam.of(0.9, 0.999), 3e-4);
        LossScale scale = generator.synthesis().needsLossScale() ? new LossScale() : null;
        Tensor ws = new RandomNumbers(1).normal(1, generator.numWs(), generator.config().wDim());
        Tensor target = target();
        PerceptualDistance lpips = distance(Trunk.Kind.ALEX);
        List<Tensor> wanted = Autograd.noGrad(() -> lpips.features(target));
        clock.measure(TUNING, name, 0, 0, () -> {
            try (Scope _ = Scope.open()) {
                Tensor made = generator.synthesis(ws, Noise.CONST);
                Tensor loss = made.sub(target).square().mean()
                        .add(lpips.between(lpips.features(made), wanted).mean());
                (scale == null ? loss : scale.scaled(loss)).backward();
                if (scale == null || scale.unscale(generator.synthesis().parameters().values())) {
                    optimizer.step();
                }
                optimizer.zeroGrad();
            }
        });
    }

    private void whole(String name, Precision precision) {
        Generator generator = generator(precision);
        Tensor target = target();
        invert(generator, target, 1, 1);
        clock.once(TUNING, name, () -> invert(generator, target, sizes.pivotSteps(), sizes.tuningSteps()));
    }

    private void invert(Generator generator, Tensor target, int pivotSteps, int tuningSteps) {
        try (Scope _ = Scope.open()) {
            PivotalTuning.of(distance(Trunk.Kind.ALEX)).withSteps(tuningSteps).withThreshold(NEVER)
                    .withPivot(Projector.pivot(distance(Trunk.Kind.VGG)).withSamples(sizes.samples())
                            .withSteps(pivotSteps))
                    .invert(generator, target, InversionRun.DEFAULT);
        }
    }

    private void encoder(String name, Precision precision) {
        Generator generator = generator(precision);
        int side = sizes.encoderSide();
        int wDim = generator.config().wDim();
        StyleEncoder encoder = new StyleEncoder(new StyleEncoderConfig(sizes.encoder(),
                StyleEncoderConfig.Head.PYRAMID, 3, side, generator.numWs(), wDim), Initializer.random(1));
        for (int batch : List.of(1, sizes.layerBatch())) {
            Tensor x = new RandomNumbers(2).normal(batch, 3, side, side);
            encode("encoder " + side + " px batch " + batch + " " + precision, () -> encoder.codes(x));
            encode("encoder " + side + " px and generator " + sizes.largest() + " px batch " + batch + " " + precision,
                    () -> generator.synthesis(encoder.codes(x), Noise.CONST));
        }
    }

    private void encode(String name, Runnable work) {
        clock.measure(ENCODER, name, 0, 0, () -> Autograd.noGrad(() -> {
            try (Scope _ = Scope.open()) {
                work.run();
            }
        }));
    }

    private Generator generator(Precision precision) {
        return NetworkBenchmarks.generator(sizes, sizes.largest(), precision);
    }

    private Tensor target() {
        return new RandomNumbers(2).normal(1, 3, sizes.largest(), sizes.largest());
    }

    private PerceptualDistance distance(Trunk.Kind kind) {
        if (sizes.largest() < LEAST_FOR_LPIPS) {
            return new PixelPyramid();
        }
        List<float[]> weights = new ArrayList<>();
        for (int channels : kind.channels()) {
            float[] even = new float[channels];
            Arrays.fill(even, 1f / channels);
            weights.add(even);
        }
        return new Lpips(new Trunk(kind, Initializer.random(1)), weights);
    }
}
