package stylegan4j.kernels.cpu.map;

import stylegan4j.kernels.cpu.Simd;

/**
 * The inner loops of {@link FeatureDistance}: one channel of n places, a multiple of {@link #LANES}, of two arrays of
 * features. Equal bit for bit in both implementations.
 */
interface FeatureKernel {
    FeatureKernel CHOSEN = Simd.enabled() ? new VectorFeatureKernel() : new ScalarFeatureKernel();
    /** Whole vectors of any width. */
    int LANES = 16;

    /** Features [C, pitch] of two pictures, and at each place the reciprocals of their lengths. */
    record Pair(float[] a, float[] b, float[] inverseA, float[] inverseB) {
    }

    /** {@code sums[i] += x[at + i]²} */
    void addSquares(float[] x, int at, float[] sums, int n);

    /** With unit vectors u and v: {@code sums[i] += (factor·(u − v))²}. */
    void addDistances(Pair pair, int at, float factor, float[] sums, int n);

    /** {@code dots[i] += factor·(u − v)·u} */
    void addDots(Pair pair, int at, float factor, float[] dots, int n);

    /** {@code out[i] = (factor·(u − v) − dots·u) / ‖a‖} */
    void gradients(Pair pair, int at, float factor, float[] dots, float[] out, int n);
}
