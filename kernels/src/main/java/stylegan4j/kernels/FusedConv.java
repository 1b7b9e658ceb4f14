package stylegan4j.kernels;

/**
 * A convolution with everything StyleGAN2 puts around it, in one pass: per-sample channel scales, an optional FIR
 * resampling by two, and the epilogue.
 *
 * <ul>
 * <li>{@code NONE}: correlation with {@code pad} = (k−1)/2.</li>
 * <li>{@code UP} (k = 3): transposed convolution by stride 2 with the weight as it is (official layers:
 *     {@code conv_transpose2d} of the [I, O] transposed weight), then {@code fir} with padding such that y has
 *     exactly twice the size of x.</li>
 * <li>{@code DOWN}: {@code fir} with padding, then convolution by stride 2; y has half the size of x.</li>
 * </ul>
 *
 * @param fir taps with the gain already multiplied in; null exactly when {@code resample} is {@code NONE}
 */
public record FusedConv(Resample resample, Fir fir, ChannelScales scales, Epilogue epilogue) {
    /** Which way the picture's size changes. */
    public enum Resample { NONE, UP, DOWN }
}
