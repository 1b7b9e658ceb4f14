package stylegan4j.stylegan.inversion;

import stylegan4j.nn.NumpyRandom;
import stylegan4j.stylegan.Generator;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Tensor;

/**
 * The middle and the spread of W, told from samples (stylegan2-ada-pytorch, {@code projector.py}).
 *
 * @param mean [1, w_dim]
 * @param deviation root of the mean squared distance to the mean
 */
record LatentStatistics(Tensor mean, double deviation) {
    /** The official scripts' seed. */
    private static final long SEED = 123;
    private static final int AT_ONCE = 1000;

    /**
     * @param label [1, c_dim], null for a network without classes
     * @throws IllegalArgumentException if the label does not fit the network
     */
    static LatentStatistics of(Generator generator, int samples, Tensor label) {
        int classes = generator.config().cDim();
        if ((label == null) != (classes == 0)) {
            throw new IllegalArgumentException("invert: the network has " + (classes == 0 ? "no classes, got a label"
                    : classes + " classes, got no label"));
        }
        var numbers = new NumpyRandom(SEED);
        return Autograd.noGrad(() -> {
            int wDim = generator.config().wDim();
            double[] sum = new double[wDim];
            double[] squares = new double[wDim];
            for (int from = 0; from < samples; from += AT_ONCE) {
                int n = Math.min(AT_ONCE, samples - from);
                float[] w;
                try (var _ = Scope.open()) {
                    int zDim = generator.config().zDim();
                    Tensor z = Tensor.of(numbers.randnFloats(n * zDim), n, zDim);
                    w = generator.mapping().forward(z, label == null ? null : label.expand(n, classes)).toArray();
                }
                for (int i = 0; i < w.length; i++) {
                    sum[i % wDim] += w[i];
                    squares[i % wDim] += (double) w[i] * w[i];
                }
            }
            float[] mean = new float[wDim];
            double variance = 0;
            for (int i = 0; i < wDim; i++) {
                double m = sum[i] / samples;
                mean[i] = (float) m;
                variance += squares[i] / samples - m * m;
            }
            return new LatentStatistics(Tensor.of(mean, 1, wDim), Math.sqrt(variance));
        });
    }
}
