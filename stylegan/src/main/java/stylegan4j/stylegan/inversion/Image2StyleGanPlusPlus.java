package stylegan4j.stylegan.inversion;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import stylegan4j.nn.optim.LearningRate;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.inversion.Image2StyleGan.Start;
import stylegan4j.stylegan.loss.PerceptualDistance;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * Image2StyleGAN++ (arXiv 1911.11544): first the codes of all layers, then the noise maps, by turns, with losses under
 * masks. What an {@link Edit} asks for makes it a reconstruction, an inpainting, a local edit or a mix of pictures.
 *
 * @param distance perceptual distance
 * @param edit which pixels are to look like what
 * @param codeSteps of each turn on the codes; 5000 in the paper
 * @param noiseSteps of each turn on the noise maps; 3000 in the paper
 * @param rounds of both; 1 in the paper
 * @param codeRate learning rate of the codes
 * @param noiseRate learning rate of the noise maps; our choice for maps of unit variance
 * @param perceptualWeight factor of the distance
 * @param pixelWeight factor of the mean squared difference
 * @param styleWeight factor of the difference of Gram matrices under the mask
 */
public record Image2StyleGanPlusPlus(PerceptualDistance distance, Edit edit, int codeSteps, int noiseSteps, int rounds,
                                     double codeRate, double noiseRate, double perceptualWeight, double pixelWeight,
                                     double styleWeight) implements Inversion {
    /** The names of the phases begin so; a number from 1 on tells the turn. */
    public static final String CODE_PHASE = "codes ";
    public static final String NOISE_PHASE = "noise ";

    private static final String CODE = "w";
    private static final String NOISE = "noise/";

    /**
     * Which pixels are to look like what. The masked ones look like the target; the others like a second picture or,
     * where there is none, as the generator likes.
     *
     * @param mask [N or 1, 1, H, W], 1 where the target counts, 0 where it does not; null for everywhere
     * @param outside [N, 3, H, W] for the other pixels, or null for an inpainting
     * @param start codes to begin at, [N, num_ws, w_dim], or null for the mean code
     */
    public record Edit(Tensor mask, Tensor outside, Tensor start) {
        /** The whole target. */
        public static final Edit NONE = new Edit(null, null, null);

        /** The target under the mask, made up around it. */
        public static Edit inpaint(Tensor mask) {
            return new Edit(mask, null, null);
        }

        /** A target with scribbles under the mask; the original is kept around them. */
        public static Edit local(Tensor mask, Tensor original, Tensor originalCodes) {
            return new Edit(mask, original, originalCodes);
        }

        /** The target under the mask, another picture around it. */
        public static Edit mix(Tensor mask, Tensor other) {
            return new Edit(mask, other, null);
        }
    }

    public Image2StyleGanPlusPlus {
        if (codeSteps < 1 || noiseSteps < 0 || rounds < 1) {
            throw new IllegalArgumentException("image2stylegan++: expected steps and rounds from 1 on, got "
                    + codeSteps + ", " + noiseSteps + " and " + rounds);
        }
    }

    /** The paper's settings for a reconstruction. */
    public static Image2StyleGanPlusPlus of(PerceptualDistance distance) {
        return new Image2StyleGanPlusPlus(distance, Edit.NONE, 5000, 3000, 1, 0.01, 0.05, 1, 1, 0);
    }

    public Image2StyleGanPlusPlus withEdit(Edit value) {
        return new Image2StyleGanPlusPlus(distance, value, codeSteps, noiseSteps, rounds, codeRate, noiseRate,
                perceptualWeight, pixelWeight, styleWeight);
    }

    public Image2StyleGanPlusPlus withSteps(int codes, int noise) {
        return new Image2StyleGanPlusPlus(distance, edit, codes, noise, rounds, codeRate, noiseRate, perceptualWeight,
                pixelWeight, styleWeight);
    }

    public Image2StyleGanPlusPlus withRounds(int value) {
        return new Image2StyleGanPlusPlus(distance, edit, codeSteps, noiseSteps, value, codeRate, noiseRate,
                perceptualWeight, pixelWeight, styleWeight);
    }

    public Image2StyleGanPlusPlus withRates(double codes, double noise) {
        return new Image2StyleGanPlusPlus(distance, edit, codeSteps, noiseSteps, rounds, codes, noise,
                perceptualWeight, pixelWeight, styleWeight);
    }

    public Image2StyleGanPlusPlus withWeights(double perceptual, double pixel, double style) {
        return new Image2StyleGanPlusPlus(distance, edit, codeSteps, noiseSteps, rounds, codeRate, noiseRate,
                perceptual, pixel, style);
    }

    @Override
    public InversionResult invert(Generator generator, Tensor targets, InversionRun run) {
        Targets.check(generator, targets);
        checkEdit(generator, targets);
        Session session = new Session(run);
        try (Scope scope = Scope.open()) {
            int n = targets.size(0);
            Tensor code = edit.start == null ? Image2StyleGan.start(generator, Start.MEAN, n, run)
                    : Copies.of(edit.start);
            Map<String, Tensor> maps = Copies.ownNoise(generator, n);
            boolean complete = new Turns(generator, targets, session, code, maps).run();
            maps.values().forEach(scope::release);
            return new InversionResult(scope.release(code), maps, generator, session.history(), session.seconds(),
                    complete);
        }
    }

    private void checkEdit(Generator generator, Tensor targets) {
        int n = targets.size(0);
        if (edit.mask != null) {
            expect("mask", edit.mask, edit.mask.rank() == 4 && edit.mask.size(0) == 1 ? 1 : n, 1, targets.size(2),
                    targets.size(3));
        }
        if (edit.outside != null) {
            expect("picture outside the mask", edit.outside, targets.shape());
        }
        if (edit.start != null) {
            expect("start", edit.start, n, generator.numWs(), generator.config().wDim());
        }
    }

    private static void expect(String argument, Tensor tensor, int... shape) {
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw new IllegalArgumentException("image2stylegan++: " + argument + " expected "
                    + Arrays.toString(shape) + ", got " + tensor.describe());
        }
    }

    /** The turns on codes and noise. */
    private final class Turns {
        private static final String HELD = "held";

        private final Generator generator;
        private final Session session;
        private final Tensor code;
        private final Map<String, Tensor> maps;
        private final Region inside;
        private final Tensor rest;
        private final Region outside;
        private boolean waiting;

        Turns(Generator generator, Tensor targets, Session session, Tensor code, Map<String, Tensor> maps) {
            this.generator = generator;
            this.session = session;
            this.code = code;
            this.maps = maps;
            Tensor mask = edit.mask == null ? Tensor.ones(1, 1, targets.size(2), targets.size(3)) : edit.mask;
            this.inside = new Region(distance, mask, targets);
            this.rest = edit.mask == null ? null : mask.neg().add(1);
            this.outside = edit.outside == null || rest == null ? null : new Region(distance, rest, edit.outside);
        }

        /** Returns whether all turns ran to their ends. */
        boolean run() {
            waiting = session.saved() != null;
            session.restore(CODE, code);
            maps.forEach((layer, map) -> session.restore(NOISE + layer, map));
            boolean on = true;
            for (int round = 1; on && round <= rounds; round++) {
                on = turn(CODE_PHASE + round, codeSteps, codeRate, Map.of(CODE, code), this::codeLosses);
                if (on && noiseSteps > 0) {
                    on = noiseTurn(NOISE_PHASE + round);
                }
            }
            return on;
        }

        /** Whether a turn was done before the saved state. */
        private boolean isBehind(String phase) {
            return waiting && !session.resumesAt(phase);
        }

        private boolean turn(String phase, int steps, double rate, Map<String, Tensor> parameters,
                             Optimization.Objective objective) {
            if (isBehind(phase)) {
                return true;
            }
            waiting = false;
            try (var _ = Scope.open()) {
                return new Optimization(session, phase, steps, LearningRate.constant(rate), parameters,
                        generator).minimize(objective, () -> code);
            }
        }

        private Optimization.Loss codeLosses(int step) {
            Tensor made = generator.synthesis(code, Noise.of(maps));
            Tensor losses = losses(inside, made);
            if (styleWeight != 0) {
                losses = losses.add(inside.style(made).mul(styleWeight));
            }
            return Optimization.Loss.of(outside == null ? losses : losses.add(losses(outside, made)));
        }

        private Tensor losses(Region region, Tensor made) {
            return region.perceptual(made).mul(perceptualWeight).add(region.pixels(made).mul(pixelWeight));
        }

        /** Pixels only; where nothing else is wanted, what the codes have given is held. */
        private boolean noiseTurn(String phase) {
            if (isBehind(phase)) {
                return true;
            }
            if (rest != null && outside == null && !session.resumesAt(phase)) {
                session.keep(HELD, Autograd.noGrad(() -> generator.synthesis(code, Noise.of(maps))));
            }
            Region around = rest == null || outside != null ? outside
                    : new Region(distance, rest, session.kept(HELD));
            Map<String, Tensor> parameters = new LinkedHashMap<>();
            maps.forEach((layer, map) -> parameters.put(NOISE + layer, map));
            return turn(phase, noiseSteps, noiseRate, parameters, step -> {
                Tensor made = generator.synthesis(code, Noise.of(maps));
                Tensor losses = inside.pixels(made);
                return Optimization.Loss.of(around == null ? losses : losses.add(around.pixels(made)));
            });
        }
    }
}
