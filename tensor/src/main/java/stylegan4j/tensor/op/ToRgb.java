package stylegan4j.tensor.op;

import java.util.Arrays;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.FusedConv.Resample;
import stylegan4j.kernels.NdArray;
import stylegan4j.tensor.Node;
import stylegan4j.tensor.Recomputation;
import stylegan4j.tensor.Tensor;
import stylegan4j.tensor.op.FusedConvolution.Operation;

/**
 * StyleGAN2's way from features to a picture (stylegan2-ada-pytorch, {@code training/networks.py}: ToRGBLayer and what
 * SynthesisBlock does with its result): a 1×1 modulated convolution without demodulation, added to the picture so far,
 * which has half the size. On devices that have it, one pass; the gradient computes the convolution, which is cheap,
 * once more.
 */
public final class ToRgb {
    private ToRgb() {
    }

    /**
     * {@code act(conv(styles · x, weight) + bias) + upsampled(skip)}.
     *
     * @param x [N, C, H, W]
     * @param weight [O, C, 1, 1]
     * @param styles [N, C]
     * @param bias [O]
     * @param act linear, perhaps with a clamp
     * @param skip [N, O, H/2, W/2], or null
     * @param fir low-pass filter of the up-sampling, null exactly when skip is
     * @return [N, O, H, W]
     * @throws IllegalArgumentException if shapes do not fit together
     */
    public static Tensor toRgb(Tensor x, Tensor weight, Tensor styles, Tensor bias, BiasAct act, Tensor skip,
                               Fir fir) {
        int[] shape = {x.size(0), weight.size(0), x.size(2), x.size(3)};
        int[] half = {shape[0], shape[1], shape[2] / 2, shape[3] / 2};
        if (skip != null && !Arrays.equals(skip.shape(), half)) {
            throw new IllegalArgumentException("toRgb: skip must be " + Arrays.toString(half) + ", got "
                    + skip.describe() + " (x=" + x.describe() + ")");
        }
        if (!FusedConvolution.isFused() || !x.backend().fusesToRgb() || weight.size(2) != 1) {
            Tensor y = picture(x, weight, styles, bias, act);
            return skip == null ? y : Upfirdn2d.upsample2d(skip, fir, 2).add(y);
        }
        Tensor y = Tensor.allocate(shape);
        Tensor in = Views.contiguous(x);
        NdArray wide = skip == null ? null : Operands.dense("toRgb", skip).array();
        y.backend().toRgb(in.array(), Operands.dense("toRgb", weight).array(), new stylegan4j.kernels.ToRgb(
                Operands.dense("toRgb", styles).array(), Operands.dense("toRgb", bias).array(), act.clamp(), wide,
                fir), y.array());
        Tensor[] inputs = {in, weight, styles, bias};
        return Node.record("toRgb", y, in, weight, styles, bias, skip).saves(inputs).gradient((dy, node) -> {
            boolean convolution = node.needs(0) || node.needs(1) || node.needs(2) || node.needs(3);
            Tensor[] gradients = convolution ? Arrays.copyOf(Recomputation.gradients(node, inputs,
                    t -> picture(t[0], t[1], t[2], t[3], act), dy), inputs.length + 1) : new Tensor[inputs.length + 1];
            if (node.needs(inputs.length)) {
                gradients[inputs.length] = Upfirdn2d.adjoint(dy, fir.scaled(4),
                        stylegan4j.kernels.ToRgb.upsampling(fir), half[2], half[3]);
            }
            return gradients;
        });
    }

    private static Tensor picture(Tensor x, Tensor weight, Tensor styles, Tensor bias, BiasAct act) {
        return FusedConvolution.conv2d(x, weight, Resample.NONE, null,
                new Operation(styles, null, null, null, bias), act);
    }
}
