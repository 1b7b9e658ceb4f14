package stylegan4j.kernels.cpu.conv;

import java.util.Arrays;

/** Where the rows of a packed panel of B start, for sums of up to 8192 terms: every nr floats. */
final class PackedOffsets {
    static final int[] TABLE = new int[8192];

    static {
        Arrays.setAll(TABLE, p -> p * GemmKernel.BEST.nr());
    }

    private PackedOffsets() {
    }
}
