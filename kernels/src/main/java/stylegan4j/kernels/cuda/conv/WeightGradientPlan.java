package stylegan4j.kernels.cuda.conv;

import java.util.List;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.cuda.Params;

/**
 * How the gradient of a convolution's weight is cut into blocks of conv_weight.cu.
 *
 * @param x what the convolution reads, dy its result's gradient
 * @param taps of the convolution itself
 * @param scaled whether channels have factors
 * @param shape of a block's product
 * @param box positions that a block multiplies at a time
 * @param tilesPerSplit boxes that a block sums
 */
record WeightGradientPlan(Precision precision, NdArray x, NdArray dy, TapPlan taps, boolean scaled, Shape shape,
                          PositionTile box, int tilesPerSplit) {
    private static final int ROW_BYTES = 80;
    private static final int SLOTS = 4;
    /** Pieces of the next tile that fit into the registers beside the sums. */
    static final int MOST_PIECES = 4;
    private static final int MOST_GRID = 65535;
    /** Samples of a block that can have scales of their own. */
    private static final int MOST_SAMPLES = 16;
    /** What two blocks have room for on compute capability 8.0; one on those that have less. */
    private static final int MOST_SHARED = 80 << 10;
    /** Threads to aim at by cutting sums, into parts of at least so many positions. */
    private static final long THREADS = 1 << 16;
    private static final long LEAST_POSITIONS = 512;

    /**
     * A block's product.
     *
     * @param warps of 8 input channels each
     * @param tiles of 16 output channels
     * @param taps of a block; where they are fewer than all, several blocks share them
     */
    record Shape(int warps, int tiles, int taps) {
        /** With 64 × 64 channels, the sums of as many fill 144 of a thread's registers. */
        static final int MOST_TAPS = 9;

        /** All there are for as many taps. */
        static List<Shape> all(int taps) {
            return List.of(new Shape(8, 4, taps), new Shape(8, 2, taps), new Shape(8, 1, taps),
                    new Shape(4, 2, taps), new Shape(4, 1, taps));
        }

        /** Largest first: those that waste least, then, for devices and strides with little room, narrower ones. */
        static List<Shape> candidates(int rows, int columns, int taps) {
            return all(taps).stream().filter(s -> s.warps == 4 || columns > all(taps).getLast().columns())
                    .filter(s -> s.tiles == 1 || s.rows() < 2 * rows).toList();
        }

        int threads() {
            return 32 * warps;
        }

        int rows() {
            return 16 * tiles;
        }

        int columns() {
            return 8 * warps;
        }
    }

    /**
     * The plan with the largest tiles that suit the problem and the device.
     *
     * @return null if none fits
     */
    static WeightGradientPlan of(Precision precision, NdArray x, NdArray dy, TapPlan taps, boolean scaled,
                                 int sharedPerBlock) {
        int groups = Math.ceilDiv(taps.taps(), Shape.MOST_TAPS);
        int tapsOfBlock = Math.ceilDiv(taps.taps(), groups);
        boolean half = Packing.chunk(precision) > 16;
        for (Shape shape : Shape.candidates(dy.size(1), x.size(1), tapsOfBlock)) {
            for (int log = half ? 6 : 5; log >= (half ? 4 : 3); log--) {
                PositionTile box = PositionTile.of(log, dy.size(3), dy.size(2), Math.min(dy.size(0), MOST_SAMPLES));
                WeightGradientPlan plan = new WeightGradientPlan(precision, x, dy, taps, scaled, shape, box, 1).cut();
                if (plan.fits(Math.min(sharedPerBlock, MOST_SHARED))) {
                    return plan;
                }
            }
        }
        return null;
    }

    private WeightGradientPlan cut() {
        long blocks = (long) rowBlocks() * columnBlocks() * groups();
        long parts = Math.min(THREADS / (shape.threads() * blocks), (long) tiles() * positions() / LEAST_POSITIONS);
        long each = Math.ceilDiv(tiles(), Math.max(1, parts));
        if (scaled) {
            // n boxes in a row see so many samples
            each = Math.min(each, (MOST_SAMPLES / box.samples() - 1L) * tilesX() * tilesY() + 1);
        }
        return new WeightGradientPlan(precision, x, dy, taps, scaled, shape, box, Math.max(1, (int) each));
    }

    private boolean fits(int shared) {
        long z = (long) box.samples() * dy.size(1) * dy.size(2) * dy.size(3);
        long pixels = (long) box.samples() * x.size(1) * x.size(2) * x.size(3);
        return shared() <= shared && Math.max(z, pixels) <= Integer.MAX_VALUE && pieces() <= MOST_PIECES
                && taps.taps() <= Packing.MOST_TAPS && rowBlocks() <= MOST_GRID
                && (long) groups() * splits() <= MOST_GRID;
    }

    private int groups() {
        return Math.ceilDiv(taps.taps(), shape.taps());
    }

    int rowBlocks() {
        return Math.ceilDiv(dy.size(1), shape.rows());
    }

    int columnBlocks() {
        return Math.ceilDiv(x.size(1), shape.columns());
    }

    /** Blocks that share the taps and the positions of one tile of the weight. */
    int depthBlocks() {
        return groups() * splits();
    }

    private int tilesX() {
        return Math.ceilDiv(dy.size(3), box.width());
    }

    private int tilesY() {
        return Math.ceilDiv(dy.size(2), box.height());
    }

    private int tiles() {
        return Math.multiplyExact(Math.multiplyExact(tilesX(), tilesY()),
                Math.ceilDiv(dy.size(0), box.samples()));
    }

    /**
     * Parts of the sum; one even where there is no position: somebody must store zeros. Many are rounded up to what
     * {@link Finish#add(long, int, NdArray)} adds in two steps.
     */
    int splits() {
        int splits = Math.max(1, Math.ceilDiv(tiles(), tilesPerSplit));
        return splits <= Finish.GROUP ? splits : Math.ceilDiv(splits, Finish.GROUP) * Finish.GROUP;
    }

    private int positions() {
        return box.width() * box.height() * box.samples();
    }

    private int patchHeight() {
        return taps.patchHeight(box.height());
    }

    /** Rounded up, so that there are as many columns of each remainder. */
    private int patchWidth() {
        return Math.ceilDiv(taps.patchWidth(box.width()), taps.stride()) * taps.stride();
    }

    private int pixels() {
        return positions() + patchHeight() * patchWidth() * box.samples();
    }

    /** Chunks of channels that there is room for, of either picture. */
    private int chunks() {
        return Math.ceilDiv(Math.max(shape.rows(), shape.columns()), Packing.chunk(precision));
    }

    /** Pieces of the next tile that each step loads: a power of two, so that few kernels need compiling. */
    int pieces() {
        int step = switch (precision) {
            case F32 -> 2;
            case TF32 -> 8;
            case F16, BF16 -> 16;
        };
        int pieces = Math.ceilDiv(pixels(), shape.threads() / SLOTS) * chunks();
        return Integer.highestOneBit(2 * Math.ceilDiv(pieces, positions() / step) - 1);
    }

    /** Rows of a block's table of scales; none where all are one. */
    private int scaledSamples() {
        return scaled ? (Math.ceilDiv(tilesPerSplit - 1, tilesX() * tilesY()) + 1) * box.samples() : 0;
    }

    /** Bytes of a block's shared memory. */
    int shared() {
        int scales = 2 * chunks() * Packing.chunk(precision) * Math.max(1, scaledSamples());
        int loop = 2 * pixels() * (chunks() * ROW_BYTES + 2 * Integer.BYTES) + scales * Float.BYTES;
        int end = 16 * (shape.columns() * shape.taps() + 1) * Float.BYTES;
        return Math.max(loop, end);
    }

    /** Writes the struct ConvWeightParams from z_plane on. */
    Params into(Params params) {
        int[] shifts = new int[taps.taps()];
        int same = patchWidth() / taps.stride();
        for (int t = 0; t < shifts.length; t++) {
            int y = taps.y()[t] - taps.minY();
            int x = taps.x()[t] - taps.minX();
            shifts[t] = (y * patchWidth() + x % taps.stride() * same + x / taps.stride()) * ROW_BYTES;
        }
        return params.integer64((long) dy.size(2) * dy.size(3)).integer64((long) x.size(2) * x.size(3))
                .integer(x.size(0)).integer(dy.size(1)).integer(dy.size(2)).integer(dy.size(3))
                .integer(x.size(1)).integer(x.size(2)).integer(x.size(3))
                .integer(box.logWidth()).integer(box.logHeight()).integer(box.logSamples())
                .integer(tilesX()).integer(tilesY()).integer(tiles()).integer(tilesPerSplit).integer(taps.stride())
                .integer(patchWidth()).integer(patchHeight()).integer(taps.minY()).integer(taps.minX())
                .integer(scaledSamples()).integer(taps.taps()).integer(groups())
                .integers(shifts, Packing.MOST_TAPS);
    }
}
