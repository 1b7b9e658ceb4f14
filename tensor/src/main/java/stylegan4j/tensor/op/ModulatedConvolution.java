package stylegan4j.tensor.op;

import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.FusedConv.Resample;
import stylegan4j.tensor.Node;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.FusedConvolution.Operation;

/**
 * StyleGAN2's modulated convolution (arXiv 1912.04958, section 2.2; stylegan2-ada-pytorch,
 * {@code training/networks.py}: modulated_conv2d): styles scale the input channels, and each output channel is divided
 * by the norm of its scaled weights.
 */
public final class ModulatedConvolution {
    private static final double EPSILON = 1e-8;

    private ModulatedConvolution() {
    }

    /**
     * {@code act(demodulate · conv(styles · x, weight) + noise·strength + bias)}.
     *
     * @param x [N, C, H, W]
     * @param weight [O, C, k, k], k odd
     * @param styles [N, C]
     * @param demodulate whether to normalise the weights (toRGB layers do not)
     * @param resample, fir as in {@link FusedConvolution#conv2d}
     * @param noise [1 or N, 1, oh, ow], or null
     * @param noiseStrength one element; null exactly when noise is null
     * @param bias [O], or null
     * @return [N, O, oh, ow]
     */
    public static Tensor modulatedConv2d(Tensor x, Tensor weight, Tensor styles, boolean demodulate,
                                         Resample resample, Fir fir, Tensor noise, Tensor noiseStrength,
                                         Tensor bias, BiasAct act) {
        Tensor out = demodulate ? demodulation(energy(weight), styles) : null;
        return FusedConvolution.conv2d(x, weight, resample, fir,
                new Operation(styles, out, noise, noiseStrength, bias), act);
    }

    /** {@code Σ_k weight²}: weight [O, C, k, k] → [O, C]; what demodulation needs of the weight. */
    public static Tensor energy(Tensor weight) {
        return Reductions.sumOfSquares(weight, false, 2, 3);
    }

    /**
     * {@code 1/√(Σ_{c,k} (weight·styles)² + 1e-8)}.
     *
     * @param energy [O, C] of the weight
     * @param styles [N, C]
     * @return [N, O]
     * @throws IllegalArgumentException if the channels differ
     */
    public static Tensor demodulation(Tensor energy, Tensor styles) {
        if (energy.rank() != 2 || styles.rank() != 2 || energy.size(1) != styles.size(1)) {
            throw new IllegalArgumentException("demodulation: expected energy [O, C] and styles [N, C], got "
                    + Operands.shapes(energy, styles));
        }
        Tensor y = Tensor.allocate(styles.size(0), energy.size(0));
        y.backend().demodulation(Operands.dense("demodulation", energy).array(),
                Operands.dense("demodulation", styles).array(), (float) EPSILON, y.array());
        return Node.record("demodulation", y, energy, styles).saves(energy, styles).savesOutput()
                .gradient((dy, node) -> {
                    Tensor d = node.output();
                    Tensor cubed = dy.mul(d.square().mul(d));
                    return new Tensor[] {
                        node.needs(0) ? MatMul.matmul(cubed.t(), styles.square()).mul(-0.5) : null,
                        node.needs(1) ? styles.mul(MatMul.matmul(cubed, energy)).neg() : null};
                });
    }
}
