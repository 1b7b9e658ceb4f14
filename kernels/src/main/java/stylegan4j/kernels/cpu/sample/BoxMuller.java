package stylegan4j.kernels.cpu.sample;

import stylegan4j.kernels.cpu.Simd;

/**
 * Pairs of random words to pairs of normal numbers: {@code √(−2 ln u)·(cos 2πv, sin 2πv)}. Only integer operations and
 * {@code + − · fma √} on floats, all correctly rounded, in this order, so that every backend gives the same bits. The
 * polynomials are minimax fits, accurate to about 1e-8 of the value before rounding.
 *
 * <ul>
 * <li>u in (0, 1] is the upper 31 bits of the first word and a half; the radius ends at 6.66.</li>
 * <li>u = m·2^e with m in [2/3, 4/3); {@code ln m = f + f²·P(f)}, f = m − 1.</li>
 * <li>v is the upper 24 bits of the second word: the nearest quarter turn, and a rest t of at most an eighth;
 *     {@code sin 2πt = t·S(t²)}, {@code cos 2πt = C(t²)}.</li>
 * </ul>
 */
interface BoxMuller {
    float MINUS_TWO_LN_2 = -1.3862944f;
    /** Bits of the float 2/3. */
    int TWO_THIRDS = 0x3F2AAAAB;

    float P8 = -0.12948963f;
    float P7 = 0.14004757f;
    float P6 = -0.12167154f;
    float P5 = 0.14001161f;
    float P4 = -0.16682306f;
    float P3 = 0.20010747f;
    float P2 = -0.24999717f;
    float P1 = 0.3333321f;
    float P0 = -0.5f;

    float S3 = -75.39356f;
    float S2 = 81.592354f;
    float S1 = -41.341663f;
    float S0 = 6.2831855f;

    float C4 = 59.202797f;
    float C3 = -85.4423f;
    float C2 = 64.93931f;
    float C1 = -19.739208f;
    float C0 = 1;

    /** The fastest that this JVM can run. */
    static BoxMuller best() {
        return Simd.enabled() ? new VectorBoxMuller() : new ScalarBoxMuller();
    }

    /** Turns {@code words[2i], words[2i+1]} into {@code values[2i], values[2i+1]} for all i below {@code pairs}. */
    void transform(int[] words, int pairs, float[] values);
}
