package stylegan4j.stylegan.data;

import java.util.SplittableRandom;

/**
 * An endless order of indices: every round is a fresh permutation, which depends on the seed and the round alone, so
 * that a training can go on at any place.
 */
public final class ShuffledOrder {
    private static final long ROUND = 0x9E3779B97F4A7C15L;

    private final int[] indices;
    private final long seed;
    private long round = -1;

    /** @param size number of indices, at least one */
    public ShuffledOrder(int size, long seed) {
        this.indices = new int[size];
        this.seed = seed;
    }

    /** The index at a place of the order, from 0 on. */
    public int at(long place) {
        long wanted = place / indices.length;
        if (wanted != round) {
            shuffle(wanted);
        }
        return indices[(int) (place % indices.length)];
    }

    private void shuffle(long newRound) {
        var random = new SplittableRandom(seed + ROUND * newRound);
        for (int i = 0; i < indices.length; i++) {
            int j = random.nextInt(i + 1);
            indices[i] = indices[j];
            indices[j] = i;
        }
        round = newRound;
    }
}
