package stylegan4j.golden;

import java.nio.charset.StandardCharsets;

/** Numbers that both sides of a golden case make up from a name (golden README, "Formula"). */
final class Formula {
    private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private Formula() {
    }

    /** FNV-1a of the key's UTF-8 bytes. */
    static long hash(String key) {
        long hash = OFFSET_BASIS;
        for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * PRIME;
        }
        return hash;
    }

    /** Element {@code i} of the key's stream in [0, 1): splitmix64. */
    static double uniform(long hash, long i) {
        long z = hash + (i + 1) * GOLDEN_GAMMA;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        z ^= z >>> 31;
        return (z >>> 11) * 0x1p-53;
    }

    /** {@code offset + scale·(2u − 1)}, row by row. */
    static float[] fill(String key, int elements, double offset, double scale) {
        long hash = hash(key);
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = (float) (offset + scale * (2 * uniform(hash, i) - 1));
        }
        return values;
    }
}
