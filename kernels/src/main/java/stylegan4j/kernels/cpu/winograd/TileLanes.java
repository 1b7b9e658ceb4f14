package stylegan4j.kernels.cpu.winograd;

import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import stylegan4j.kernels.cpu.VectorWidth;

/**
 * Permutations between picture lines and vectors over tiles. What lies four apart in a line comes together so: with
 * a vector seen as four slots, source k is permuted so that slot s holds phase s − k, blending then collects phase m,
 * and a last turn puts its slots in order. Interleaving is the same backwards.
 */
final class TileLanes {
    static final VectorSpecies<Float> S = VectorWidth.FLOATS;
    static final int L = S.length();
    static final int SLOT = L / 4;

    /** Source k: slot s, place i ← element 4i + (s − k mod 4). */
    static final VectorShuffle<Float> SPLIT0 = split(0);
    static final VectorShuffle<Float> SPLIT1 = split(1);
    static final VectorShuffle<Float> SPLIT2 = split(2);
    static final VectorShuffle<Float> SPLIT3 = split(3);
    /** Slot s ← slot s + m. */
    static final VectorShuffle<Float> TURN1 = turn(1);
    static final VectorShuffle<Float> TURN2 = turn(2);
    static final VectorShuffle<Float> TURN3 = turn(3);
    /** The inverse of SPLITk. */
    static final VectorShuffle<Float> MERGE0 = merge(0);
    static final VectorShuffle<Float> MERGE1 = merge(1);
    static final VectorShuffle<Float> MERGE2 = merge(2);
    static final VectorShuffle<Float> MERGE3 = merge(3);
    static final VectorShuffle<Float> NEXT = VectorShuffle.fromOp(S, l -> (l + 1) % L);

    static final VectorMask<Float> ODD_SLOTS = slots(0b1010);
    static final VectorMask<Float> UPPER_SLOTS = slots(0b1100);
    static final VectorMask<Float> LAST = VectorMask.fromLong(S, 1L << (L - 1));
    /** Elements 0, 0, 1, 1, … of the lower and of the upper half. */
    static final VectorShuffle<Float> TWICE_LOWER = VectorShuffle.fromOp(S, l -> l / 2);
    static final VectorShuffle<Float> TWICE_UPPER = VectorShuffle.fromOp(S, l -> (L + l) / 2);
    static final VectorMask<Float> ODD = VectorMask.fromLong(S, 0xaaaaaaaaaaaaaaaaL & ((1L << L) - 1));

    private TileLanes() {
    }

    private static VectorShuffle<Float> split(int k) {
        return VectorShuffle.fromOp(S, l -> 4 * (l % SLOT) + (l / SLOT - k + 4) % 4);
    }

    private static VectorShuffle<Float> merge(int k) {
        return VectorShuffle.fromOp(S, l -> (l % 4 + k) % 4 * SLOT + l / 4);
    }

    private static VectorShuffle<Float> turn(int m) {
        return VectorShuffle.fromOp(S, l -> (l + m * SLOT) % L);
    }

    private static VectorMask<Float> slots(int bits) {
        boolean[] set = new boolean[L];
        for (int l = 0; l < L; l++) {
            set[l] = (bits >> (l / SLOT) & 1) != 0;
        }
        return VectorMask.fromArray(S, set, 0);
    }
}
