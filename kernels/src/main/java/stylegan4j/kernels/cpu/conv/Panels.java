package stylegan4j.kernels.cpu.conv;

import java.util.Arrays;

/** One thread's panels of B: for each the array it lies in, where it starts, and the offsets of its rows. */
final class Panels {
    private static final int NR = GemmKernel.BEST.nr();

    private float[] packed = {};
    private float[] staged = {};
    private int[] sumOffsets = {};
    private int[] laneOffsets = {};
    private float[][] array = {};
    private int[] start = {};
    private int[][] offsets = {};

    /** Declares a panel of {@code depth} rows packed among others of that size in {@link #packed}. */
    void setPacked(int panel, int depth) {
        set(panel, packed, panel * depth * NR, PackedOffsets.of(depth));
    }

    /**
     * Declares the panels of a matrix whose element (p, j) is {@code source[sums[p] + columns[j]]}. Where a panel's
     * columns are neighbours it is read in place ({@code source} must reach nr floats past its last element);
     * elsewhere it is packed.
     */
    void place(float[] source, int[] sums, int depth, int[] columns, int count) {
        packed(Blocks.roundUp(count, NR) * depth);
        for (int j = 0; j < count; j += NR) {
            int last = Math.min(j + NR, count) - 1;
            if (increasesByOne(columns, j, last)) {
                set(j / NR, source, columns[j], sums);
            } else {
                for (int p = 0; p < depth; p++) {
                    gather(source, sums[p], columns, j, last, j * depth + p * NR);
                }
                setPacked(j / NR, depth);
            }
        }
    }

    private static boolean increasesByOne(int[] values, int first, int last) {
        for (int i = first + 1; i <= last; i++) {
            if (values[i] != values[i - 1] + 1) {
                return false;
            }
        }
        return true;
    }

    private void gather(float[] source, int row, int[] columns, int first, int last, int at) {
        float[] dst = packed;
        for (int j = first; j <= last; j++) {
            dst[at + j - first] = source[row + columns[j]];
        }
    }

    /** The array for packed panels, of at least {@code size} floats, contents undefined. */
    float[] packed(int size) {
        packed = packed.length < size ? new float[size] : packed;
        return packed;
    }

    /** The array for a piece of a picture, of at least {@code size} floats, contents undefined. */
    float[] staged(int size) {
        staged = staged.length < size ? new float[size] : staged;
        return staged;
    }

    /** An array for {@link #place}'s sums. */
    int[] sumOffsets(int size) {
        sumOffsets = sumOffsets.length < size ? new int[size] : sumOffsets;
        return sumOffsets;
    }

    /** An array for {@link #place}'s columns. */
    int[] laneOffsets(int size) {
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

    private void set(int panel, float[] source, int first, int[] rowOffsets) {
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
}
