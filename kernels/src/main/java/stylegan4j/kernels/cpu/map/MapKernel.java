package stylegan4j.kernels.cpu.map;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.ReduceOp;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.kernels.cpu.Simd;

/**
 * The inner loops over dense blocks of n floats. An output may be one of the inputs. Elementwise results are equal bit
 * for bit in both implementations.
 */
interface MapKernel {
    /** The implementation that {@link Simd} chose. */
    MapKernel CHOSEN = Simd.enabled() ? new VectorMapKernel() : new ScalarMapKernel();

    void unary(UnaryOp op, MemorySegment x, float p, float q, MemorySegment y, int n);

    void binary(BinaryOp op, MemorySegment a, MemorySegment b, MemorySegment y, int n);

    /** {@code y = condition ≠ 0 ? a : b}. */
    void where(MemorySegment condition, MemorySegment a, MemorySegment b, MemorySegment y, int n);

    /** {@code y = clamp(gain · f(x + bias))}; bias holds one value for each element. */
    void activate(BiasAct spec, MemorySegment x, MemorySegment bias, MemorySegment y, int n);

    /**
     * First or second derivative of the activation.
     *
     * @param x its input; read for {@link Activation#SWISH} only
     * @param f its output before gain and clamp; not read for swish
     */
    void derivative(int order, BiasAct spec, MemorySegment x, MemorySegment f, MemorySegment y, int n);

    /** {@code y = |outputGain · output| < clamp ? a · slope · gain : 0}, without the condition where nothing clamps. */
    void chain(BiasAct spec, MemorySegment a, MemorySegment slope, MemorySegment output, float outputGain,
               MemorySegment y, int n);

    /**
     * First derivative of a piecewise linear activation times its factor: {@code |v| < clamp ? a · slope : 0}, the
     * slope being gain where gain·v is positive and gain · alpha elsewhere.
     *
     * @param v the activation's output after the gain
     */
    void leakyGradient(float alpha, float gain, float clamp, MemorySegment a, MemorySegment v, MemorySegment y, int n);

    /**
     * One element after the other, n times each: what a tensor of channels becomes beside one of small kernels.
     * Positions and steps count bytes.
     */
    void repeatEach(MemorySegment x, long xAt, long xStep, MemorySegment y, long yAt, long yStep, int rows, int n);

    /** {@code y[i] = op(y[i], x[i])}, where a sum of squares adds {@code x[i]²}. */
    void accumulate(ReduceOp op, MemorySegment x, MemorySegment y, int n);

    /** Reduces n elements, from byte {@code at} on, to one. */
    float reduce(ReduceOp op, MemorySegment x, long at, int n);

    /** Reduces each row of x [rows, length], which is a block. */
    void reduceRows(ReduceOp op, MemorySegment x, int rows, int length, MemorySegment y);
}
