package stylegan4j.kernels;

import java.util.Arrays;

/**
 * A constant FIR filter on the host, [height, width] taps row by row.
 *
 * @param taps height·width values; not to be modified
 */
public record Fir(int height, int width, float[] taps) {
    public Fir {
        if (height < 1 || width < 1 || taps.length != height * width) {
            throw new IllegalArgumentException("fir: expected " + height + "x" + width + " taps, got " + taps.length);
        }
    }

    /** The single tap 1: resampling without filtering. */
    public static Fir identity() {
        return new Fir(1, 1, new float[] {1});
    }

    /** The outer product of {@code taps} with itself, normalised to sum 1. */
    public static Fir separable(float... taps) {
        double sum = 0;
        for (float t : taps) {
            sum += t;
        }
        int n = taps.length;
        float[] outer = new float[n * n];
        for (int y = 0; y < n; y++) {
            for (int x = 0; x < n; x++) {
                outer[y * n + x] = (float) (taps[y] * (double) taps[x] / (sum * sum));
            }
        }
        return new Fir(n, n, outer);
    }

    /** Every tap multiplied by {@code gain}. */
    public Fir scaled(float gain) {
        float[] scaled = taps.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= gain;
        }
        return new Fir(height, width, scaled);
    }

    /** Reversed in both directions: turns convolution into correlation. */
    public Fir flipped() {
        float[] flipped = new float[taps.length];
        for (int i = 0; i < taps.length; i++) {
            flipped[i] = taps[taps.length - 1 - i];
        }
        return new Fir(height, width, flipped);
    }

    /**
     * Column and row filters whose outer product is this filter, {@code {column[height], row[width]}}, or null when
     * the filter has rank above one (to float accuracy).
     */
    public float[][] factors() {
        int pivot = 0;
        for (int i = 1; i < taps.length; i++) {
            if (Math.abs(taps[i]) > Math.abs(taps[pivot])) {
                pivot = i;
            }
        }
        float peak = taps[pivot];
        int py = pivot / width;
        int px = pivot % width;
        float[] column = new float[height];
        float[] row = Arrays.copyOfRange(taps, py * width, (py + 1) * width);
        for (int y = 0; y < height; y++) {
            column[y] = peak == 0 ? 0 : taps[y * width + px] / peak;
        }
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                if (Math.abs(column[y] * row[x] - taps[y * width + x]) > 4e-7f * Math.abs(peak)) {
                    return null;
                }
            }
        }
        return new float[][] {column, row};
    }
}
