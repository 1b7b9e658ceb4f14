package stylegan4j.stylegan.metric;

import stylegan4j.tensor.Tensor;

/** Mean and covariance of a growing set of feature vectors, in double precision. */
public final class FeatureStatistics {
    private final int features;
    private final double[] sum;
    private final double[][] products;
    private double[] origin;
    private long count;

    /** @param features length of the vectors */
    public FeatureStatistics(int features) {
        if (features < 1) {
            throw new IllegalArgumentException("featureStatistics: expected one feature or more, got " + features);
        }
        this.features = features;
        this.sum = new double[features];
        this.products = new double[features][features];
    }

    /** Takes in vectors [N, features]. */
    public FeatureStatistics add(Tensor vectors) {
        if (vectors.rank() != 2 || vectors.size(1) != features) {
            throw new IllegalArgumentException("featureStatistics: expected vectors [N, " + features + "], got "
                    + vectors.describe());
        }
        float[] values = vectors.toArray();
        for (int row = 0; row < vectors.size(0); row++) {
            add(values, row * features);
        }
        return this;
    }

    /** Sums are taken of differences from the first vector, which keeps a small spread about a large mean. */
    private void add(float[] values, int at) {
        if (origin == null) {
            origin = new double[features];
            for (int i = 0; i < features; i++) {
                origin[i] = values[at + i];
            }
        }
        double[] x = new double[features];
        for (int i = 0; i < features; i++) {
            x[i] = values[at + i] - origin[i];
            sum[i] += x[i];
        }
        for (int i = 0; i < features; i++) {
            double[] row = products[i];
            for (int j = 0; j <= i; j++) {
                row[j] += x[i] * x[j];
            }
        }
        count++;
    }

    /** How many vectors were taken in. */
    public long count() {
        return count;
    }

    /** The mean vector. */
    public double[] mean() {
        requireCount(1);
        double[] mean = new double[features];
        for (int i = 0; i < features; i++) {
            mean[i] = origin[i] + sum[i] / count;
        }
        return mean;
    }

    /** The unbiased covariance, [features][features]. */
    public double[][] covariance() {
        requireCount(2);
        double[][] covariance = new double[features][features];
        for (int i = 0; i < features; i++) {
            for (int j = 0; j <= i; j++) {
                covariance[i][j] = (products[i][j] - sum[i] * sum[j] / count) / (count - 1);
                covariance[j][i] = covariance[i][j];
            }
        }
        return covariance;
    }

    private void requireCount(int least) {
        if (count < least) {
            throw new IllegalStateException("featureStatistics: expected " + least + " vectors or more, got " + count);
        }
    }
}
