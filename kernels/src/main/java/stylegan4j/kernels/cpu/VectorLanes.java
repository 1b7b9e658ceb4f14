package stylegan4j.kernels.cpu;

import jdk.incubator.vector.FloatVector;

/** Sums of lanes in a fixed order. {@code reduceLanes} promises none: its bits change when code gets compiled. */
public final class VectorLanes {
    private VectorLanes() {
    }

    /** The sum of all lanes, by halves. */
    public static float sum(FloatVector v) {
        float[] lanes = new float[v.length()];
        v.intoArray(lanes, 0);
        for (int half = lanes.length / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                lanes[i] += lanes[i + half];
            }
        }
        return lanes[0];
    }
}
