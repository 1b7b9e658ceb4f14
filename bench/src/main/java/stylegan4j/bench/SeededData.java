package stylegan4j.bench;

import java.util.SplittableRandom;

/** The numbers that both sides of a benchmark work on. */
public final class SeededData {
    private SeededData() {
    }

    /** {@code n} numbers, evenly spread around zero with the given standard deviation; a seed gives one sequence. */
    public static float[] uniform(long seed, int n, double deviation) {
        var random = new SplittableRandom(seed);
        double bound = Math.sqrt(3) * deviation;
        float[] data = new float[n];
        for (int i = 0; i < n; i++) {
            data[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
        return data;
    }
}
