package stylegan4j.nn.image;

/** The Exif tag Orientation (0x0112): where the first stored row and column belong in the upright picture. */
final class Orientation {
    private Orientation() {
    }

    /**
     * @param orientation 1 (as stored) to 8; any other value counts as 1
     * @return the upright picture; height and width trade places for 5..8
     */
    static Image upright(Image stored, int orientation) {
        if (orientation < 2 || orientation > 8) {
            return stored;
        }
        boolean transposed = orientation >= 5;
        boolean rowsReversed = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        boolean columnsReversed = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        int rows = stored.height();
        int columns = stored.width();
        var out = transposed ? Image.black(stored.channels(), columns, rows)
                : Image.black(stored.channels(), rows, columns);
        int i = 0;
        for (int c = 0; c < out.channels(); c++) {
            for (int y = 0; y < out.height(); y++) {
                for (int x = 0; x < out.width(); x++) {
                    int row = transposed ? x : y;
                    int column = transposed ? y : x;
                    row = rowsReversed ? rows - 1 - row : row;
                    column = columnsReversed ? columns - 1 - column : column;
                    out.data()[i++] = stored.data()[(c * rows + row) * columns + column];
                }
            }
        }
        return out;
    }
}
