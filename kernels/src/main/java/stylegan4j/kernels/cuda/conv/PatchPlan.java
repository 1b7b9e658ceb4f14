package stylegan4j.kernels.cuda.conv;

import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Precision;
import stylegan4j.kernels.cuda.Params;

/**
 * How a convolution is cut into blocks of conv.cu. It depends on the problem alone, so that results do not depend on
 * the device.
 *
 * @param height, width of the result
 * @param tile channels and positions of a block
 * @param box the block's positions
 * @param chunksPerSplit chunks of input channels that a block sums
 */
record PatchPlan(Precision precision, NdArray x, Weight weight, TapPlan taps, int height, int width, TileShape tile,
                 PositionTile box, int chunksPerSplit) {
    static final int STAGES = 4;
    private static final int MOST_PHASES = 4;
    private static final int ROW_BYTES = 80;
    private static final int SLOTS = 4;
    private static final int MOST_BLOCKS = 65535;
    /** Blocks to aim at by cutting sums. */
    private static final int BLOCKS = 256;
    /** Sums are not cut into parts of fewer steps (chunks times taps). */
    private static final int LEAST_STEPS = 12;

    /**
     * The plan whose tiles suit the problem and the device.
     *
     * @return null if none fits
     */
    static PatchPlan of(Precision precision, NdArray x, Weight weight, TapPlan taps, int height, int width,
                        int sharedPerBlock) {
        long columns = (long) x.size(0) * Math.ceilDiv(height, taps.yStride()) * Math.ceilDiv(width, taps.yStride())
                * taps.phases();
        for (TileShape tile : TileShape.candidates(weight.rows(), columns)) {
            for (int samples = tile.columns(); samples >= 1; samples /= 4) {
                PatchPlan plan = of(precision, x, weight, taps, height, width, tile, samples);
                if (plan.fits(sharedPerBlock)) {
                    return plan;
                }
            }
        }
        return null;
    }

    /** @param samples most samples of a tile */
    private static PatchPlan of(Precision precision, NdArray x, Weight weight, TapPlan taps, int height, int width,
                                TileShape tile, int samples) {
        PositionTile box = PositionTile.of(tile.logColumns(), Math.ceilDiv(width, taps.yStride()),
                Math.ceilDiv(height, taps.yStride()), Math.min(samples, x.size(0)));
        var whole = new PatchPlan(precision, x, weight, taps, height, width, tile, box, Integer.MAX_VALUE);
        long blocks = (long) whole.tiles() * whole.rowBlocks() * taps.phases();
        long parts = (long) whole.chunks() * taps.taps() / taps.phases() / LEAST_STEPS;
        long splits = Math.max(1, Math.min(BLOCKS / Math.max(1, blocks), parts));
        return new PatchPlan(precision, x, weight, taps, height, width, tile, box,
                Math.max(1, (int) Math.ceilDiv(whole.chunks(), splits)));
    }

    /** Whether a block's shared memory, its registers and the kernel's 32-bit offsets suffice. */
    private boolean fits(int sharedPerBlock) {
        long elements = (long) box.samples() * x.size(1) * x.size(2) * x.size(3);
        return shared() <= sharedPerBlock && elements <= Integer.MAX_VALUE && taps.taps() <= Packing.MOST_TAPS
                && taps.phases() <= MOST_PHASES && rowBlocks() <= MOST_BLOCKS
                && pieces() <= tile.mostPieces(precision);
    }

    private int chunks() {
        return Packing.chunks(precision, weight);
    }

    /** One even where there is no channel: somebody must store zeros. */
    int splits() {
        return Math.max(1, Math.ceilDiv(chunks(), chunksPerSplit));
    }

    private int tilesX() {
        return Math.ceilDiv(Math.ceilDiv(width, taps.yStride()), box.width());
    }

    private int tilesY() {
        return Math.ceilDiv(Math.ceilDiv(height, taps.yStride()), box.height());
    }

    int tiles() {
        return Math.multiplyExact(Math.multiplyExact(tilesX(), tilesY()), Math.ceilDiv(x.size(0), box.samples()));
    }

    int rowBlocks() {
        return Math.ceilDiv(weight.rows(), tile.rows());
    }

    private int patchHeight() {
        return taps.patchHeight(box.height());
    }

    private int patchWidth() {
        return taps.patchWidth(box.width());
    }

    private int patchRows() {
        return patchHeight() * patchWidth() * box.samples();
    }

    /** Pieces of the next patch that each tap loads: a power of two, so that few kernels need compiling. */
    int pieces() {
        int pieces = Math.ceilDiv(Math.ceilDiv(patchRows(), tile.threads() / SLOTS), taps.fewestTaps());
        return Integer.highestOneBit(2 * pieces - 1);
    }

    /** Bytes of a block's shared memory. */
    long shared() {
        return (long) STAGES * tile.rows() * ROW_BYTES + patchRows() * (2L * ROW_BYTES + 2 * Integer.BYTES)
                + (long) chunks() * Packing.chunk(precision) * box.samples() * Float.BYTES;
    }

    /** Elements of one split's result. */
    long elements() {
        return (long) x.size(0) * weight.rows() * height * width;
    }

    /**
     * Writes the struct ConvParams from x_plane on.
     *
     * @param pairs whether two neighbours in a row of the result may be stored at once
     */
    Params into(Params params, boolean pairs) {
        int[] shifts = new int[taps.taps()];
        for (int t = 0; t < shifts.length; t++) {
            shifts[t] = ((taps.y()[t] - taps.minY()) * patchWidth() + taps.x()[t] - taps.minX()) * ROW_BYTES;
        }
        return params.integer64((long) x.size(2) * x.size(3)).integer(x.size(0)).integer(x.size(1))
                .integer(x.size(2)).integer(x.size(3)).integer(weight.rows()).integer(height).integer(width)
                .integer(box.logWidth()).integer(box.logHeight()).integer(box.logSamples())
                .integer(tilesX()).integer(tilesY()).integer(taps.stride())
                .integer(patchWidth()).integer(patchHeight()).integer(taps.minY()).integer(taps.minX())
                .integer(chunks()).integer(chunksPerSplit).integer(taps.phases()).integer(taps.yStride())
                .flag(pairs && width % 2 == 0 && taps.yStride() == 1)
                .integer(taps.taps()).integers(taps.first(), MOST_PHASES + 1).integers(shifts, Packing.MOST_TAPS);
    }
}
