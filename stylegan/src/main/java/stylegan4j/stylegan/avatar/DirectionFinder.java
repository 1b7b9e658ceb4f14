package stylegan4j.stylegan.avatar;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import stylegan4j.nn.optim.Adam;
import stylegan4j.nn.optim.LearningRate;
import stylegan4j.nn.optim.Optimizer;
import stylegan4j.stylegan.Generator;
import stylegan4j.stylegan.Noise;
import stylegan4j.stylegan.Truncation;
import stylegan4j.stylegan.avatar.AttributeDirections.Direction;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * Finds directions of W that change attributes, as InterFaceGAN does (Shen et al. 2020, section 3.1): samples are
 * labelled by the feature network, and a hyperplane is laid between those that have an attribute and those that do not;
 * its normal is the direction. The hyperplane is that of a logistic regression in which both kinds weigh the same.
 */
public final class DirectionFinder {
    private static final int AT_ONCE = 32;
    private static final int STEPS = 300;
    private static final double LEARNING_RATE = 0.02;
    private static final double WEIGHT_DECAY = 1e-3;
    /** Every fifth sample measures accuracy. */
    private static final int FOLDS = 5;
    /** An attribute that fewer samples have, or lack, is left out. */
    private static final double RAREST = 0.005;

    private final Generator generator;
    private final AvatarFeatures features;

    public DirectionFinder(Generator generator, AvatarFeatures features) {
        this.generator = generator;
        this.features = features;
    }

    /**
     * A direction for every attribute that is found in the samples often enough.
     *
     * @param samples seeds 0 … samples − 1 are looked at
     * @param progress told how many samples were labelled
     */
    public AttributeDirections find(int samples, LongConsumer progress) {
        int wDim = generator.config().wDim();
        float[] codes = new float[Math.multiplyExact(samples, wDim)];
        List<float[]> scores = new ArrayList<>();
        for (int from = 0; from < samples; from += AT_ONCE) {
            int n = Math.min(AT_ONCE, samples - from);
            long[] seeds = new long[n];
            for (int i = 0; i < n; i++) {
                seeds[i] = from + i;
            }
            int start = from;
            Autograd.noGrad(() -> {
                try (var _ = Scope.open()) {
                    Tensor ws = generator.mapping(generator.latents(seeds), null, Truncation.psi(1));
                    System.arraycopy(ws.select(1, 0).toArray(), 0, codes, start * wDim, n * wDim);
                    Tensor told = features.scores(generator.synthesis(ws, Noise.CONST).clamp(-1, 1));
                    for (int i = 0; i < n; i++) {
                        scores.add(told.slice(0, i, i + 1).toArray());
                    }
                }
            });
            progress.accept(from + n);
        }
        List<Direction> found = new ArrayList<>();
        for (EditableAttribute attribute : EditableAttribute.values()) {
            boolean[] having = new boolean[samples];
            int count = 0;
            for (int i = 0; i < samples; i++) {
                having[i] = attribute.probability(scores.get(i), features.vocabulary()) > 0.5;
                count += having[i] ? 1 : 0;
            }
            if (Math.min(count, samples - count) >= Math.max(2, RAREST * samples)) {
                found.add(direction(attribute, codes, having, wDim));
            }
        }
        return new AttributeDirections(found);
    }

    private static Direction direction(EditableAttribute attribute, float[] codes, boolean[] having, int wDim) {
        try (var _ = Scope.open()) {
            int samples = having.length;
            Tensor all = Tensor.of(codes, samples, wDim);
            float[] normal = normal(all, having);
            float[] places = Autograd.noGrad(() -> all.matmul(Tensor.of(normal, wDim, 1))).toArray();
            double mean = 0;
            double squares = 0;
            for (float place : places) {
                mean += place / samples;
                squares += (double) place * place / samples;
            }
            return new Direction(attribute, normal, Math.sqrt(squares - mean * mean), accuracy(places, having));
        }
    }

    /** Of norm 1, from the samples that do not measure accuracy. */
    private static float[] normal(Tensor codes, boolean[] having) {
        int samples = having.length;
        float[] signs = new float[samples];
        float[] weights = new float[samples];
        int[] counts = new int[2];
        for (int i = 0; i < samples; i++) {
            counts[having[i] ? 1 : 0] += i % FOLDS == 0 ? 0 : 1;
        }
        for (int i = 0; i < samples; i++) {
            signs[i] = having[i] ? -1 : 1;
            weights[i] = i % FOLDS == 0 ? 0 : 0.5f / Math.max(1, counts[having[i] ? 1 : 0]);
        }
        Tensor mean = codes.meanKeep(0);
        Tensor scale = codes.sub(mean).square().mean().rsqrt();
        Tensor x = codes.sub(mean).mul(scale);
        Tensor sign = Tensor.of(signs, samples, 1);
        Tensor weight = Tensor.of(weights, samples, 1);
        Tensor n = Tensor.zeros(codes.size(1), 1).requiresGrad(true);
        Tensor bias = Tensor.zeros(1).requiresGrad(true);
        var optimizer = new Optimizer(Map.of("n", n, "bias", bias), Adam.of(0.9, 0.999), LEARNING_RATE);
        LearningRate rate = LearningRate.cosine(LEARNING_RATE, 0, STEPS);
        for (int step = 0; step < STEPS; step++) {
            try (var _ = Scope.open()) {
                optimizer.learningRate(rate.at(step));
                optimizer.zeroGrad();
                x.matmul(n).add(bias).mul(sign).softplus().mul(weight).sum()
                        .add(n.square().sum().mul(WEIGHT_DECAY)).backward();
                optimizer.step();
            }
        }
        return Autograd.noGrad(() -> n.mul(n.square().sum().rsqrt())).toArray();
    }

    /** By the threshold that lies in the middle of the two kinds' means. */
    private static double accuracy(float[] places, boolean[] having) {
        double[] sums = new double[2];
        int[] counts = new int[2];
        for (int i = 0; i < places.length; i++) {
            if (i % FOLDS != 0) {
                sums[having[i] ? 1 : 0] += places[i];
                counts[having[i] ? 1 : 0]++;
            }
        }
        double threshold = (sums[0] / Math.max(1, counts[0]) + sums[1] / Math.max(1, counts[1])) / 2;
        int[] right = new int[2];
        int[] seen = new int[2];
        for (int i = 0; i < places.length; i += FOLDS) {
            int kind = having[i] ? 1 : 0;
            seen[kind]++;
            right[kind] += places[i] > threshold == having[i] ? 1 : 0;
        }
        return ((double) right[0] / Math.max(1, seen[0]) + (double) right[1] / Math.max(1, seen[1])) / 2;
    }
}
