package stylegan4j.stylegan.feature;

import java.util.List;

/** A residual network in four stages, each with half the resolution of the one before, as encoders look into. */
public sealed interface Body permits IrBody, ResNetBody {
    /** Blocks in each stage. */
    List<Integer> blocks();

    /** Channels of each stage's result. */
    List<Integer> widths();

    /** Positions, in one row of all blocks, of the last ones of the second, third and fourth stage. */
    default int[] taps() {
        int second = blocks().get(0) + blocks().get(1) - 1;
        int third = second + blocks().get(2);
        return new int[] {second, third, third + blocks().get(3)};
    }

    /** @throws IllegalArgumentException if there are not four stages of at least one block and channel */
    static void check(String owner, List<Integer> blocks, List<Integer> widths) {
        if (blocks.size() != 4 || widths.size() != 4 || blocks.stream().anyMatch(n -> n < 1)
                || widths.stream().anyMatch(n -> n < 1)) {
            throw new IllegalArgumentException(owner + ": expected blocks and widths of four stages, got " + blocks
                    + " and " + widths);
        }
    }
}
