package stylegan4j.kernels.cpu.sample;

/**
 * The counter-based generator Philox 4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3", SC 2011): ten rounds turn a 128-bit counter and a 64-bit key into four random words.
 */
final class Philox {
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    /** Added to the key from round to round: the golden ratio and √3 − 1. */
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;
    private static final long LOW = 0xFFFFFFFFL;

    private Philox() {
    }

    /** Words of the blocks {@code counter … counter+blocks−1}, four each; {@code seed} is the key, low half first. */
    static void words(long seed, long counter, int blocks, int[] words) {
        for (int i = 0; i < blocks; i++) {
            long c = counter + i;
            block((int) seed, (int) (seed >>> 32), (int) c, (int) (c >>> 32), 0, 0, words, 4 * i);
        }
    }

    static void block(int key0, int key1, int c0, int c1, int c2, int c3, int[] words, int at) {
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = MULTIPLIER_0 * (c0 & LOW);
            long product1 = MULTIPLIER_1 * (c2 & LOW);
            c0 = (int) (product1 >>> 32) ^ c1 ^ key0;
            c2 = (int) (product0 >>> 32) ^ c3 ^ key1;
            c1 = (int) product1;
            c3 = (int) product0;
            key0 += WEYL_0;
            key1 += WEYL_1;
        }
        words[at] = c0;
        words[at + 1] = c1;
        words[at + 2] = c2;
        words[at + 3] = c3;
    }
}
