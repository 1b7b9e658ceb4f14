package stylegan4j.nn;

import java.util.Arrays;
import stylegan4j.kernels.Fir;
import stylegan4j.tensor.Tensor;

/**
 * The low-pass filter of a resampling layer: a buffer that checkpoints hold ({@code resample_filter}), and the
 * constant that kernels take, read from it once.
 */
public final class ResampleFilter {
    /** Official code keeps a filter one-dimensional, and runs it as two passes, from this length on. */
    private static final int SEPARABLE_LENGTH = 8;

    private final Tensor taps;
    private Fir fir;
    private int version;

    /** @param taps [n] for the outer product with itself, or [h, w] */
    public ResampleFilter(Tensor taps) {
        this.taps = taps;
    }

    /**
     * The buffer for a list of taps, normalised to sum 1: [n, n], or [n] for eight and more (stylegan2-ada-pytorch,
     * {@code torch_utils/ops/upfirdn2d.py}: setup_filter).
     */
    public static Tensor setup(float... taps) {
        return setup(taps, taps.length >= SEPARABLE_LENGTH);
    }

    /** {@link #setup(float...)} with the form chosen: [n] if separable, else [n, n]. */
    public static Tensor setup(float[] taps, boolean separable) {
        int n = taps.length;
        return separable ? setup2d(taps, n) : setup2d(outer(taps), n, n);
    }

    /** Any taps, row by row, normalised to sum 1. */
    public static Tensor setup2d(float[] taps, int... shape) {
        double sum = 0;
        for (float t : taps) {
            sum += t;
        }
        float[] normalised = new float[taps.length];
        for (int i = 0; i < taps.length; i++) {
            normalised[i] = (float) (taps[i] / sum);
        }
        return Tensor.of(normalised, shape);
    }

    /** The constant that kernels take. */
    public Fir fir() {
        if (fir == null || version != taps.version()) {
            float[] values = taps.toArray();
            fir = switch (taps.rank()) {
                case 1 -> new Fir(values.length, values.length, outer(values));
                case 2 -> new Fir(taps.size(0), taps.size(1), values);
                default -> throw new IllegalArgumentException("resampleFilter: expected taps [n] or [h, w], got "
                        + Arrays.toString(taps.shape()));
            };
            version = taps.version();
        }
        return fir;
    }

    private static float[] outer(float[] taps) {
        int n = taps.length;
        float[] product = new float[n * n];
        for (int y = 0; y < n; y++) {
            for (int x = 0; x < n; x++) {
                product[y * n + x] = taps[y] * taps[x];
            }
        }
        return product;
    }
}
