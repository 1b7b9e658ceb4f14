package stylegan4j.kernels.cpu.winograd;

/**
 * How output tiles fill vector lanes. A block holds pieces of {@code segment} neighbouring tiles from {@code pieces}
 * rows of tiles, so that small pictures fill vectors as well. Rows of tiles are counted through all samples.
 *
 * @param tilesY rows of tiles of one sample
 * @param rows rows of tiles of all samples
 * @param segment neighbouring tiles in a block
 * @param pieces segments in a block
 * @param segments segments in a row of tiles
 */
record TileGrid(int tilesY, int rows, int segment, int pieces, int segments) {
    /**
     * @param unit lanes of a block are a multiple of this power of two
     * @param most lanes of a block, a multiple of unit
     */
    static TileGrid of(int samples, int height, int width, int tile, int unit, int most) {
        int tilesY = Math.ceilDiv(height, tile);
        int tilesX = Math.ceilDiv(width, tile);
        int segments = Math.ceilDiv(tilesX, most);
        int segment = Math.ceilDiv(tilesX, segments);
        segment = segment < unit ? Integer.highestOneBit(2 * segment - 1) : Math.ceilDiv(segment, unit) * unit;
        int rows = samples * tilesY;
        int step = Math.max(1, unit / segment);
        int pieces = Math.max(1, Math.min(most / segment, Math.ceilDiv(rows, step) * step) / step) * step;
        return new TileGrid(tilesY, rows, segment, pieces, segments);
    }

    /** Blocks in all. */
    int blocks() {
        return Math.ceilDiv(rows, pieces) * segments;
    }

    /** Lanes of a block. */
    int lanes() {
        return segment * pieces;
    }

    /** Lanes of all blocks, those beyond the picture included. */
    long allLanes() {
        return (long) blocks() * lanes();
    }

    /** Row of tiles, counted through all samples, of a block's piece; may lie beyond {@link #rows}. */
    int row(int block, int piece) {
        return block / segments * pieces + piece;
    }

    /** First column of tiles of a block. */
    int column(int block) {
        return block % segments * segment;
    }
}
