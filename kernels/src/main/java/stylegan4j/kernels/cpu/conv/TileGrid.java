package stylegan4j.kernels.cpu.conv;

/**
 * How output tiles fill vector lanes. A panel holds {@code lanes} tiles: pieces of {@code segment} neighbours from as
 * many rows of tiles as fit, so that small pictures fill vectors as well. Rows of tiles are counted through all
 * samples.
 *
 * @param tilesY rows of tiles of one sample
 * @param rows rows of tiles of all samples
 * @param segment neighbouring tiles in a panel; a power of two
 * @param segments segments in a row of tiles
 */
record TileGrid(int tilesY, int rows, int lanes, int segment, int segments) {
    /** @param lanes a power of two */
    static TileGrid of(int samples, int height, int width, int tile, int lanes) {
        int tilesY = Math.ceilDiv(height, tile);
        int tilesX = Math.ceilDiv(width, tile);
        int segment = Math.min(lanes, Integer.highestOneBit(2 * tilesX - 1));
        return new TileGrid(tilesY, samples * tilesY, lanes, segment, Math.ceilDiv(tilesX, segment));
    }

    /** Panels in all. */
    int panels() {
        return Math.ceilDiv(rows, rowsPerPanel()) * segments;
    }

    int rowsPerPanel() {
        return lanes / segment;
    }

    /** Row of tiles, counted through all samples, of a panel's piece; may lie beyond {@link #rows}. */
    int row(int panel, int piece) {
        return panel / segments * rowsPerPanel() + piece;
    }

    /** First column of tiles of a panel. */
    int column(int panel) {
        return panel % segments * segment;
    }
}
