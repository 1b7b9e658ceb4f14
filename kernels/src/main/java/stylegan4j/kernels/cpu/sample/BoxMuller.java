package stylegan4j.kernels.cpu.sample;

/**
 * Pairs of random words to pairs of normal numbers: {@code √(−2 ln u)·(cos 2πv, sin 2πv)}. Only integer operations,
 * {@code + · fma √} on floats: all correctly rounded, so that every backend gives the same bits. The polynomials are
 * minimax fits, accurate to about 1e-7 of the value.
 */
final class BoxMuller {
    private static final float TWO_LN_2 = 1.3862944f;
    /** Bits of 2/3: mantissas are taken from 2/3 to 4/3, where the logarithm's polynomial holds. */
    private static final int TWO_THIRDS = 0x3F2AAAAB;

    private BoxMuller() {
    }

    /** Turns {@code words[2i], words[2i+1]} into {@code values[2i], values[2i+1]} for all i below {@code pairs}. */
    static void transform(int[] words, int pairs, float[] values) {
        for (int i = 0; i < 2 * pairs; i += 2) {
            float r = radius(words[i]);
            int v = words[i + 1] >>> 8;
            // v is an angle in units of 2^-24 turns: the nearest quarter turn, and the rest, at most an eighth.
            int quarter = v + (1 << 21) >>> 22;
            float rest = (v - (quarter << 22)) * 0x1p-24f;
            float sine = sine(rest);
            float cosine = cosine(rest);
            boolean odd = (quarter & 1) != 0;
            float c = odd ? sine : cosine;
            float s = odd ? cosine : sine;
            values[i] = r * ((quarter + 1 & 2) != 0 ? -c : c);
            values[i + 1] = r * ((quarter & 2) != 0 ? -s : s);
        }
    }

    /** {@code √(−2 ln u)} for u in (0, 1], the upper 31 bits of the word: at most 6.66. */
    private static float radius(int word) {
        float u = Math.fma(word >>> 1, 0x1p-31f, 0x1p-32f);
        int bits = Float.floatToRawIntBits(u);
        int exponent = bits - TWO_THIRDS >> 23;
        float f = Float.intBitsToFloat(bits - (exponent << 23)) - 1;
        float p = -0.12948963f;
        p = Math.fma(p, f, 0.14004757f);
        p = Math.fma(p, f, -0.12167154f);
        p = Math.fma(p, f, 0.14001161f);
        p = Math.fma(p, f, -0.16682306f);
        p = Math.fma(p, f, 0.20010747f);
        p = Math.fma(p, f, -0.24999717f);
        p = Math.fma(p, f, 0.3333321f);
        p = Math.fma(p, f, -0.5f);
        float log = Math.fma(p * f, f, f);
        return (float) Math.sqrt(Math.fma(exponent, -TWO_LN_2, -2 * log));
    }

    /** {@code sin 2πt}, |t| ≤ 1/8 */
    private static float sine(float t) {
        float z = t * t;
        float p = Math.fma(-75.39356f, z, 81.592354f);
        p = Math.fma(p, z, -41.341663f);
        p = Math.fma(p, z, 6.2831855f);
        return p * t;
    }

    /** {@code cos 2πt}, |t| ≤ 1/8 */
    private static float cosine(float t) {
        float z = t * t;
        float p = Math.fma(59.202797f, z, -85.4423f);
        p = Math.fma(p, z, 64.93931f);
        p = Math.fma(p, z, -19.739208f);
        return Math.fma(p, z, 1f);
    }
}
