package stylegan4j.kernels.cpu.winograd;

import stylegan4j.kernels.cpu.Simd;

/**
 * The transforms of the adjoint of one of {@link WinogradKernel}'s algorithms in the weight, in one direction: with
 * {@code y = Aᵀ [(G w) ⊙ (Bᵀ x)]}, {@code dw = Gᵀ [(A dy) ⊙ (Bᵀ x)]}. Each works on n vectors side by side: element r
 * of vector l is at {@code in[at + r·stride + l]}.
 */
public interface WinogradGradientKernel {
    /** The adjoint of {@link WinogradKernel#CONVOLUTION}. */
    WinogradGradientKernel CONVOLUTION = Simd.enabled() ? new VectorWinogradGradientKernel()
            : new ScalarWinogradGradientKernel();
    /** The adjoint of {@link WinogradKernel#STRIDED}. */
    WinogradGradientKernel STRIDED = Simd.enabled() ? new VectorStridedGradientKernel()
            : new ScalarStridedGradientKernel();

    /** The algorithm whose adjoint it is. */
    WinogradKernel algorithm();

    /**
     * Bᵀ: inputs under a tile → points.
     *
     * @param n a multiple of the vector length, here and below
     */
    void inputs(float[] in, int at, int stride, float[] out, int to, int outStride, int n);

    /** A: four gradients of outputs → points. */
    void gradients(float[] in, int at, int stride, float[] out, int to, int outStride, int n);

    /** Gᵀ: the kernel's six points → three gradients of weights. */
    void weights(float[] in, int at, int stride, float[] out, int to, int outStride, int n);
}
