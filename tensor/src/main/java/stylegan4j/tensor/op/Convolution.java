package stylegan4j.tensor.op;

import stylegan4j.kernels.ChannelScales;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.tensor.Node;
import stylegan4j.tensor.Shapes;
import stylegan4j.tensor.Tensor;

/**
 * 2-D convolutions, optionally with a factor for each sample and channel on the way in (styles) and out
 * (demodulation). With F = Σ dy·out·conv(in·x, weight), which is linear in each of its five arguments, the convolution,
 * its input gradient and its weight gradient are the derivatives of F in dy, x and weight; so each one's gradients are
 * the others again, to any order.
 */
public final class Convolution {
    private Convolution() {
    }

    /** x [N, C, H, W], weight [O, C/groups, kh, kw] → [N, O, oh, ow]. */
    public static Tensor conv2d(Tensor x, Tensor weight, ConvGeometry geometry) {
        return conv2d(x, weight, null, null, geometry);
    }

    /**
     * {@code out · conv(in · x, weight)}.
     *
     * @param x [N, C, H, W]
     * @param weight [O, C/groups, kh, kw]
     * @param in [N, C], or null for ones
     * @param out [N, O], or null for ones
     * @return [N, O, oh, ow]
     */
    public static Tensor conv2d(Tensor x, Tensor weight, Tensor in, Tensor out, ConvGeometry geometry) {
        Operands.rank("conv2d", "x", x, 4);
        Operands.rank("conv2d", "weight", weight, 4);
        if (x.size(1) != weight.size(1) * geometry.groups() || weight.size(0) % geometry.groups() != 0) {
            throw new IllegalArgumentException("conv2d: input channels " + x.size(1) + ", weight expects "
                    + weight.size(1) * geometry.groups() + " (x=" + Shapes.format(x.shape()) + ", weight="
                    + Shapes.format(weight.shape()) + ", groups=" + geometry.groups() + ")");
        }
        scale("conv2d", "input scales", in, x.size(0), x.size(1));
        scale("conv2d", "output scales", out, x.size(0), weight.size(0));
        int height = geometry.outHeight(x.size(2), weight.size(2));
        int width = geometry.outWidth(x.size(3), weight.size(3));
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("conv2d: kernel " + Shapes.format(weight.shape())
                    + " does not fit into x=" + Shapes.format(x.shape()) + " with " + geometry);
        }
        return forward(x, weight, in, out, geometry);
    }

    /**
     * Transposed convolution: x [N, C, H, W], weight [C, O/groups, kh, kw] → [N, O, oh, ow] with
     * oh = (H − 1)·stride − 2·pad + dilation·(kh − 1) + 1 + outputPadding.
     */
    public static Tensor convTranspose2d(Tensor x, Tensor weight, ConvGeometry geometry, int outputPadding) {
        Operands.rank("convTranspose2d", "x", x, 4);
        Operands.rank("convTranspose2d", "weight", weight, 4);
        if (x.size(1) != weight.size(0)) {
            throw new IllegalArgumentException("convTranspose2d: input channels " + x.size(1) + ", weight expects "
                    + weight.size(0) + " (x=" + Shapes.format(x.shape()) + ")");
        }
        int height = (x.size(2) - 1) * geometry.strideY() - 2 * geometry.padY()
                + geometry.dilationY() * (weight.size(2) - 1) + 1 + outputPadding;
        int width = (x.size(3) - 1) * geometry.strideX() - 2 * geometry.padX()
                + geometry.dilationX() * (weight.size(3) - 1) + 1 + outputPadding;
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("convTranspose2d: empty output for x=" + Shapes.format(x.shape()));
        }
        return inputGradient(x, weight, null, null, geometry, height, width);
    }

    private static void scale(String op, String argument, Tensor scale, int samples, int channels) {
        if (scale != null && (scale.rank() != 2 || scale.size(0) != samples || scale.size(1) != channels)) {
            throw new IllegalArgumentException(op + ": " + argument + " must be [" + samples + ", " + channels
                    + "], got " + scale.describe());
        }
    }

    private static Tensor forward(Tensor x, Tensor weight, Tensor in, Tensor out, ConvGeometry geometry) {
        return forward(x, weight, in, out, geometry, DType.F32);
    }

    /** @param type how x may be stored and the result is: F32 unless the device reads and writes half types */
    static Tensor forward(Tensor x, Tensor weight, Tensor in, Tensor out, ConvGeometry geometry, DType type) {
        Tensor y = Tensor.allocate(type, x.size(0), weight.size(0), geometry.outHeight(x.size(2), weight.size(2)),
                geometry.outWidth(x.size(3), weight.size(3)));
        y.backend().conv2d(picture(x, type), kernels(weight), geometry, scales(in, out), y.array());
        return Node.record("conv2d", y, x, weight, in, out).saves(x, weight, in, out)
                .gradient((dy, node) -> new Tensor[] {
                        node.needs(0) ? inputGradient(dy, weight, in, out, geometry, x.size(2), x.size(3)) : null,
                        node.needs(1) ? weightGradient(x, dy, in, out, geometry, weight) : null,
                        node.needs(2) ? inScaleGradient(x, dy, weight, out, geometry) : null,
                        node.needs(3) ? outScaleGradient(x, dy, weight, in, geometry) : null});
    }

    static Tensor inputGradient(Tensor dy, Tensor weight, Tensor in, Tensor out, ConvGeometry geometry,
                                int height, int width) {
        return inputGradient(dy, weight, in, out, geometry, height, width, DType.F32);
    }

    /** @param type how dy may be stored and the result is: F32 unless the device reads and writes half types */
    static Tensor inputGradient(Tensor dy, Tensor weight, Tensor in, Tensor out, ConvGeometry geometry,
                                int height, int width, DType type) {
        Tensor dx = Tensor.allocate(type, dy.size(0), weight.size(1) * geometry.groups(), height, width);
        dx.backend().conv2dInputGradient(picture(dy, type), dense(weight), geometry, scales(in, out), dx.array());
        return Node.record("conv2dInputGradient", dx, dy, weight, in, out).saves(dy, weight, in, out)
                .gradient((g, node) -> new Tensor[] {
                        node.needs(0) ? forward(g, weight, in, out, geometry) : null,
                        node.needs(1) ? weightGradient(g, dy, in, out, geometry, weight) : null,
                        node.needs(2) ? inScaleGradient(g, dy, weight, out, geometry) : null,
                        node.needs(3) ? outScaleGradient(g, dy, weight, in, geometry) : null});
    }

    /** @param like a tensor of the weight's shape; where the backend can, the result lies in memory as it does */
    static Tensor weightGradient(Tensor x, Tensor dy, Tensor in, Tensor out, ConvGeometry geometry, Tensor like) {
        return weightGradient(x, dy, in, out, geometry, like, DType.F32);
    }

    /** @param type how x and dy may be stored: F32 unless the device reads half types */
    static Tensor weightGradient(Tensor x, Tensor dy, Tensor in, Tensor out, ConvGeometry geometry, Tensor like,
                                 DType type) {
        Tensor dw = isExchanged(like) ? Tensor.allocate(like.transpose(0, 1).shape()).transpose(0, 1)
                : Tensor.allocate(like.shape());
        dw.backend().conv2dWeightGradient(picture(x, type), picture(dy, type), geometry, scales(in, out), dw.array());
        return Node.record("conv2dWeightGradient", dw, x, dy, in, out).saves(x, dy, in, out)
                .gradient((g, node) -> new Tensor[] {
                        node.needs(0) ? inputGradient(dy, g, in, out, geometry, x.size(2), x.size(3)) : null,
                        node.needs(1) ? forward(x, g, in, out, geometry) : null,
                        node.needs(2) ? inScaleGradient(x, dy, g, out, geometry) : null,
                        node.needs(3) ? outScaleGradient(x, dy, g, in, geometry) : null});
    }

    private static Tensor inScaleGradient(Tensor x, Tensor dy, Tensor weight, Tensor out, ConvGeometry geometry) {
        Tensor dx = inputGradient(dy, weight, null, out, geometry, x.size(2), x.size(3));
        return Reductions.sumOfProducts(x, dx, false, 2, 3);
    }

    private static Tensor outScaleGradient(Tensor x, Tensor dy, Tensor weight, Tensor in, ConvGeometry geometry) {
        return Reductions.sumOfProducts(dy, forward(x, weight, in, null, geometry), false, 2, 3);
    }

    /** A weight as the backend takes it. */
    private static NdArray kernels(Tensor weight) {
        return isExchanged(weight) ? weight.array() : dense(weight);
    }

    /** Whether the weight is the transpose of a dense one, and the backend takes it as it is. */
    private static boolean isExchanged(Tensor weight) {
        long[] strides = weight.array().strides();
        int kernel = weight.size(2) * weight.size(3);
        return weight.backend().takesExchangedWeights() && weight.type() == DType.F32
                && strides[3] == 1 && strides[2] == weight.size(3) && strides[0] == kernel
                && strides[1] == (long) weight.size(0) * kernel;
    }

    private static NdArray dense(Tensor x) {
        return Operands.dense("conv2d", x).array();
    }

    /** Half types stay where they are asked for: products of them are products of halves. */
    private static NdArray picture(Tensor x, DType type) {
        return type == DType.F32 ? dense(x) : Views.contiguous(x).array();
    }

    static ChannelScales scales(Tensor in, Tensor out) {
        return in == null && out == null ? ChannelScales.NONE
                : new ChannelScales(in == null ? null : dense(in), out == null ? null : dense(out));
    }
}
