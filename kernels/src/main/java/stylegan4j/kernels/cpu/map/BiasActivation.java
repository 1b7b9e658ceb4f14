package stylegan4j.kernels.cpu.map;

import java.lang.foreign.MemorySegment;
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
        Operand biases = bias == null ? null : alongChannels(bias, x.shape(), spec.channelDim());
        Operand out = Operand.of(y);
        Blocks.parallel(threads, y.numel(), (from, to) -> {
            Operand.Reader reader = in.reader(0);
            Operand.Reader biasReader = biases == null ? null : biases.reader(1);
            for (long at = from; at < to; at += Blocks.SIZE) {
                int n = (int) Math.min(Blocks.SIZE, to - at);
                KERNEL.activate(spec, reader.read(at, n), biasReader == null ? null : biasReader.read(at, n),
                        out.slice(at, n), n);
            }
        });
    }

    /** First or second derivative times its factors, as {@link stylegan4j.kernels.Backend#biasActGradient}. */
    public static void gradient(Threads threads, int order, NdArray a, NdArray b, NdArray reference, NdArray bias,
                                boolean fromOutput, BiasAct spec, NdArray y) {
        Operand firsts = Operand.of(a);
        Operand seconds = b == null ? null : Operand.of(b);
        Operand references = Operand.of(reference);
        Operand biases = bias == null || fromOutput ? null : alongChannels(bias, y.shape(), spec.channelDim());
        Operand out = Operand.of(y);
        BiasAct plain = new BiasAct(spec.channelDim(), spec.activation(), spec.alpha(), 1, -1);
        Blocks.parallel(threads, y.numel(), (from, to) -> {
            Operand.Reader firstReader = firsts.reader(0);
            Operand.Reader secondReader = seconds == null ? null : seconds.reader(1);
            Operand.Reader referenceReader = references.reader(2);
            Operand.Reader biasReader = biases == null ? null : biases.reader(3);
            MemorySegment sum = Blocks.scratch(4);
            MemorySegment output = Blocks.scratch(5);
            MemorySegment slope = Blocks.scratch(6);
            for (long at = from; at < to; at += Blocks.SIZE) {
                int n = (int) Math.min(Blocks.SIZE, to - at);
                MemorySegment input = referenceReader.read(at, n);
                if (fromOutput) {
                    KERNEL.unary(UnaryOp.AFFINE, input, 1 / spec.gain(), 0, output, n);
                } else {
                    if (biasReader != null) {
                        KERNEL.binary(BinaryOp.ADD, input, biasReader.read(at, n), sum, n);
                        input = sum;
                    }
                    KERNEL.activate(plain, input, null, output, n);
                }
                KERNEL.derivative(order, spec, input, output, slope, n);
                if (secondReader != null) {
                    KERNEL.binary(BinaryOp.MULTIPLY, slope, secondReader.read(at, n), slope, n);
                }
                KERNEL.chain(spec, firstReader.read(at, n), slope, output, out.slice(at, n), n);
            }
        });
    }

    private static Operand alongChannels(NdArray bias, int[] shape, int channelDim) {
        long[] strides = new long[shape.length];
        strides[channelDim] = bias.strides()[0];
        return Operand.of(bias, shape, strides);
    }
}
