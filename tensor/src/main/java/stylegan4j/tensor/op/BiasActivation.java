package stylegan4j.tensor.op;

import java.util.Arrays;
import java.util.List;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Node;
import stylegan4j.tensor.Shapes;
import stylegan4j.tensor.Tensor;

/**
 * {@code clamp(gain · activation(x + b))} and its first and second derivatives in one pass each (stylegan2-ada-pytorch,
 * {@code torch_utils/ops/bias_act.py}); {@link #composite} is the same made of plain operations, and serves the third
 * derivative.
 */
public final class BiasActivation {
    private static final double SELU_SCALE = 1.0507009873554805;
    private static final double SELU_ALPHA = 1.6732632423543772;

    private BiasActivation() {
    }

    /**
     * @param x any shape with the channels in dimension {@code spec.channelDim()}
     * @param bias [channels], or null
     */
    public static Tensor biasAct(Tensor x, Tensor bias, BiasAct spec) {
        if (bias != null) {
            int axis = Shapes.axis("biasAct", spec.channelDim(), x.rank());
            if (bias.rank() != 1 || bias.size(0) != x.size(axis)) {
                throw new IllegalArgumentException("biasAct: bias must be [" + x.size(axis) + "], got "
                        + bias.describe() + " (x=" + Shapes.format(x.shape()) + ")");
            }
        }
        Tensor in = Operands.dense("biasAct", x);
        Tensor y = Tensor.allocate(x.shape());
        y.backend().biasAct(in.array(), array(bias), spec, y.array());
        boolean fromOutput = slopeIsInOutput(spec);
        Node.Recording recording = Node.record("biasAct", y, x, bias);
        if (fromOutput) {
            recording.savesOutput();
        } else {
            recording.saves(in, bias);
        }
        return recording.gradient((dy, node) -> {
            Tensor dx = fromOutput ? piecewiseGradient(dy, node.output().detach(), spec)
                    : firstDerivative(dy, in, bias, spec);
            return new Tensor[] {dx, node.needs(1) ? sumToChannels(dx, spec.channelDim()) : null};
        });
    }

    /** The same made of plain operations. */
    public static Tensor composite(Tensor x, Tensor bias, BiasAct spec) {
        Tensor v = x;
        if (bias != null) {
            int[] shape = new int[x.rank()];
            Arrays.fill(shape, 1);
            shape[spec.channelDim()] = bias.size(0);
            v = v.add(bias.reshape(shape));
        }
        Tensor y = activate(v, spec).mul(spec.gain());
        return spec.clamps() ? y.clamp(-spec.clamp(), spec.clamp()) : y;
    }

    private static Tensor activate(Tensor v, BiasAct spec) {
        return switch (spec.activation()) {
            case LINEAR -> v;
            case RELU -> v.relu();
            case LRELU -> v.leakyRelu(spec.alpha());
            case TANH -> v.tanh();
            case SIGMOID -> v.sigmoid();
            case ELU -> elu(v);
            case SELU -> Arithmetic.where(v.greater(0), v, elu(v).mul(SELU_ALPHA)).mul(SELU_SCALE);
            case SOFTPLUS -> v.softplus();
            case SWISH -> v.mul(v.sigmoid());
        };
    }

    private static Tensor elu(Tensor v) {
        return Arithmetic.where(v.greater(0), v, v.clamp(Float.NEGATIVE_INFINITY, 0).exp().sub(1));
    }

    static boolean isPiecewiseLinear(BiasAct spec) {
        return switch (spec.activation()) {
            case LINEAR, RELU, LRELU -> true;
            default -> false;
        };
    }

    /** With a clamp, the output does not tell a value at the bound from one beyond it. */
    private static boolean slopeIsInOutput(BiasAct spec) {
        return isPiecewiseLinear(spec) && !spec.clamps();
    }

    /** dy times the slope that the output y shows; the slope itself is constant almost everywhere. */
    static Tensor piecewiseGradient(Tensor dy, Tensor y, BiasAct spec) {
        return piecewiseGradient(dy, y, spec, DType.F32);
    }

    /** @param type how the result is stored: F32 unless the device writes half types */
    static Tensor piecewiseGradient(Tensor dy, Tensor y, BiasAct spec, DType type) {
        if (spec.activation() == Activation.LINEAR && !spec.clamps()) {
            return (spec.gain() == 1 ? dy : dy.mul(spec.gain())).to(type);
        }
        Tensor dx = Tensor.allocate(type, dy.shape());
        dx.backend().biasActGradient(1, Views.contiguous(Operands.readable("biasAct", dy)).array(), null,
                Operands.readable("biasAct", y).array(), null, true, spec, dx.array());
        return Node.record("biasActGradient", dx, dy).saves(y)
                .gradient((g, node) -> new Tensor[] {piecewiseGradient(g, y, spec)});
    }

    private static Tensor firstDerivative(Tensor dy, Tensor x, Tensor bias, BiasAct spec) {
        Tensor dx = Tensor.allocate(dy.shape());
        dx.backend().biasActGradient(1, Operands.dense("biasAct", dy).array(), null, x.array(), array(bias), false,
                spec, dx.array());
        return Node.record("biasActGradient", dx, dy, x, bias).saves(dy, x, bias).gradient((g, node) -> {
            Tensor ddx = node.needs(1) || node.needs(2) ? secondDerivative(g, dy, x, bias, spec) : null;
            return new Tensor[] {
                    node.needs(0) ? firstDerivative(g, x, bias, spec) : null, ddx,
                    node.needs(2) ? sumToChannels(ddx, spec.channelDim()) : null};
        });
    }

    private static Tensor secondDerivative(Tensor a, Tensor b, Tensor x, Tensor bias, BiasAct spec) {
        if (isPiecewiseLinear(spec)) {
            return Tensor.zeros(x.shape());
        }
        Tensor y = Tensor.allocate(x.shape());
        y.backend().biasActGradient(2, Operands.dense("biasAct", a).array(), Operands.dense("biasAct", b).array(),
                x.array(), array(bias), false, spec, y.array());
        return Node.record("biasActSecondGradient", y, a, b, x, bias).saves(a, b, x, bias).gradient((g, node) -> {
            Tensor d3 = null;
            if (node.needs(2) || node.needs(3)) {
                d3 = g.mul(a).mul(b).mul(thirdDerivative(x, bias, spec));
            }
            return new Tensor[] {
                    node.needs(0) ? secondDerivative(g, b, x, bias, spec) : null,
                    node.needs(1) ? secondDerivative(g, a, x, bias, spec) : null,
                    d3, node.needs(3) ? sumToChannels(d3, spec.channelDim()) : null};
        });
    }

    private static Tensor thirdDerivative(Tensor x, Tensor bias, BiasAct spec) {
        return Autograd.recorded(() -> {
            Tensor v = Views.identity(x.requiresGrad() ? x : x.detach().requiresGrad(true));
            Tensor y = composite(v, bias, spec);
            Tensor d1 = Autograd.grad(y, List.of(v), Tensor.ones(x.shape()), true, true).getFirst();
            Tensor d2 = Autograd.grad(d1, List.of(v), Tensor.ones(x.shape()), true, true).getFirst();
            return Autograd.grad(d2, List.of(v), Tensor.ones(x.shape()), true, true).getFirst();
        });
    }

    static Tensor sumToChannels(Tensor dx, int channelDim) {
        int[] dims = new int[dx.rank() - 1];
        for (int i = 0, n = 0; i < dx.rank(); i++) {
            if (i != channelDim) {
                dims[n++] = i;
            }
        }
        return dims.length == 0 ? dx : dx.sum(dims);
    }

    private static NdArray array(Tensor bias) {
        return bias == null ? null : Operands.dense("biasAct", bias).array();
    }
}
