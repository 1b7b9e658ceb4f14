package stylegan4j.kernels.cpu;

/** Takes over results of a convolution as they are finished, still in cache, on the thread that computed them. */
public interface PixelSink {
    /**
     * {@code count} neighbouring pixels of one output channel are {@code values[at …]}; each pixel comes once.
     *
     * @param pixel row-major index of the first in the [height, width] grid
     */
    void store(int sample, int channel, int pixel, int count, float[] values, int at);
}
