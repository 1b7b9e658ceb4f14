package stylegan4j.nn;

/**
 * NumPy's legacy generator, {@code numpy.random.RandomState}: a Mersenne Twister (MT19937) with NumPy's ways of making
 * numbers from its words, so that a seed gives here the latents it gives in the official scripts.
 *
 * <p>All is bit for bit the same except {@link #randn}, whose logarithm is Java's own and the same on every machine:
 * its doubles may differ from NumPy's in the last place. Not safe for use by several threads.
 *
 * <p>Source: Matsumoto and Nishimura, "Mersenne Twister", 1998; NumPy's {@code randomkit} and
 * {@code legacy-distributions.c}.
 */
public final class NumpyRandom {
    private static final int N = 624;
    private static final int M = 397;
    private static final int UPPER_BIT = 0x80000000;
    private static final int TWIST = 0x9908b0df;
    private static final int INIT = 1812433253;
    private static final int ARRAY_SEED = 19650218;

    private final int[] state = new int[N];
    private int next = N;
    private double pendingGauss;
    private boolean hasPendingGauss;

    /**
     * {@code RandomState(seed)}.
     *
     * @param seed 0 to 2^32 - 1
     */
    public NumpyRandom(long seed) {
        if (seed < 0 || seed > 0xffffffffL) {
            throw new IllegalArgumentException("NumpyRandom: seed expected 0..4294967295, got " + seed);
        }
        fill((int) seed);
    }

    /**
     * {@code RandomState([...])}.
     *
     * @param seeds at least one, each an unsigned 32-bit number
     */
    public NumpyRandom(int[] seeds) {
        if (seeds.length == 0) {
            throw new IllegalArgumentException("NumpyRandom: seeds expected at least one, got none");
        }
        fill(ARRAY_SEED);
        int i = 1;
        for (int k = 0; k < Math.max(N, seeds.length); k++) {
            int j = k % seeds.length;
            state[i] = (state[i] ^ mixed(i - 1) * 1664525) + seeds[j] + j;
            i = following(i);
        }
        for (int k = 0; k < N - 1; k++) {
            state[i] = (state[i] ^ mixed(i - 1) * 1566083941) - i;
            i = following(i);
        }
        state[0] = UPPER_BIT;
    }

    /** {@code randn()}: standard normal. */
    public double randn() {
        if (hasPendingGauss) {
            hasPendingGauss = false;
            return pendingGauss;
        }
        // Marsaglia's polar method gives two at a time; the second point of the pair comes out first.
        double x;
        double y;
        double squared;
        do {
            x = 2 * rand() - 1;
            y = 2 * rand() - 1;
            squared = x * x + y * y;
        } while (squared >= 1 || squared == 0);
        double factor = Math.sqrt(-2 * StrictMath.log(squared) / squared);
        pendingGauss = factor * x;
        hasPendingGauss = true;
        return factor * y;
    }

    /** {@code randn(count)}. */
    public double[] randn(int count) {
        var out = new double[count];
        for (int i = 0; i < count; i++) {
            out[i] = randn();
        }
        return out;
    }

    /** {@code randn(count).astype(np.float32)}: what a network is fed. */
    public float[] randnFloats(int count) {
        var out = new float[count];
        for (int i = 0; i < count; i++) {
            out[i] = (float) randn();
        }
        return out;
    }

    /** {@code random_sample()}: uniform in [0, 1), of 53 bits. */
    public double rand() {
        long high = nextInt() >>> 5;
        long low = nextInt() >>> 6;
        return (high * 67108864.0 + low) / 9007199254740992.0;
    }

    /**
     * {@code randint(low, high)} with the default 64-bit type.
     *
     * @return {@code low} to {@code high - 1}, all as likely
     * @throws IllegalArgumentException if {@code low >= high}
     */
    public long randint(long low, long high) {
        if (low >= high) {
            throw new IllegalArgumentException("randint: low expected less than high, got " + low + " and " + high);
        }
        return low + bounded(high - 1 - low);
    }

    /** {@code permutation(count)}: the numbers 0 to {@code count - 1} in random order. */
    public int[] permutation(int count) {
        var out = new int[count];
        for (int i = 0; i < count; i++) {
            out[i] = i;
        }
        shuffle(out);
        return out;
    }

    /** {@code shuffle(values)}, in place. */
    public void shuffle(int[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = (int) bounded(i);
            int value = values[i];
            values[i] = values[j];
            values[j] = value;
        }
    }

    /** Uniform in 0..max, both included and unsigned, by rejection under the smallest mask of ones. */
    private long bounded(long max) {
        if (max == 0) {
            return 0;
        }
        long mask = -1L >>> Long.numberOfLeadingZeros(max);
        long value;
        do {
            value = max >>> 32 == 0 ? nextInt() & mask : nextLong() & mask;
        } while (Long.compareUnsigned(value, max) > 0);
        return value;
    }

    private long nextLong() {
        long high = nextInt();
        return high << 32 | nextInt() & 0xffffffffL;
    }

    private int nextInt() {
        if (next == N) {
            regenerate();
        }
        int y = state[next++];
        y ^= y >>> 11;
        y ^= y << 7 & 0x9d2c5680;
        y ^= y << 15 & 0xefc60000;
        return y ^ y >>> 18;
    }

    private void regenerate() {
        for (int k = 0; k < N; k++) {
            int y = state[k] & UPPER_BIT | state[(k + 1) % N] & ~UPPER_BIT;
            state[k] = state[(k + M) % N] ^ y >>> 1 ^ ((y & 1) == 0 ? 0 : TWIST);
        }
        next = 0;
    }

    private void fill(int seed) {
        state[0] = seed;
        for (int i = 1; i < N; i++) {
            state[i] = INIT * mixed(i - 1) + i;
        }
    }

    private int mixed(int i) {
        return state[i] ^ state[i] >>> 30;
    }

    /** The place after {@code i} when an array is mixed in: from the last to 1, and 0 becomes a copy of the last. */
    private int following(int i) {
        if (i < N - 1) {
            return i + 1;
        }
        state[0] = state[N - 1];
        return 1;
    }
}
