package stylegan4j.kernels.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class VectorLanesTest {
    /** Enough calls for the compiler to take over: the sum's bits must not change with it. */
    private static final int CALLS = 50_000;

    @Test
    void lanesAreAddedByHalvesBeforeAndAfterCompilation() {
        Random random = new Random(5);
        int n = VectorWidth.FLOATS.length();
        float[] lanes = new float[n];
        for (int call = 0; call < CALLS; call++) {
            for (int i = 0; i < n; i++) {
                lanes[i] = (float) random.nextGaussian();
            }
            float sum = VectorLanes.sum(FloatVector.fromArray(VectorWidth.FLOATS, lanes, 0));
            assertEquals(byHalves(lanes), sum, "call " + call);
        }
    }

    /** Lane i is added to lane i + n/2, and so on with the half that is left. */
    private static float byHalves(float[] lanes) {
        float[] left = lanes.clone();
        for (int half = left.length / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                left[i] = left[i] + left[i + half];
            }
        }
        return left[0];
    }
}
