package stylegan4j.kernels.cuda.sample;

import stylegan4j.kernels.cuda.driver.LaunchSize;

/** Launches with a thread for each pixel, whose blocks walk over planes. */
final class Planes {
    private static final int MOST_BLOCKS = 65535;

    private Planes() {
    }

    /** Pixels along x, planes along y. */
    static LaunchSize size(long pixels, long planes, int threads) {
        return size(pixels, planes, 1, threads);
    }

    /** Pixels along x, planes along y, samples along z. */
    static LaunchSize size(long pixels, long planes, long samples, int threads) {
        return LaunchSize.of(Math.toIntExact(Math.ceilDiv(pixels, threads)), (int) Math.min(planes, MOST_BLOCKS),
                (int) Math.min(samples, MOST_BLOCKS), threads);
    }
}
