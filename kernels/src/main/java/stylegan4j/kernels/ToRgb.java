package stylegan4j.kernels;

/**
 * StyleGAN2's way from features to a picture (arXiv 1912.04958, figure 7b): a 1×1 convolution without demodulation,
 * and the picture so far, of half the size, up-sampled and added.
 *
 * @param styles [N, C] factors of the input channels
 * @param bias [O], or null
 * @param clamp bound on the convolution's absolute result, negative for none; the sum with the picture is not bounded
 * @param skip [N, O, H/2, W/2], or null
 * @param fir low-pass filter of sum 1; null exactly when skip is null
 */
public record ToRgb(NdArray styles, NdArray bias, float clamp, NdArray skip, Fir fir) {
    /** What turns the skip into a picture of twice the size; goes with {@code fir} scaled by 4. */
    public static Upfirdn upsampling(Fir fir) {
        return new Upfirdn(2, 2, 1, 1, (fir.height() + 1) / 2, Math.floorDiv(fir.height() - 2, 2),
                (fir.width() + 1) / 2, Math.floorDiv(fir.width() - 2, 2), false);
    }
}
