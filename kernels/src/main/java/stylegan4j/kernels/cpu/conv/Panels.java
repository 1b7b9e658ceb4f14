package stylegan4j.kernels.cpu.conv;

import java.util.Arrays;

/** One thread's panels of B: for each the array it lies in, where it starts, and the offsets of its rows. */
final class Panels {
    private static final int NR = GemmKernel.BEST.nr();

    private float[] packed = {};
    private float[] staged = {};
    private float[][] array = {};
    private int[] start = {};
    private int[][] offsets = {};

    void set(int panel, float[] source, int first, int[] rowOffsets) {
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

    /** Declares a panel packed at {@code first} of {@link #packed}, nr floats a row. */
    void setPacked(int panel, int first) {
        set(panel, packed, first, PackedOffsets.TABLE);
    }

    /**
     * Packs a panel from scattered elements, {@code rowOffsets[p] + laneOffsets[l]} of {@code source}; panels are
     * {@code depth} rows long.
     */
    void gather(int panel, int depth, float[] source, int[] rowOffsets, int[] laneOffsets, int lane, int lanes) {
        int first = panel * depth * NR;
        for (int p = 0; p < depth; p++) {
            gatherRow(source, rowOffsets[p], laneOffsets, lane, lanes, first + p * NR);
        }
        setPacked(panel, first);
    }

    private void gatherRow(float[] source, int row, int[] laneOffsets, int lane, int lanes, int at) {
        for (int l = 0; l < lanes; l++) {
            packed[at + l] = source[row + laneOffsets[lane + l]];
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
