package stylegan4j.bench.gpu;

import java.util.List;

/**
 * How large the work is.
 *
 * @param planes of the pictures that memory-bound kernels work on
 * @param planeSize their rows and columns
 * @param product rows and columns of the factors of the matrix product
 * @param resolutions of the networks, ascending
 * @param channelBase channels times resolution, before the cap at 512
 * @param batches of synthesis
 * @param layerBatch second batch size of the single layers, beside 1
 * @param leastSeconds that a timed run lasts
 * @param runs of which the median counts
 */
record Sizes(int planes, int planeSize, int product, List<Integer> resolutions, int channelBase, List<Integer> batches,
             int layerBatch, double leastSeconds, int runs) {
    /** For a GPU of the data centre. */
    static final Sizes FULL = new Sizes(256, 1024, 8192, List.of(256, 512, 1024), 32768, List.of(1, 8, 32), 8, 0.2, 5);

    /** To see that everything runs. */
    static final Sizes TINY = new Sizes(3, 16, 16, List.of(8), 64, List.of(1, 2), 2, 0, 1);
}
