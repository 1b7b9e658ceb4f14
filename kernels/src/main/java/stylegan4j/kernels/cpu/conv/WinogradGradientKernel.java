package stylegan4j.kernels.cpu.conv;

import stylegan4j.kernels.cpu.Simd;

/**
 * The transforms of the adjoint of {@link WinogradKernel#CONVOLUTION} in the weight, in one direction: with
 * {@code y = Aᵀ [(G w) ⊙ (Bᵀ x)]}, {@code dw = Gᵀ [(A dy) ⊙ (Bᵀ x)]}. Each works on n vectors side by side: element r of
 * vector l is at {@code in[at + r·stride + l]}.
 */
interface WinogradGradientKernel {
    /** The vector kernel where vectors are enabled, plain loops elsewhere. */
    WinogradGradientKernel BEST = Simd.enabled() ? new VectorWinogradGradientKernel()
            : new ScalarWinogradGradientKernel();

    /**
     * Bᵀ: six inputs → six points.
     *
     * @param n a multiple of the vector length, here and below
     */
    void inputs(float[] in, int at, int stride, float[] out, int to, int outStride, int n);

    /** A: four gradients of outputs → six points. */
    void gradients(float[] in, int at, int stride, float[] out, int to, int outStride, int n);

    /** Gᵀ: six points → three gradients of weights. */
    void weights(float[] in, int at, int stride, float[] out, int to, int outStride, int n);
}
