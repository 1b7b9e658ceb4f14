package stylegan4j.stylegan.metric;

/**
 * The distance of two normal distributions fitted to features (arXiv 1706.08500, equation 6):
 * {@code ‖m₁ − m₂‖² + tr(C₁ + C₂ − 2·√(C₁C₂))}. With Inception's features this is FID.
 */
public final class FrechetDistance {
    private FrechetDistance() {
    }

    /** The squared distance of two sets of features, never negative. */
    public static double between(FeatureStatistics a, FeatureStatistics b) {
        return between(a.mean(), a.covariance(), b.mean(), b.covariance());
    }

    /**
     * The squared distance of two normal distributions.
     *
     * @throws IllegalArgumentException if their dimensions differ
     */
    public static double between(double[] mean1, double[][] covariance1, double[] mean2, double[][] covariance2) {
        int n = mean1.length;
        if (mean2.length != n || covariance1.length != n || covariance2.length != n) {
            throw new IllegalArgumentException("frechetDistance: dimensions " + n + " and " + mean2.length
                    + ", covariances of " + covariance1.length + " and " + covariance2.length);
        }
        double distance = 0;
        for (int i = 0; i < n; i++) {
            distance += Math.pow(mean1[i] - mean2[i], 2) + covariance1[i][i] + covariance2[i][i];
        }
        return Math.max(0, distance - 2 * traceOfRoot(covariance1, covariance2));
    }

    /** tr √(AB) = tr √(√A·B·√A), whose argument is symmetric and has no negative eigenvalues. */
    private static double traceOfRoot(double[][] a, double[][] b) {
        double[][] root = root(a);
        double trace = 0;
        for (double value : SymmetricEigen.valuesOf(product(product(root, b), root))) {
            trace += Math.sqrt(Math.max(0, value));
        }
        return trace;
    }

    private static double[][] root(double[][] matrix) {
        SymmetricEigen eigen = new SymmetricEigen(matrix);
        double[] values = eigen.values();
        double[][] vectors = eigen.vectors();
        int n = matrix.length;
        double[][] scaled = new double[n][n];
        double[][] transposed = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < n; k++) {
                scaled[i][k] = vectors[i][k] * Math.sqrt(Math.max(0, values[k]));
                transposed[k][i] = vectors[i][k];
            }
        }
        return product(scaled, transposed);
    }

    private static double[][] product(double[][] a, double[][] b) {
        int n = a.length;
        double[][] c = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < n; k++) {
                double factor = a[i][k];
                double[] row = b[k];
                for (int j = 0; j < n; j++) {
                    c[i][j] += factor * row[j];
                }
            }
        }
        return c;
    }
}
