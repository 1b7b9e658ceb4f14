package stylegan4j.kernels;

/**
 * Geometry of {@code upfirdn2d} (stylegan2-ada-pytorch, {@code torch_utils/ops/upfirdn2d.py}): insert zeros, pad (or
 * crop, where negative), filter, keep every {@code down}-th sample. The filter is convolved (flipped), unless
 * {@code correlate}.
 */
public record Upfirdn(int upY, int upX, int downY, int downX, int padY0, int padY1, int padX0, int padX1,
                      boolean correlate) {
    /** Output rows for {@code height} input rows and a filter of {@code taps} rows. */
    public int outHeight(int height, int taps) {
        return Math.floorDiv(height * upY + padY0 + padY1 - taps, downY) + 1;
    }

    /** Output columns for {@code width} input columns and a filter of {@code taps} columns. */
    public int outWidth(int width, int taps) {
        return Math.floorDiv(width * upX + padX0 + padX1 - taps, downX) + 1;
    }
}
