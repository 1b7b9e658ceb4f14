package stylegan4j.stylegan.inversion;

import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.Truncation;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.stylegan.loss.PixelDistance;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

/**
 * PTI's locality regularisation (arXiv 2106.05744, section 3.3; danielroich/PTI,
 * {@code criteria/localitly_regulizer.py}): at codes a step away from the pivot, the tuned generator is to show what
 * the original one does.
 *
 * @param distance of these codes from the pivot, over the whole code
 * @param truncation psi of the random codes that give the direction
 * @param perceptualWeight factor of the perceptual distance
 * @param pixelWeight factor of the mean squared difference
 * @param samples codes for each step
 */
public record Locality(double distance, double truncation, double perceptualWeight, double pixelWeight, int samples) {
    /** The official settings. */
    public static final Locality DEFAULT = new Locality(30, 0.5, 0.1, 0.1, 1);

    /**
     * Moves from each pivot towards other codes by a fixed distance: {@code w_p + α·(w − w_p)/‖w − w_p‖}.
     *
     * @param pivots [N or 1, num_ws, w_dim]
     * @param codes [N or 1, num_ws, w_dim]
     */
    public static Tensor moved(Tensor pivots, Tensor codes, double distance) {
        Tensor direction = codes.sub(pivots);
        return pivots.add(direction.mul(direction.square().sumKeep(1, 2).rsqrt().mul(distance)));
    }

    /** Draws the random codes. */
    @FunctionalInterface
    interface Sampler {
        /** [samples, num_ws, w_dim] */
        Tensor codes(int step);
    }

    Sampler sampler(Generator generator, InversionRun run) {
        int zDim = generator.config().zDim();
        var random = new RandomNumbers(run.seed() + 2);
        Tensor label = run.label() == null ? null : run.label().expand(samples, -1);
        return step -> {
            random.seek((long) Math.ceilDiv(samples * zDim, 4) * 4 * step);
            return generator.mapping(random.normal(samples, zDim), label, Truncation.psi(truncation));
        };
    }

    /** The mean over the samples around each pivot, [N]. */
    Tensor loss(Generator original, Generator tuned, Tensor pivots, PerceptualDistance perceptual, Sampler sampler,
                int step) {
        Tensor random = Autograd.noGrad(() -> sampler.codes(step));
        Tensor sum = null;
        for (int i = 0; i < samples; i++) {
            int index = i;
            Tensor codes = Autograd.noGrad(() -> Scope.local(() ->
                    moved(pivots, random.slice(0, index, index + 1), distance)));
            Tensor before = Autograd.noGrad(() -> original.synthesis(codes, Noise.NONE));
            Tensor after = tuned.synthesis(codes, Noise.NONE);
            Tensor wanted = perceptual.between(perceptual.features(after),
                    Autograd.noGrad(() -> perceptual.features(before)));
            Tensor loss = wanted.mul(perceptualWeight).add(PixelDistance.l2(after, before).mul(pixelWeight));
            sum = sum == null ? loss : sum.add(loss);
        }
        return sum.div((double) samples);
    }
}
