package stylegan4j.kernels.cuda.conv;

/**
 * A block's positions: a box of columns, rows and samples, each a power of two.
 *
 * @param logWidth, logHeight, logSamples exponents
 */
record PositionTile(int logWidth, int logHeight, int logSamples) {
    /**
     * A box of 2^{@code log} positions, near square, that reaches little beyond the picture and the samples. It is at
     * least two wide, as the kernel stores pairs.
     */
    static PositionTile of(int log, int width, int height, int samples) {
        int x = 1;
        int y = 0;
        int s = 0;
        for (int i = 1; i < log; i++) {
            boolean wider = 1 << x < width;
            boolean higher = 1 << y < height;
            if (wider && (x <= y || !higher)) {
                x++;
            } else if (higher) {
                y++;
            } else if (1 << s < samples) {
                s++;
            } else {
                x++;
            }
        }
        return new PositionTile(x, y, s);
    }

    int width() {
        return 1 << logWidth;
    }

    int height() {
        return 1 << logHeight;
    }

    int samples() {
        return 1 << logSamples;
    }
}
