package stylegan4j.stylegan.train;

import java.util.List;
import stylegan4j.nn.optim.LossScale;
import stylegan4j.stylegan.Discriminator;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.Truncation;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;
import stylegan4j.tensor.op.Views;

/**
 * StyleGAN2's losses: non-saturating logistic, R1 and path length (arXiv 1912.04958; stylegan2-ada-pytorch,
 * {@code training/loss.py}: StyleGAN2Loss). Each method adds the gradients of one loss to the parameters that require
 * them, all multiplied by the factor of a {@link LossScale}, if one is given.
 */
final class GanLoss {
    private final Generator generator;
    private final Discriminator discriminator;
    private final AdaptiveAugment augment;
    private final LossOptions options;
    private final RandomNumbers numbers;
    private final Statistics statistics;
    private double meanPathLength;

    /** @param augment applied to whatever the discriminator sees */
    GanLoss(Generator generator, Discriminator discriminator, AdaptiveAugment augment, LossOptions options,
            RandomNumbers numbers, Statistics statistics) {
        this.generator = generator;
        this.discriminator = discriminator;
        this.augment = augment;
        this.options = options;
        this.numbers = numbers;
        this.statistics = statistics;
    }

    double meanPathLength() {
        return meanPathLength;
    }

    void meanPathLength(double length) {
        meanPathLength = length;
    }

    /** The generator's loss: softplus(−D(G(z))). */
    void generator(Tensor z, Tensor c, LossScale scale) {
        try (var _ = Scope.open()) {
            Tensor logits = judge(synthesis(codes(z, c)), c);
            Tensor loss = logits.neg().softplus().mean();
            statistics.add("Loss/scores/fake", logits);
            statistics.addSigns("Loss/signs/fake", logits);
            statistics.add("Loss/G/loss", loss);
            backward(loss, scale);
        }
    }

    /**
     * The path length regularisation: how much |Jᵀy| strays from its running mean.
     *
     * @param gain factor on the loss, for computing it lazily
     */
    void pathLength(Tensor z, Tensor c, double gain, LossScale scale) {
        int batch = Math.max(1, z.size(0) / LossOptions.PATH_LENGTH_SHRINK);
        try (var _ = Scope.open()) {
            Tensor ws = codes(z.slice(0, 0, batch), c == null ? null : c.slice(0, 0, batch));
            Tensor pictures = synthesis(ws);
            double spread = 1 / Math.sqrt((double) pictures.size(2) * pictures.size(3));
            Tensor direction = numbers.normal(pictures.shape()).mul(spread);
            Tensor slope = Autograd.gradWithGraph(pictures.mul(direction).sum(), List.of(ws)).getFirst();
            Tensor lengths = slope.square().sum(2).mean(1).sqrt();
            // As in the official code, the gradient flows through the mean too.
            Tensor mean = lengths.mean().mul(LossOptions.PATH_LENGTH_DECAY)
                    .add(meanPathLength * (1 - LossOptions.PATH_LENGTH_DECAY));
            Tensor penalty = lengths.sub(mean).square().mean();
            meanPathLength = mean.item();
            statistics.add("Loss/pl_penalty", penalty);
            statistics.add("Loss/G/reg", penalty.item() * options.pathLengthWeight());
            backward(penalty.mul(options.pathLengthWeight() * gain), scale);
        }
    }

    /** The discriminator's loss on generated pictures: softplus(D(G(z))). */
    void fakes(Tensor z, Tensor c, LossScale scale) {
        try (var _ = Scope.open()) {
            Tensor pictures = Autograd.noGrad(() -> Scope.local(() -> synthesis(codes(z, c))));
            Tensor logits = judge(pictures, c);
            statistics.add("Loss/scores/fake", logits);
            statistics.addSigns("Loss/signs/fake", logits);
            Tensor loss = logits.softplus().mean();
            statistics.add("Loss/D/fake", loss);
            backward(loss, scale);
        }
    }

    /** The discriminator's loss on real pictures: softplus(−D(x)). */
    void reals(Tensor pictures, Tensor c, LossScale scale) {
        try (var _ = Scope.open()) {
            Tensor logits = judge(pictures, c);
            noteReals(logits);
            Tensor loss = logits.neg().softplus().mean();
            statistics.add("Loss/D/real", loss);
            backward(loss, scale);
        }
    }

    /**
     * R1: the squared slope of the discriminator at real pictures (arXiv 1801.04406, equation 9).
     *
     * @param gain factor on the loss, for computing it lazily
     */
    void penalty(Tensor pictures, Tensor c, double gain, LossScale scale) {
        try (var _ = Scope.open()) {
            Tensor real = pictures.detach().requiresGrad(true);
            Tensor logits = judge(real, c);
            noteReals(logits);
            Tensor slope = Autograd.gradWithGraph(logits.sum(), List.of(real)).getFirst();
            Tensor penalty = slope.square().sum(1, 2, 3).mean();
            statistics.add("Loss/r1_penalty", penalty);
            statistics.add("Loss/D/reg", penalty.item() * options.gamma() / 2);
            backward(penalty.mul(options.gamma() / 2 * gain), scale);
        }
    }

    private static void backward(Tensor loss, LossScale scale) {
        (scale == null ? loss : scale.scaled(loss)).backward();
    }

    private void noteReals(Tensor logits) {
        statistics.add("Loss/scores/real", logits);
        statistics.addSigns("Loss/signs/real", logits);
        augment.judged(logits.toArray());
    }

    private Tensor judge(Tensor pictures, Tensor c) {
        return discriminator.forward(augment.apply(pictures), c);
    }

    private Tensor synthesis(Tensor ws) {
        return generator.synthesis(ws, options.noise() ? Noise.random(numbers) : Noise.NONE);
    }

    /** Codes [N, num_ws, w_dim], of some batches mixed from a random layer on. */
    private Tensor codes(Tensor z, Tensor c) {
        Tensor ws = generator.mapping(z, c, Truncation.NONE);
        if (options.styleMixing() == 0) {
            return ws;
        }
        float[] draw = numbers.uniform(2).toArray();
        int numWs = generator.numWs();
        int cutoff = 1 + (int) (draw[0] * (numWs - 1));
        if (draw[1] >= options.styleMixing() || cutoff >= numWs) {
            return ws;
        }
        Tensor other = generator.mapping().broadcast(generator.mapping().map(numbers.normal(z.shape()), c));
        return Views.concat(List.of(ws.slice(1, 0, cutoff), other.slice(1, cutoff, numWs)), 1);
    }
}
