package stylegan4j.stylegan;

import java.util.stream.IntStream;

/** The resolutions of a network's blocks: powers of two from 4 on. */
final class Resolutions {
    static final int LOWEST = 4;
    static final int HIGHEST = 1 << 14;

    private Resolutions() {
    }

    static void check(String network, int imgResolution) {
        if (imgResolution < LOWEST || imgResolution > HIGHEST || Integer.bitCount(imgResolution) != 1) {
            throw new IllegalArgumentException(network + ": img_resolution must be a power of two from " + LOWEST
                    + " to " + HIGHEST + ", got " + imgResolution);
        }
    }

    /** 4, 8, …, imgResolution */
    static IntStream upTo(int imgResolution) {
        return IntStream.iterate(LOWEST, r -> r <= imgResolution, r -> 2 * r);
    }
}
