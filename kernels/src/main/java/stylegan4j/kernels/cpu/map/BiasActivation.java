package stylegan4j.kernels.cpu.map;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.kernels.cpu.Threads;

/** Bias, activation, gain and clamp in one pass, and the derivatives of that. */
public final class BiasActivation {
    private static final MapKernel KERNEL = MapKernel.CHOSEN;

    private BiasActivation() {
    }

    /** {@code y = clamp(gain · f(x + b))}; bias [x.size(channelDim)] or null. */
    public static void forward(Threads threads, NdArray x, NdArray bias, BiasAct spec, NdArray y) {
        Operand in = Operand.of(x);
        Operand biases = alongChannels(bias, x.shape(), spec.channelDim());
        Operand out = Operand.of(y);
        Blocks.parallel(threads, y.numel(), (from, to) -> {
            Operand.Reader reader = in.reader(0);
            Operand.Reader biasReader = biases.reader(1);
            for (long at = from; at < to; at += Blocks.SIZE) {
                int n = (int) Math.min(Blocks.SIZE, to - at);
                KERNEL.activate(spec, reader.read(at, n), biasReader.read(at, n), out.slice(at, n), n);
            }
        });
    }

    /** First or second derivative times its factors, as {@link stylegan4j.kernels.Backend#biasActGradient}. */
    public static void gradient(Threads threads, int order, NdArray a, NdArray b, NdArray reference, NdArray bias,
                                boolean fromOutput, BiasAct spec, NdArray y) {
        if (isPiecewiseLinear(spec)) {
            if (order == 1) {
                slopes(threads, a, reference, fromOutput, bias, spec, y);
            } else {
                Movement.fill(threads, y, 0);
            }
            return;
        }
        Operand firsts = Operand.of(a);
        Operand seconds = b == null ? null : Operand.of(b);
        Operand references = Operand.of(reference);
        Operand biases = alongChannels(fromOutput ? null : bias, y.shape(), spec.channelDim());
        Operand out = Operand.of(y);
        Blocks.parallel(threads, y.numel(), (from, to) -> {
            Operand.Reader firstReader = firsts.reader(0);
            Operand.Reader secondReader = seconds == null ? null : seconds.reader(1);
            Operand.Reader referenceReader = references.reader(2);
            Operand.Reader biasReader = biases.reader(3);
            MemorySegment slope = Blocks.scratch(4);
            for (long at = from; at < to; at += Blocks.SIZE) {
                int n = (int) Math.min(Blocks.SIZE, to - at);
                MemorySegment known = referenceReader.read(at, n);
                MemorySegment f = fromOutput ? outputBeforeGain(spec, known, n)
                        : slopeArguments(spec, known, biasReader.read(at, n), n);
                KERNEL.derivative(order, spec, Blocks.scratch(6), f, slope, n);
                if (secondReader != null) {
                    KERNEL.binary(BinaryOp.MULTIPLY, slope, secondReader.read(at, n), slope, n);
                }
                KERNEL.chain(spec, firstReader.read(at, n), slope, fromOutput ? known : f,
                        fromOutput ? 1 : spec.gain(), out.slice(at, n), n);
            }
        });
    }

    /** Whether the output's sign tells the slope, which is all there is to know. */
    private static boolean isPiecewiseLinear(BiasAct spec) {
        return switch (spec.activation()) {
            case LINEAR, RELU -> true;
            case LRELU -> spec.alpha() >= 0;
            default -> false;
        };
    }

    private static void slopes(Threads threads, NdArray a, NdArray reference, boolean fromOutput, NdArray bias,
                               BiasAct spec, NdArray y) {
        Operand factors = Operand.of(a);
        Operand references = Operand.of(reference);
        Operand biases = alongChannels(fromOutput ? null : bias, y.shape(), spec.channelDim());
        Operand out = Operand.of(y);
        BiasAct unclamped = spec.withClamp(-1);
        float alpha = switch (spec.activation()) {
            case LINEAR -> 1;
            case RELU -> 0;
            default -> spec.alpha();
        };
        float clamp = spec.clamps() ? spec.clamp() : Float.POSITIVE_INFINITY;
        Blocks.parallel(threads, y.numel(), (from, to) -> {
            Operand.Reader factorReader = factors.reader(0);
            Operand.Reader referenceReader = references.reader(1);
            Operand.Reader biasReader = biases.reader(2);
            for (long at = from; at < to; at += Blocks.SIZE) {
                int n = (int) Math.min(Blocks.SIZE, to - at);
                MemorySegment output = referenceReader.read(at, n);
                if (!fromOutput) {
                    KERNEL.activate(unclamped, output, biasReader.read(at, n), Blocks.scratch(3), n);
                    output = Blocks.scratch(3);
                }
                KERNEL.leakyGradient(alpha, spec.gain(), clamp, factorReader.read(at, n), output, out.slice(at, n), n);
            }
        });
    }

    private static MemorySegment outputBeforeGain(BiasAct spec, MemorySegment output, int n) {
        if (spec.gain() == 1) {
            return output;
        }
        KERNEL.unary(UnaryOp.AFFINE, output, 1 / spec.gain(), 0, Blocks.scratch(5), n);
        return Blocks.scratch(5);
    }

    private static MemorySegment slopeArguments(BiasAct spec, MemorySegment x, MemorySegment bias, int n) {
        MemorySegment f = Blocks.scratch(5);
        KERNEL.activate(spec.withGain(1).withClamp(-1), x, bias, f, n);
        if (spec.activation() == Activation.SWISH) {
            KERNEL.binary(BinaryOp.ADD, x, bias, Blocks.scratch(6), n);
        }
        return f;
    }

    /** The bias repeated to {@code shape}; zeros for null. */
    private static Operand alongChannels(NdArray bias, int[] shape, int channelDim) {
        if (bias == null) {
            return Operand.zeros(shape);
        }
        long[] strides = new long[shape.length];
        strides[channelDim] = bias.strides()[0];
        return Operand.of(bias, shape, strides);
    }
}
