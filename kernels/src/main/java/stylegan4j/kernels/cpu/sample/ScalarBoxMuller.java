package stylegan4j.kernels.cpu.sample;

/** Plain loops. */
final class ScalarBoxMuller implements BoxMuller {
    @Override
    public void transform(int[] words, int pairs, float[] values) {
        transform(words, 0, pairs, values);
    }

    /** Pairs {@code from … end−1}. */
    static void transform(int[] words, int from, int end, float[] values) {
        for (int i = 2 * from; i < 2 * end; i += 2) {
            float radius = radius(words[i]);
            int v = words[i + 1] >>> 8;
            int quarter = v + (1 << 21) >>> 22;
            float t = (v - (quarter << 22)) * 0x1p-24f;
            float sine = sine(t);
            float cosine = cosine(t);
            boolean odd = (quarter & 1) != 0;
            float c = odd ? sine : cosine;
            float s = odd ? cosine : sine;
            values[i] = radius * ((quarter + 1 & 2) != 0 ? -c : c);
            values[i + 1] = radius * ((quarter & 2) != 0 ? -s : s);
        }
    }

    private static float radius(int word) {
        float u = Math.fma(word >>> 1, 0x1p-31f, 0x1p-32f);
        int bits = Float.floatToRawIntBits(u);
        int exponent = bits - TWO_THIRDS >> 23;
        float f = Float.intBitsToFloat(bits - (exponent << 23)) - 1;
        float p = Math.fma(P8, f, P7);
        p = Math.fma(p, f, P6);
        p = Math.fma(p, f, P5);
        p = Math.fma(p, f, P4);
        p = Math.fma(p, f, P3);
        p = Math.fma(p, f, P2);
        p = Math.fma(p, f, P1);
        p = Math.fma(p, f, P0);
        float log = Math.fma(p * f, f, f);
        return (float) Math.sqrt(Math.fma(exponent, MINUS_TWO_LN_2, -2 * log));
    }

    private static float sine(float t) {
        float z = t * t;
        float p = Math.fma(S3, z, S2);
        p = Math.fma(p, z, S1);
        return Math.fma(p, z, S0) * t;
    }

    private static float cosine(float t) {
        float z = t * t;
        float p = Math.fma(C4, z, C3);
        p = Math.fma(p, z, C2);
        p = Math.fma(p, z, C1);
        return Math.fma(p, z, C0);
    }
}
