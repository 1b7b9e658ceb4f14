package stylegan4j.tensor.op;

import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.FusedConv.Resample;
import stylegan4j.tensor.Node;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.FusedConvolution.Operation;

/**
 * First derivatives of {@link FusedConvolution} without recomputing the convolution: a leaky ReLU's input can be told
 * from its output, and with it the convolution's own result, which the demodulation's gradient needs.
 */
final class FusedConvolutionGradient {
    private final Node node;
    private final Tensor x;
    private final Tensor weight;
    private final Resample resample;
    private final Fir fir;
    private final Operation with;
    private final BiasAct act;
    private final DType inner;

    /** @param half whether the device reads and writes half types */
    FusedConvolutionGradient(Node node, Tensor x, Tensor weight, Resample resample, Fir fir, Operation with,
                             BiasAct act, boolean half) {
        DType output = node.output().type();
        this.node = node;
        this.x = half ? x : Operands.f32("conv2d", x);
        this.inner = !half ? DType.F32 : output != DType.F32 ? output : x.type();
        this.weight = weight;
        this.resample = resample;
        this.fir = fir;
        this.with = with;
        this.act = act;
    }

    /** Whether the slope is seen in the output, and is constant where it is not zero. */
    static boolean covers(BiasAct act) {
        return act.activation() == Activation.LINEAR || act.activation() == Activation.RELU && act.gain() > 0
                || act.activation() == Activation.LRELU && act.alpha() > 0 && act.gain() != 0;
    }

    /** Gradients of x, weight, input scales, output scales, noise, noise strength and bias, where needed. */
    Tensor[] apply(Tensor dy) {
        Tensor y = node.output().detach();
        Tensor dv = BiasActivation.piecewiseGradient(dy, y, act, inner);
        Tensor[] gradients = new Tensor[7];
        Tensor channelSums = node.needs(3) && with.bias() != null || node.needs(6) ? dv.sum(2, 3) : null;
        Tensor noiseSums = with.noise() != null && (node.needs(3) || node.needs(5))
                ? Reductions.sumOfProducts(dv, with.noise(), false, 2, 3) : null;
        convolution(dv, gradients);
        if (node.needs(3)) {
            gradients[3] = outScales(dy, y, channelSums, noiseSums);
        }
        if (node.needs(4)) {
            gradients[4] = Operands.sumTo(dv.sumKeep(1), with.noise().shape()).mul(with.noiseStrength());
        }
        if (node.needs(5)) {
            gradients[5] = noiseSums.sum().reshape(with.noiseStrength().shape());
        }
        if (node.needs(6)) {
            gradients[6] = channelSums.sum(0);
        }
        return gradients;
    }

    private void convolution(Tensor dv, Tensor[] gradients) {
        if (!node.needs(0) && !node.needs(1) && !node.needs(2)) {
            return;
        }
        int k = weight.size(2);
        Tensor dx = null;
        switch (resample) {
            case NONE -> {
                ConvGeometry geometry = ConvGeometry.of(1, k / 2);
                if (node.needs(0) || node.needs(2)) {
                    dx = Convolution.inputGradient(dv, weight, null, with.out(), geometry, x.size(2), x.size(3),
                            inner);
                }
                if (node.needs(1)) {
                    gradients[1] = Convolution.weightGradient(x, dv, with.in(), with.out(), geometry, weight, inner);
                }
            }
            case UP -> {
                Tensor wide = Upfirdn2d.adjoint(dv, fir.scaled(4), FusedConvolution.upGeometry(fir, k),
                        2 * (x.size(2) - 1) + k, 2 * (x.size(3) - 1) + k, inner);
                ConvGeometry geometry = ConvGeometry.of(2, 0);
                Tensor transposed = weight.transpose(0, 1);
                if (node.needs(0) || node.needs(2)) {
                    dx = Convolution.forward(wide, transposed, with.out(), null, geometry, inner);
                }
                if (node.needs(1)) {
                    gradients[1] = Convolution.weightGradient(wide, x, with.out(), with.in(), geometry,
                            transposed, inner).transpose(0, 1);
                }
            }
            case DOWN -> {
                ConvGeometry geometry = ConvGeometry.of(2, 0);
                Tensor filtered = Upfirdn2d.upfirdn2d(x, fir, FusedConvolution.downGeometry(fir, k), inner);
                if (node.needs(0) || node.needs(2)) {
                    Tensor narrow = Convolution.inputGradient(dv, weight, null, with.out(), geometry,
                            filtered.size(2), filtered.size(3), inner);
                    dx = Upfirdn2d.adjoint(narrow, fir, FusedConvolution.downGeometry(fir, k), x.size(2), x.size(3),
                            inner);
                }
                if (node.needs(1)) {
                    gradients[1] = Convolution.weightGradient(filtered, dv, with.in(), with.out(), geometry, weight,
                            inner);
                }
            }
        }
        if (node.needs(2)) {
            gradients[2] = Reductions.sumOfProducts(dx, x, false, 2, 3);
        }
        if (node.needs(0)) {
            gradients[0] = with.in() == null ? dx
                    : Arithmetic.product(dx, with.in().reshape(x.size(0), x.size(1), 1, 1), x.type());
        }
    }

    /**
     * Σ dv·conv, with out·conv = v − noise·strength − bias. As y = slope·v and dv = slope·dy, dv·v is dy·y, except
     * where the slope is zero (below a ReLU, at the clamp) and so are both gradients.
     */
    private Tensor outScales(Tensor dy, Tensor y, Tensor channelSums, Tensor noiseSums) {
        Tensor passed = BiasActivation.piecewiseGradient(dy, y, BiasAct.of(Activation.LINEAR).withClamp(act.clamp()),
                inner);
        Tensor sums = Reductions.sumOfProducts(passed, y, false, 2, 3);
        if (with.bias() != null) {
            sums = sums.sub(channelSums.mul(with.bias()));
        }
        if (noiseSums != null) {
            sums = sums.sub(noiseSums.mul(with.noiseStrength()));
        }
        return sums.div(with.out());
    }
}
