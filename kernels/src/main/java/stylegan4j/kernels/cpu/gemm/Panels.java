package stylegan4j.kernels.cpu.gemm;

import java.util.Arrays;

/** One thread's panels of B: for each the array it lies in, where it starts, and the offsets of its rows. */
public final class Panels {
    private static final GemmKernel KERNEL = GemmKernel.BEST;
    private static final int NR = KERNEL.nr();
    private static final int RUN = NR / 2;
    /** Packing a panel costs about what so many tiles lose by reading it where it lies, scattered over many pages. */
    private static final int FEW_READS = 5;

    private float[] own = {};
    private float[] packed = own;
    private int packedStart;
    private float[] staged = {};
    private int[] sumOffsets = {};
    private int[] laneOffsets = {};
    private float[][] array = {};
    private int[] start = {};
    private int[][] offsets = {};

    /**
     * Declares a panel whose row p is the nr floats of {@code source} from {@code first + rowOffsets[p]} on, or from
     * {@code first + p·nr} without offsets.
     */
    public void set(int panel, float[] source, int first, int[] rowOffsets) {
        if (panel >= start.length) {
            int size = 2 * panel + 2;
            array = Arrays.copyOf(array, size);
            start = Arrays.copyOf(start, size);
            offsets = Arrays.copyOf(offsets, size);
        }
        array[panel] = source;
        start[panel] = first;
        offsets[panel] = rowOffsets;
    }

    /** Whether so many tiles read each panel that packing it pays. */
    public static boolean packingPays(int reads) {
        return reads > FEW_READS;
    }

    /** Has panels packed to {@code target} from index {@code at} on, or to an array of this thread if it is null. */
    void packTo(float[] target, int at) {
        packed = target == null ? own : target;
        packedStart = at;
    }

    /** Declares a panel of {@code depth} rows packed among others of that size in {@link #packed}. */
    void setPacked(int panel, int depth) {
        set(panel, packed, packedStart + panel * depth * NR, null);
    }

    /**
     * Declares the panels of a matrix whose element (p, j) is {@code source[sums[p] + columns[j]]}. Where a panel's
     * columns are neighbours it is read {@code inPlace} if wished ({@code source} must reach nr floats past its last
     * element), and in any case where its rows lie as if packed and only this thread reads it; elsewhere it is packed.
     */
    public void place(float[] source, int[] sums, int depth, int[] columns, int count, boolean inPlace) {
        packed(Blocks.roundUp(count, NR) * depth);
        boolean dense = packed == own && follow(sums, depth);
        for (int j = 0; j < count; j += NR) {
            int lanes = Math.min(NR, count - j);
            if ((inPlace || dense) && neighbours(columns, j, lanes)) {
                set(j / NR, source, columns[j], dense ? null : sums);
                continue;
            }
            for (int lane = 0; lane < lanes; lane += RUN) {
                gather(source, sums, depth, columns, j + lane, Math.min(RUN, lanes - lane),
                        packedStart + j * depth + lane);
            }
            setPacked(j / NR, depth);
        }
    }

    /** Whether rows lie as in a packed panel already. */
    private static boolean follow(int[] sums, int depth) {
        for (int p = 1; p < depth; p++) {
            if (sums[p] != p * NR) {
                return false;
            }
        }
        return sums[0] == 0;
    }

    private static boolean neighbours(int[] columns, int first, int count) {
        for (int i = 1; i < count; i++) {
            if (columns[first + i] != columns[first] + i) {
                return false;
            }
        }
        return true;
    }

    private void gather(float[] source, int[] sums, int depth, int[] columns, int first, int count, int at) {
        if (neighbours(columns, first, count)) {
            KERNEL.packHalf(source, columns[first], sums, depth, packed, at);
        } else {
            for (int p = 0; p < depth; p++) {
                gather(source, sums[p], columns, first, count, at + p * NR);
            }
        }
    }

    private void gather(float[] source, int row, int[] columns, int first, int count, int at) {
        float[] dst = packed;
        for (int j = 0; j < count; j++) {
            dst[at + j] = source[row + columns[first + j]];
        }
    }

    /** The array for packed panels, {@code size} floats from {@link #packedStart} on, contents undefined. */
    float[] packed(int size) {
        if (packed == own && own.length < size) {
            own = new float[size];
            packed = own;
        }
        return packed;
    }

    int packedStart() {
        return packedStart;
    }

    /** The array for a piece of a picture, of at least {@code size} floats, contents undefined. */
    public float[] staged(int size) {
        staged = staged.length < size ? new float[size] : staged;
        return staged;
    }

    /** An array for {@link #place}'s sums. */
    public int[] sumOffsets(int size) {
        sumOffsets = sumOffsets.length < size ? new int[size] : sumOffsets;
        return sumOffsets;
    }

    /** An array for {@link #place}'s columns. */
    public int[] laneOffsets(int size) {
        laneOffsets = laneOffsets.length < size ? new int[size] : laneOffsets;
        return laneOffsets;
    }

    float[] array(int panel) {
        return array[panel];
    }

    int start(int panel) {
        return start[panel];
    }

    int[] offsets(int panel) {
        return offsets[panel];
    }
}
