package stylegan4j.kernels.cuda.conv;

import java.util.List;
import stylegan4j.kernels.Precision;

/**
 * How a block's warps share a tile of a product.
 *
 * @param tilesM fragments of 16 rows of a warp
 * @param tilesN fragments of 8 columns of a warp
 */
record TileShape(int warpsM, int warpsN, int tilesM, int tilesN) {
    private static final TileShape SQUARE = new TileShape(2, 4, 4, 4);
    private static final TileShape NARROW = new TileShape(4, 2, 2, 4);
    private static final TileShape FEW_POSITIONS = new TileShape(4, 1, 2, 2);
    private static final TileShape MEDIUM_CHANNELS = new TileShape(2, 4, 2, 4);
    private static final TileShape FEW_CHANNELS = new TileShape(1, 8, 2, 4);
    private static final TileShape FEWEST_CHANNELS = new TileShape(1, 8, 1, 4);

    /** All there are. */
    static final List<TileShape> ALL = List.of(SQUARE, NARROW, FEW_POSITIONS, MEDIUM_CHANNELS, FEW_CHANNELS,
            FEWEST_CHANNELS);

    /** Blocks that keep a large device busy: with fewer tiles, they are made smaller. */
    private static final int MANY_BLOCKS = 128;
    private static final int MOST_PIECES = 8;
    /** With 8, the halves that are unpacked on the way spilled 4 to 16 bytes on compute capability 8.0. */
    private static final int MOST_HALF_PIECES = 4;

    /** Shapes for a product [rows, columns]: the one that wastes least, then smaller ones for smaller devices. */
    static List<TileShape> candidates(int rows, long columns) {
        TileShape best = best(rows, columns);
        return best == SQUARE ? List.of(SQUARE, NARROW, MEDIUM_CHANNELS, FEW_POSITIONS)
                : List.of(best, MEDIUM_CHANNELS, FEW_POSITIONS);
    }

    /** Pieces of a patch that fit into the registers beside the sums, with two blocks on a multiprocessor; 0: none. */
    int mostPieces(Precision precision) {
        return switch (precision) {
            case F32 -> MOST_PIECES;
            case TF32 -> this == SQUARE ? 0 : MOST_PIECES;
            case F16, BF16 -> this == SQUARE ? 1 : MOST_HALF_PIECES;
        };
    }

    private static TileShape best(int rows, long columns) {
        if (columns <= FEW_POSITIONS.columns()) {
            return FEW_POSITIONS;
        }
        if (rows <= FEWEST_CHANNELS.rows()) {
            return FEWEST_CHANNELS;
        }
        if (rows <= FEW_CHANNELS.rows()) {
            return FEW_CHANNELS;
        }
        if (rows <= MEDIUM_CHANNELS.rows()) {
            return MEDIUM_CHANNELS;
        }
        return SQUARE.blocks(rows, columns) < MANY_BLOCKS ? NARROW : SQUARE;
    }

    private long blocks(int rows, long columns) {
        return Math.ceilDiv(rows, rows()) * Math.ceilDiv(columns, (long) columns());
    }

    int threads() {
        return 32 * warpsM * warpsN;
    }

    int rows() {
        return 16 * tilesM * warpsM;
    }

    int columns() {
        return 8 * tilesN * warpsN;
    }

    int logColumns() {
        return Integer.numberOfTrailingZeros(columns());
    }
}
