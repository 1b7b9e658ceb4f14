package stylegan4j.kernels.cpu.conv;

import java.util.Arrays;

/** Where the rows of a packed panel of B start: every nr floats. */
final class PackedOffsets {
    private static volatile int[] table = {};

    private PackedOffsets() {
    }

    /** Offsets of at least {@code depth} rows, not to be modified. */
    static int[] of(int depth) {
        int[] offsets = table;
        if (offsets.length < depth) {
            offsets = new int[Math.max(depth, 1024)];
            Arrays.setAll(offsets, p -> p * GemmKernel.BEST.nr());
            table = offsets;
        }
        return offsets;
    }
}
