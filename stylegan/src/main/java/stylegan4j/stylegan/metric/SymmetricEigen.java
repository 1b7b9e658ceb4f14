package stylegan4j.stylegan.metric;

/**
 * Eigenvalues and eigenvectors of a real symmetric matrix: reduction to tridiagonal form by Householder reflections,
 * then implicitly shifted QL rotations (Golub and Van Loan, Matrix Computations, sections 8.3.1 and 8.3.3).
 */
public final class SymmetricEigen {
    private static final int MOST_SWEEPS = 60;

    private final int n;
    private final double[][] vectors;
    private final double[] diagonal;
    private final double[] below;
    /** Components of the vectors that the rotations are applied to: all or none. */
    private final int rotated;

    /**
     * @param matrix [n][n], of which the lower triangle is read; it is not changed
     * @throws ArithmeticException if it holds numbers that are not finite
     */
    public SymmetricEigen(double[][] matrix) {
        this(matrix, true);
    }

    /** Only the eigenvalues, in less than half the time. */
    public static double[] valuesOf(double[][] matrix) {
        return new SymmetricEigen(matrix, false).values();
    }

    private SymmetricEigen(double[][] matrix, boolean withVectors) {
        n = matrix.length;
        rotated = withVectors ? n : 0;
        vectors = new double[n][];
        diagonal = new double[n];
        below = new double[n];
        for (int i = 0; i < n; i++) {
            vectors[i] = matrix[i].clone();
            for (int j = 0; j <= i; j++) {
                if (!Double.isFinite(matrix[i][j])) {
                    throw new ArithmeticException("symmetricEigen: element [" + i + ", " + j + "] is "
                            + matrix[i][j]);
                }
            }
        }
        if (n > 0) {
            tridiagonalize();
            if (withVectors) {
                accumulate();
                transpose();
            } else {
                for (int i = 0; i < n; i++) {
                    diagonal[i] = vectors[i][i];
                }
            }
            rotate();
            transpose();
        }
    }

    /** Eigenvalues, in no particular order. */
    public double[] values() {
        return diagonal.clone();
    }

    /** Element [i][k] is component i of the unit eigenvector of value k. */
    public double[][] vectors() {
        return vectors;
    }

    /** Row i of {@code vectors} keeps the reflection that clears row i left of its neighbour. */
    private void tridiagonalize() {
        for (int i = n - 1; i > 0; i--) {
            double[] row = vectors[i];
            double norm = 0;
            for (int k = 0; k < i; k++) {
                norm = Math.hypot(norm, row[k]);
            }
            if (i == 1 || norm == 0) {
                below[i] = row[i - 1];
                diagonal[i] = 0;
                continue;
            }
            double length = row[i - 1] > 0 ? -norm : norm;
            below[i] = length;
            // The reflection is 1 − u·uᵀ/h with u the row less (0, …, length).
            double h = norm * norm - row[i - 1] * length;
            row[i - 1] -= length;
            reflect(row, i, h);
            diagonal[i] = h;
        }
    }

    /** Replaces the leading i×i matrix A by P·A·P, P = 1 − u·uᵀ/h. */
    private void reflect(double[] u, int i, double h) {
        double[] p = new double[i];
        for (int j = 0; j < i; j++) {
            double[] row = vectors[j];
            double sum = 0;
            for (int k = 0; k <= j; k++) {
                sum += row[k] * u[k];
                if (k < j) {
                    p[k] += row[k] * u[j];
                }
            }
            p[j] += sum;
        }
        double projection = 0;
        for (int j = 0; j < i; j++) {
            p[j] /= h;
            projection += p[j] * u[j];
        }
        double half = projection / (2 * h);
        for (int j = 0; j < i; j++) {
            p[j] -= half * u[j];
        }
        for (int j = 0; j < i; j++) {
            double[] row = vectors[j];
            for (int k = 0; k <= j; k++) {
                row[k] -= u[j] * p[k] + p[j] * u[k];
            }
        }
    }

    /** Multiplies the reflections, and leaves the diagonal of the tridiagonal matrix. */
    private void accumulate() {
        for (int i = 0; i < n; i++) {
            double h = i == 0 ? 0 : diagonal[i];
            double[] u = vectors[i];
            if (h != 0) {
                double[] products = new double[i];
                for (int k = 0; k < i; k++) {
                    for (int j = 0; j < i; j++) {
                        products[j] += u[k] * vectors[k][j];
                    }
                }
                for (int k = 0; k < i; k++) {
                    for (int j = 0; j < i; j++) {
                        vectors[k][j] -= u[k] / h * products[j];
                    }
                }
            }
            diagonal[i] = u[i];
            u[i] = 1;
            for (int j = 0; j < i; j++) {
                u[j] = 0;
                vectors[j][i] = 0;
            }
        }
    }

    private void rotate() {
        System.arraycopy(below, 1, below, 0, n - 1);
        below[n - 1] = 0;
        for (int low = 0; low < n; low++) {
            int sweeps = 0;
            int end = decoupled(low);
            while (end != low) {
                if (sweeps++ == MOST_SWEEPS) {
                    throw new ArithmeticException("symmetricEigen: no convergence after " + MOST_SWEEPS + " sweeps");
                }
                sweep(low, end);
                end = decoupled(low);
            }
        }
    }

    /** Vectors are rows while they are rotated, so that memory is read in order. */
    private void transpose() {
        for (int i = 0; i < rotated; i++) {
            for (int j = 0; j < i; j++) {
                double kept = vectors[i][j];
                vectors[i][j] = vectors[j][i];
                vectors[j][i] = kept;
            }
        }
    }

    private void rotate(double[] v, double[] next, double c, double s) {
        for (int k = 0; k < rotated; k++) {
            double x = v[k];
            double y = next[k];
            next[k] = s * x + c * y;
            v[k] = c * x - s * y;
        }
    }

    /** The first index from {@code low} on after which the matrix falls apart to rounding. */
    private int decoupled(int low) {
        int end = low;
        while (end < n - 1 && Math.abs(below[end]) > Math.ulp(Math.abs(diagonal[end]) + Math.abs(diagonal[end + 1]))) {
            end++;
        }
        return end;
    }

    /** One QL step with Wilkinson's shift on rows {@code low … end}. */
    private void sweep(int low, int end) {
        double g = (diagonal[low + 1] - diagonal[low]) / (2 * below[low]);
        double r = Math.hypot(g, 1);
        g = diagonal[end] - diagonal[low] + below[low] / (g + Math.copySign(r, g));
        double s = 1;
        double c = 1;
        double p = 0;
        for (int i = end - 1; i >= low; i--) {
            double f = s * below[i];
            double b = c * below[i];
            r = Math.hypot(f, g);
            below[i + 1] = r;
            if (r == 0) {
                diagonal[i + 1] -= p;
                below[end] = 0;
                return;
            }
            s = f / r;
            c = g / r;
            g = diagonal[i + 1] - p;
            r = (diagonal[i] - g) * s + 2 * c * b;
            p = s * r;
            diagonal[i + 1] = g + p;
            g = c * r - b;
            rotate(vectors[i], vectors[i + 1], c, s);
        }
        diagonal[low] -= p;
        below[low] = g;
        below[end] = 0;
    }
}
