package stylegan4j.tensor.op;

import java.util.Arrays;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.ConvGeometry;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.Epilogue;
import stylegan4j.kernels.Fir;
import stylegan4j.kernels.FusedConv;
import stylegan4j.kernels.FusedConv.Resample;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Upfirdn;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Node;
import stylegan4j.tensor.Recomputation;
import stylegan4j.tensor.Shapes;
import stylegan4j.tensor.Tensor;

/**
 * A convolution with what StyleGAN2 puts around it, in one pass: channel scales, FIR resampling by two, noise, bias,
 * activation, gain, clamp. {@link #composite} is the same made of plain operations: the reference, and the route of
 * second derivatives.
 */
public final class FusedConvolution {
    private static volatile boolean fused = !"off".equals(System.getProperty("stylegan4j.fused"));

    private FusedConvolution() {
    }

    /** Chooses between the fused kernel (default) and the composite, for every later call. */
    public static void useFused(boolean wanted) {
        fused = wanted;
    }

    static boolean isFused() {
        return fused;
    }

    /**
     * What goes into the convolution besides x and weight; each may be null.
     *
     * @param in [N, C] factors of the input channels (styles)
     * @param out [N, O] factors of the output channels (demodulation)
     * @param noise [1 or N, 1, oh, ow]
     * @param noiseStrength one element; null exactly when noise is null
     * @param bias [O]
     */
    public record Operation(Tensor in, Tensor out, Tensor noise, Tensor noiseStrength, Tensor bias) {
        /** Nothing but the convolution. */
        public static final Operation PLAIN = new Operation(null, null, null, null, null);
    }

    /**
     * {@code act(out · resample(conv(in · x, weight)) + noise·strength + bias)}.
     *
     * @param x [N, C, H, W]
     * @param weight [O, C, k, k] with odd k; up-sampling takes k = 3
     * @param resample NONE keeps the size, UP doubles it, DOWN halves it
     * @param fir low-pass filter of the resampling (sum 1; the gain of up-sampling is added here), null for NONE
     * @return [N, O, oh, ow]
     * @throws IllegalArgumentException if shapes do not fit together
     */
    public static Tensor conv2d(Tensor x, Tensor weight, Resample resample, Fir fir, Operation with, BiasAct act) {
        return conv2d(x, weight, resample, fir, with, act, DType.F32);
    }

    /**
     * {@link #conv2d(Tensor, Tensor, Resample, Fir, Operation, BiasAct)} with features kept as a half type, where the
     * device can: x is read as it is, and y is stored as {@code storage}. First derivatives travel between their steps
     * as these types too; sums, the gradients of all but x, and higher derivatives are F32. A device that cannot gives
     * F32.
     */
    public static Tensor conv2d(Tensor x, Tensor weight, Resample resample, Fir fir, Operation with, BiasAct act,
                                DType storage) {
        check(x, weight, resample, fir, with);
        boolean half = x.backend().convolvesHalf();
        if (!fused || !hasKernel(weight, resample)) {
            Tensor y = composite(x, weight, resample, fir, with, act);
            return half ? y.to(storage) : y;
        }
        int[] shape = outShape(x, weight, resample);
        Tensor y = Tensor.allocate(half ? storage : DType.F32, shape);
        Tensor in = half ? Views.contiguous(x) : Operands.dense("conv2d", x);
        Epilogue epilogue = new Epilogue(array(with.noise), array(with.noiseStrength), array(with.bias), act);
        y.backend().fusedConv2d(in.array(), Operands.dense("conv2d", weight).array(), new FusedConv(resample,
                resample == Resample.UP ? fir.scaled(4) : fir, Convolution.scales(with.in, with.out), epilogue),
                y.array());
        Tensor[] inputs = {in, weight, with.in, with.out, with.noise, with.noiseStrength, with.bias};
        return Node.record("fusedConv2d", y, inputs).saves(inputs).savesOutput().gradient((dy, node) -> {
            if (Autograd.enabled() || !FusedConvolutionGradient.covers(act)) {
                return Recomputation.gradients(node, inputs, t -> composite(t[0], t[1], resample, fir,
                        new Operation(t[2], t[3], t[4], t[5], t[6]), act), dy);
            }
            return new FusedConvolutionGradient(node, in, weight, resample, fir, with, act, half).apply(dy);
        });
    }

    /** The same made of plain operations. */
    public static Tensor composite(Tensor x, Tensor weight, Resample resample, Fir fir, Operation with, BiasAct act) {
        Tensor v = switch (resample) {
            case NONE -> Convolution.conv2d(x, weight, with.in, with.out, ConvGeometry.of(1, weight.size(2) / 2));
            case UP -> upsampled(x, weight, fir, with);
            case DOWN -> downsampled(x, weight, fir, with);
        };
        if (with.noise != null) {
            v = v.add(with.noise.mul(with.noiseStrength));
        }
        return BiasActivation.biasAct(v, with.bias, act);
    }

    private static Tensor upsampled(Tensor x, Tensor weight, Fir fir, Operation with) {
        int k = weight.size(2);
        if (k == 1) {
            Tensor mixed = Convolution.conv2d(x, weight, with.in, with.out, ConvGeometry.of(1, 0));
            return Upfirdn2d.upsample2d(mixed, fir, 2);
        }
        ConvGeometry geometry = ConvGeometry.of(2, 0);
        Tensor wide = Convolution.inputGradient(x, weight.transpose(0, 1), with.out, with.in, geometry,
                2 * (x.size(2) - 1) + k, 2 * (x.size(3) - 1) + k);
        return Upfirdn2d.upfirdn2d(wide, fir.scaled(4), upGeometry(fir, k));
    }

    private static Tensor downsampled(Tensor x, Tensor weight, Fir fir, Operation with) {
        int k = weight.size(2);
        if (k == 1) {
            Tensor small = Upfirdn2d.downsample2d(x, fir, 2);
            return Convolution.conv2d(small, weight, with.in, with.out, ConvGeometry.of(1, 0));
        }
        Tensor filtered = Upfirdn2d.upfirdn2d(x, fir, downGeometry(fir, k));
        return Convolution.conv2d(filtered, weight, with.in, with.out, ConvGeometry.of(2, 0));
    }

    /** Padding after a transposed convolution by 2 that makes the picture exactly twice as large. */
    static Upfirdn upGeometry(Fir fir, int k) {
        int before = k / 2 - (k - 1);
        int after = k / 2 - (k - 2);
        return new Upfirdn(1, 1, 1, 1,
                before + (fir.height() + 1) / 2, after + Math.floorDiv(fir.height() - 2, 2),
                before + (fir.width() + 1) / 2, after + Math.floorDiv(fir.width() - 2, 2), false);
    }

    /** Padding before a convolution by 2 that makes the picture exactly half as large. */
    static Upfirdn downGeometry(Fir fir, int k) {
        return new Upfirdn(1, 1, 1, 1,
                k / 2 + (fir.height() - 1) / 2, k / 2 + Math.floorDiv(fir.height() - 2, 2),
                k / 2 + (fir.width() - 1) / 2, k / 2 + Math.floorDiv(fir.width() - 2, 2), false);
    }

    static int[] outShape(Tensor x, Tensor weight, Resample resample) {
        int h = x.size(2);
        int w = x.size(3);
        return switch (resample) {
            case NONE -> new int[] {x.size(0), weight.size(0), h, w};
            case UP -> new int[] {x.size(0), weight.size(0), 2 * h, 2 * w};
            case DOWN -> new int[] {x.size(0), weight.size(0), h / 2, w / 2};
        };
    }

    private static boolean hasKernel(Tensor weight, Resample resample) {
        int k = weight.size(2);
        return k == 3 || k == 1 && resample == Resample.NONE;
    }

    private static void check(Tensor x, Tensor weight, Resample resample, Fir fir, Operation with) {
        Operands.rank("conv2d", "x", x, 4);
        Operands.rank("conv2d", "weight", weight, 4);
        if (x.size(1) != weight.size(1)) {
            throw new IllegalArgumentException("conv2d: input channels " + x.size(1) + ", weight expects "
                    + weight.size(1) + " (x=" + Shapes.format(x.shape()) + ", weight="
                    + Shapes.format(weight.shape()) + ")");
        }
        if (weight.size(2) != weight.size(3) || weight.size(2) % 2 == 0) {
            throw new IllegalArgumentException("conv2d: expected a square kernel of odd size, got weight="
                    + Shapes.format(weight.shape()));
        }
        if ((fir == null) != (resample == Resample.NONE)) {
            throw new IllegalArgumentException("conv2d: a resampling filter goes with resampling, got "
                    + resample + " and " + (fir == null ? "no filter" : "a filter"));
        }
        int[] y = outShape(x, weight, resample);
        expect("input scales", with.in, x.size(0), x.size(1));
        expect("output scales", with.out, x.size(0), weight.size(0));
        expect("bias", with.bias, weight.size(0));
        if ((with.noise == null) != (with.noiseStrength == null)) {
            throw new IllegalArgumentException("conv2d: noise and its strength go together");
        }
        if (with.noise != null) {
            expect("noise", with.noise, with.noise.size(0) == 1 ? 1 : y[0], 1, y[2], y[3]);
            if (with.noiseStrength.numel() != 1) {
                throw new IllegalArgumentException("conv2d: noise strength must have one element, got "
                        + with.noiseStrength.describe());
            }
        }
    }

    private static void expect(String argument, Tensor tensor, int... shape) {
        if (tensor != null && !Arrays.equals(tensor.shape(), shape)) {
            throw new IllegalArgumentException("conv2d: " + argument + " must be " + Shapes.format(shape) + ", got "
                    + tensor.describe());
        }
    }

    private static NdArray array(Tensor x) {
        return x == null ? null : Operands.dense("conv2d", x).array();
    }
}
