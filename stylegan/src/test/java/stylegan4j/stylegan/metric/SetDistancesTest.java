package stylegan4j.stylegan.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stylegan4j.tensor.Device;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.RandomNumbers;

class SetDistancesTest {
    /** n²-fold rounding of numbers near n, n below a hundred. */
    private static final double ROUNDING = 1e-10;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 13, 64})
    void eigenvectorsRebuildTheMatrix(int n) {
        Random random = new Random(n);
        double[][] matrix = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                matrix[i][j] = random.nextGaussian();
                matrix[j][i] = matrix[i][j];
            }
        }
        SymmetricEigen eigen = new SymmetricEigen(matrix);
        assertArrayEquals(eigen.values(), SymmetricEigen.valuesOf(matrix), ROUNDING);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double rebuilt = 0;
                double product = 0;
                for (int k = 0; k < n; k++) {
                    rebuilt += eigen.vectors()[i][k] * eigen.values()[k] * eigen.vectors()[j][k];
                    product += eigen.vectors()[k][i] * eigen.vectors()[k][j];
                }
                assertEquals(matrix[i][j], rebuilt, ROUNDING);
                assertEquals(i == j ? 1 : 0, product, ROUNDING);
            }
        }
    }

    @Test
    void eigenvaluesOfDegenerateMatrices() {
        double[] zeros = new SymmetricEigen(new double[5][5]).values();
        for (double value : zeros) {
            assertEquals(0, value);
        }
        double[][] ones = new double[7][7];
        for (double[] row : ones) {
            Arrays.fill(row, 1);
        }
        double largest = 0;
        double sum = 0;
        for (double value : new SymmetricEigen(ones).values()) {
            largest = Math.max(largest, value);
            sum += Math.abs(value);
        }
        assertEquals(7, largest, ROUNDING);
        assertEquals(7, sum, ROUNDING);
        ones[3][1] = Double.NaN;
        assertThrows(ArithmeticException.class, () -> new SymmetricEigen(ones));
    }

    /** For diagonal covariances the distance is Σ (m₁ − m₂)² + (s₁ − s₂)². */
    @Test
    void frechetDistanceOfIndependentFeatures() {
        double[] deviations1 = {1, 2, 0, 3};
        double[] deviations2 = {1, 0.5, 0, 4};
        double[][] c1 = new double[4][4];
        double[][] c2 = new double[4][4];
        for (int i = 0; i < 4; i++) {
            c1[i][i] = deviations1[i] * deviations1[i];
            c2[i][i] = deviations2[i] * deviations2[i];
        }
        double distance = FrechetDistance.between(new double[] {0, 1, 2, 3}, c1, new double[] {0, 1, 0, 0}, c2);
        assertEquals(4 + 9 + 1.5 * 1.5 + 1, distance, ROUNDING);
    }

    /** The distance does not change with a rotation of both sets: two features turned by an angle. */
    @Test
    void frechetDistanceOfTurnedFeatures() {
        double c = Math.cos(0.3);
        double s = Math.sin(0.3);
        double[][] a = turned(4, 1, c, s);
        double[][] b = turned(9, 0.25, c, s);
        double[] mean = new double[2];
        assertEquals(1 + 0.25, FrechetDistance.between(mean, a, mean, b), ROUNDING);
        assertEquals(0, FrechetDistance.between(mean, a, mean, a), ROUNDING);
        // Not turned alike: by hand, tr √(AB) of 2×2 matrices is √(tr AB + 2·√det AB).
        double[][] straight = turned(9, 0.25, 1, 0);
        double trace = a[0][0] * 9 + a[1][1] * 0.25;
        double root = Math.sqrt(trace + 2 * Math.sqrt(4 * 1 * 9 * 0.25));
        assertEquals(5 + 9.25 - 2 * root, FrechetDistance.between(mean, a, mean, straight), ROUNDING);
    }

    private static double[][] turned(double first, double second, double c, double s) {
        return new double[][] {
            {c * c * first + s * s * second, c * s * (first - second)},
            {c * s * (first - second), s * s * first + c * c * second}};
    }

    @Test
    void statisticsOfASmallSpreadAboutALargeMean() {
        try (Device device = Device.cpu(1); var _ = device.open()) {
            var statistics = new FeatureStatistics(2);
            statistics.add(Tensor.of(new float[] {10000, 1, 10001, 3}, 2, 2));
            statistics.add(Tensor.of(new float[] {10002, 2}, 1, 2));
            assertEquals(10001, statistics.mean()[0], ROUNDING);
            assertEquals(1, statistics.covariance()[0][0], ROUNDING);
            assertEquals(0.5, statistics.covariance()[1][0], ROUNDING);
            assertEquals(3, statistics.count());
            assertThrows(IllegalArgumentException.class, () -> statistics.add(Tensor.zeros(1, 3)));
            assertThrows(IllegalStateException.class, () -> new FeatureStatistics(2).add(Tensor.zeros(1, 2))
                    .covariance());
        }
    }

    @Test
    void kernelDistanceByHandAndOfAlikeSets() {
        try (Device device = Device.cpu(1); var _ = device.open()) {
            Tensor x = Tensor.of(new float[] {1, 0}, 2, 1);
            Tensor y = Tensor.of(new float[] {2, -1}, 2, 1);
            // Pairs: (1·0 + 1)³ = 1; (−2 + 1)³ = −1; (3³ + 0³ + 1 + 1)/4 = 7.25.
            assertEquals(1 - 1 - 2 * 7.25, KernelDistance.between(x, y), ROUNDING);
            var numbers = new RandomNumbers(5);
            Tensor set = numbers.normal(300, 4);
            double alike = KernelDistance.between(set, numbers.normal(300, 4));
            double moved = KernelDistance.between(set, numbers.normal(300, 4).add(1));
            assertTrue(Math.abs(alike) < 0.2 && moved > 1, alike + ", " + moved);
        }
    }
}
