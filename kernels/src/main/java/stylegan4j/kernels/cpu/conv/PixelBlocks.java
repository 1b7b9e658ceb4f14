package stylegan4j.kernels.cpu.conv;

import stylegan4j.kernels.cpu.gemm.Blocks;
import stylegan4j.kernels.cpu.gemm.GemmKernel;

/**
 * The pixels of a batch of [height, width] grids cut into boxes of similar size: several small pictures, some rows of
 * a picture, or a piece of some rows.
 */
final class PixelBlocks {
    /** Rows up to this length are not cut. */
    private static final int WHOLE_ROW = 80;
    private static final int PART_OF_ROW = 64;

    /** Pixels {@code x … x+columns−1} of the rows {@code y … y+rows−1} of some pictures. */
    record Box(int sample, int samples, int y, int rows, int x, int columns) {
        int pixels() {
            return samples * rows * columns;
        }
    }

    private final Blocks samples;
    private final Blocks rows;
    private final Blocks columns;

    /** @param most pixels in a box, roughly */
    PixelBlocks(int samples, int height, int width, int most) {
        this.columns = width <= WHOLE_ROW ? Blocks.even(width, Math.max(1, width), 1)
                : Blocks.even(width, PART_OF_ROW, GemmKernel.BEST.nr());
        this.rows = Blocks.even(height, Math.max(1, most / columns.size()), 1);
        boolean whole = rows.count() <= 1 && columns.count() <= 1;
        this.samples = Blocks.even(samples, whole ? Math.max(1, most / Math.max(1, height * width)) : 1, 1);
    }

    int count() {
        return Math.multiplyExact(samples.count(), rows.count() * columns.count());
    }

    /** Boxes of one sample follow each other row by row. */
    Box box(int block) {
        int column = block % columns.count();
        int row = block / columns.count() % rows.count();
        int sample = block / columns.count() / rows.count();
        return new Box(samples.start(sample), samples.length(sample), rows.start(row), rows.length(row),
                columns.start(column), columns.length(column));
    }
}
