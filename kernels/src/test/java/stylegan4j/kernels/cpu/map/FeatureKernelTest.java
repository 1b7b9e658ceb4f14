package stylegan4j.kernels.cpu.map;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import stylegan4j.kernels.cpu.Simd;

@Tag("widths")
class FeatureKernelTest {
    private static final int N = 3 * FeatureKernel.LANES;
    private static final int AT = 5;

    private final Random random = new Random(1);

    @Test
    void vectorsGiveTheBitsOfPlainLoops() {
        assumeTrue(Simd.enabled(), "no vectors to compare");
        var pair = new FeatureKernel.Pair(some(N + AT), some(N + AT), some(N), some(N));
        float[] dots = some(N);
        float[][] plain = results(new ScalarFeatureKernel(), pair, dots);
        float[][] vectors = results(new VectorFeatureKernel(), pair, dots);
        for (int i = 0; i < plain.length; i++) {
            assertArrayEquals(plain[i], vectors[i], "loop " + i);
        }
    }

    private static float[][] results(FeatureKernel kernel, FeatureKernel.Pair pair, float[] dots) {
        float[][] results = new float[4][N];
        kernel.addSquares(pair.a(), AT, results[0], N);
        kernel.addDistances(pair, AT, 0.7f, results[1], N);
        kernel.addDots(pair, AT, 0.7f, results[2], N);
        kernel.gradients(pair, AT, 0.7f, dots, results[3], N);
        return results;
    }

    private float[] some(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
