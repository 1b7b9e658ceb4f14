package stylegan4j.stylegan.metric;

import stylegan4j.tensor.Tensor;

/**
 * Squared maximum mean discrepancy of two sets of features under the kernel {@code (x·y/d + 1)³}, without bias
 * (arXiv 1801.01401, section 4). With Inception's features this is KID.
 */
public final class KernelDistance {
    private KernelDistance() {
    }

    /**
     * The estimate over all pairs; it may be slightly negative where the sets are alike.
     *
     * @param x [N, d], N at least 2
     * @param y [M, d], M at least 2
     */
    public static double between(Tensor x, Tensor y) {
        if (x.rank() != 2 || y.rank() != 2 || x.size(1) != y.size(1) || x.size(0) < 2 || y.size(0) < 2) {
            throw new IllegalArgumentException("kernelDistance: expected two sets of two or more vectors of one "
                    + "length, got " + x.describe() + " and " + y.describe());
        }
        float[] a = x.toArray();
        float[] b = y.toArray();
        int d = x.size(1);
        return meanOfPairs(a, a, d, true) + meanOfPairs(b, b, d, true) - 2 * meanOfPairs(a, b, d, false);
    }

    /** @param others whether a vector is left out of its own pairs */
    private static double meanOfPairs(float[] a, float[] b, int d, boolean others) {
        int n = a.length / d;
        int m = b.length / d;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                if (!others || i != j) {
                    sum += kernel(a, i * d, b, j * d, d);
                }
            }
        }
        return sum / ((double) n * (others ? m - 1 : m));
    }

    private static double kernel(float[] a, int i, float[] b, int j, int d) {
        double dot = 0;
        for (int k = 0; k < d; k++) {
            dot += (double) a[i + k] * b[j + k];
        }
        return Math.pow(dot / d + 1, 3);
    }
}
