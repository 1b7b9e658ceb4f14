package stylegan4j.kernels.cpu.map;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.VectorOperators.EQ;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.ReduceOp;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.kernels.cpu.VectorWidth;

/** Whole vectors with the Vector API, the rest of a block with the plain loops. */
final class VectorMapKernel implements MapKernel {
    static final VectorSpecies<Float> S = VectorWidth.FLOATS;
    static final int LANES = S.length();
    static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private final MapKernel plain = new ScalarMapKernel();

    static FloatVector load(MemorySegment x, int i) {
        return FloatVector.fromMemorySegment(S, x, 4L * i, ORDER);
    }

    static void store(FloatVector v, MemorySegment y, int i) {
        v.intoMemorySegment(y, 4L * i, ORDER);
    }

    private static MemorySegment rest(MemorySegment x, int bound, int n) {
        return bound == 0 ? x : x.asSlice(4L * bound, 4L * (n - bound));
    }

    @Override
    public void unary(UnaryOp op, MemorySegment x, float p, float q, MemorySegment y, int n) {
        int bound = op == UnaryOp.POWER ? 0 : S.loopBound(n);
        if (bound > 0) {
            switch (op) {
                case AFFINE -> VectorUnary.affine(x, p, q, y, bound);
                case ABS -> VectorUnary.abs(x, y, bound);
                case SIGN -> VectorUnary.sign(x, y, bound);
                case SQUARE -> VectorUnary.square(x, y, bound);
                case SQRT -> VectorUnary.squareRoot(x, y, bound);
                case RSQRT -> VectorUnary.inverseSquareRoot(x, y, bound);
                case RECIPROCAL -> VectorUnary.reciprocal(x, y, bound);
                case EXP -> VectorUnary.exp(x, y, bound);
                case LOG -> VectorUnary.log(x, y, bound);
                case SIN -> VectorUnary.sine(x, 0, y, bound);
                case COS -> VectorUnary.sine(x, 1, y, bound);
                case TANH -> VectorUnary.tanh(x, y, bound);
                case SIGMOID -> VectorUnary.sigmoid(x, y, bound);
                case SOFTPLUS -> VectorUnary.softplus(x, y, bound);
                case CLAMP -> VectorUnary.clamp(x, p, q, y, bound);
                case LEAKY_RELU -> VectorUnary.leakyRelu(x, p, y, bound);
                case FLOOR -> VectorUnary.floor(x, y, bound);
                case ROUND -> VectorUnary.round(x, y, bound);
                case GREATER -> VectorUnary.greater(x, p, y, bound);
                case BETWEEN -> VectorUnary.between(x, p, q, y, bound);
                case POWER -> throw new AssertionError("power has no vectors");
            }
        }
        if (bound < n) {
            plain.unary(op, rest(x, bound, n), p, q, rest(y, bound, n), n - bound);
        }
    }

    @Override
    public void binary(BinaryOp op, MemorySegment a, MemorySegment b, MemorySegment y, int n) {
        int bound = op == BinaryOp.POWER ? 0 : S.loopBound(n);
        if (bound > 0) {
            switch (op) {
                case ADD -> VectorBinary.add(a, b, y, bound);
                case SUBTRACT -> VectorBinary.subtract(a, b, y, bound);
                case MULTIPLY -> VectorBinary.multiply(a, b, y, bound);
                case DIVIDE -> VectorBinary.divide(a, b, y, bound);
                case MAXIMUM -> VectorBinary.maximum(a, b, y, bound);
                case MINIMUM -> VectorBinary.minimum(a, b, y, bound);
                case GREATER -> VectorBinary.greater(a, b, y, bound);
                case GREATER_EQUAL -> VectorBinary.greaterEqual(a, b, y, bound);
                case EQUAL -> VectorBinary.equal(a, b, y, bound);
                case POWER -> throw new AssertionError("power has no vectors");
            }
        }
        if (bound < n) {
            plain.binary(op, rest(a, bound, n), rest(b, bound, n), rest(y, bound, n), n - bound);
        }
    }

    @Override
    public void where(MemorySegment condition, MemorySegment a, MemorySegment b, MemorySegment y, int n) {
        int bound = S.loopBound(n);
        for (int i = 0; i < bound; i += LANES) {
            store(load(a, i).blend(load(b, i), load(condition, i).compare(EQ, 0)), y, i);
        }
        if (bound < n) {
            plain.where(rest(condition, bound, n), rest(a, bound, n), rest(b, bound, n), rest(y, bound, n), n - bound);
        }
    }

    @Override
    public void activate(BiasAct spec, MemorySegment x, MemorySegment bias, MemorySegment y, int n) {
        int bound = S.loopBound(n);
        if (bound > 0) {
            float clamp = spec.clamps() ? spec.clamp() : Float.POSITIVE_INFINITY;
            switch (spec.activation()) {
                case LINEAR -> VectorActivation.leakyRelu(1, spec.gain(), clamp, x, bias, y, bound);
                case LRELU -> VectorActivation.leakyRelu(spec.alpha(), spec.gain(), clamp, x, bias, y, bound);
                case RELU -> VectorActivation.relu(spec.gain(), clamp, x, bias, y, bound);
                default -> {
                    VectorBinary.add(x, bias, y, bound);
                    activate(spec, y, bound);
                    VectorActivation.scale(spec.gain(), clamp, y, y, bound);
                }
            }
        }
        if (bound < n) {
            plain.activate(spec, rest(x, bound, n), rest(bias, bound, n), rest(y, bound, n), n - bound);
        }
    }

    /** The curved activations, in place. */
    private static void activate(BiasAct spec, MemorySegment y, int bound) {
        switch (spec.activation()) {
            case TANH -> VectorUnary.tanh(y, y, bound);
            case SIGMOID -> VectorUnary.sigmoid(y, y, bound);
            case ELU -> VectorActivation.elu(y, 1, 1, y, bound);
            case SELU -> VectorActivation.elu(y, ScalarMapKernel.SELU_SCALE, ScalarMapKernel.SELU_ALPHA_SCALE, y, bound);
            case SOFTPLUS -> VectorUnary.softplus(y, y, bound);
            case SWISH -> VectorActivation.swish(y, y, bound);
            case LINEAR, RELU, LRELU -> throw new AssertionError(spec.activation());
        }
    }

    @Override
    public void derivative(int order, BiasAct spec, MemorySegment x, MemorySegment f, MemorySegment y, int n) {
        int bound = S.loopBound(n);
        if (bound > 0 && order == 1) {
            slope(spec, x, f, y, bound);
        } else if (bound > 0) {
            curvature(spec, x, f, y, bound);
        }
        if (bound < n) {
            plain.derivative(order, spec, rest(x, bound, n), rest(f, bound, n), rest(y, bound, n), n - bound);
        }
    }

    private static void slope(BiasAct spec, MemorySegment x, MemorySegment f, MemorySegment y, int bound) {
        switch (spec.activation()) {
            case LINEAR -> VectorActivation.step(f, 1, 1, y, bound);
            case RELU -> VectorActivation.step(f, 1, 0, y, bound);
            case LRELU -> VectorActivation.step(f, 1, spec.alpha(), y, bound);
            case TANH -> VectorActivation.tanhSlope(f, y, bound);
            case SIGMOID -> VectorActivation.sigmoidSlope(f, y, bound);
            case ELU -> VectorActivation.tail(f, 1, 1, y, bound);
            case SELU -> VectorActivation.tail(f, ScalarMapKernel.SELU_SCALE, ScalarMapKernel.SELU_ALPHA_SCALE, y,
                    bound);
            case SOFTPLUS -> VectorActivation.softplusSlope(f, y, bound);
            case SWISH -> VectorActivation.swishSlope(x, y, bound);
        }
    }

    private static void curvature(BiasAct spec, MemorySegment x, MemorySegment f, MemorySegment y, int bound) {
        switch (spec.activation()) {
            case LINEAR, RELU, LRELU -> VectorActivation.step(f, 0, 0, y, bound);
            case TANH -> VectorActivation.tanhCurvature(f, y, bound);
            case SIGMOID -> VectorActivation.sigmoidCurvature(f, y, bound);
            case ELU -> VectorActivation.tail(f, 0, 1, y, bound);
            case SELU -> VectorActivation.tail(f, 0, ScalarMapKernel.SELU_ALPHA_SCALE, y, bound);
            case SOFTPLUS -> VectorActivation.softplusCurvature(f, y, bound);
            case SWISH -> VectorActivation.swishCurvature(x, y, bound);
        }
    }

    @Override
    public void chain(BiasAct spec, MemorySegment a, MemorySegment slope, MemorySegment output, float outputGain,
                      MemorySegment y, int n) {
        int bound = S.loopBound(n);
        if (bound > 0) {
            float clamp = spec.clamps() ? spec.clamp() : Float.POSITIVE_INFINITY;
            VectorActivation.chain(spec.gain(), clamp, a, slope, output, outputGain, y, bound);
        }
        if (bound < n) {
            plain.chain(spec, rest(a, bound, n), rest(slope, bound, n), rest(output, bound, n), outputGain,
                    rest(y, bound, n), n - bound);
        }
    }

    @Override
    public void leakyGradient(float alpha, float gain, float clamp, MemorySegment a, MemorySegment v, MemorySegment y,
                              int n) {
        int bound = S.loopBound(n);
        if (bound > 0) {
            VectorActivation.leakyGradient(alpha, gain, clamp, a, v, y, bound);
        }
        if (bound < n) {
            plain.leakyGradient(alpha, gain, clamp, rest(a, bound, n), rest(v, bound, n), rest(y, bound, n), n - bound);
        }
    }

    @Override
    public void repeatEach(MemorySegment x, long xAt, long xStep, MemorySegment y, long yAt, long yStep, int rows,
                           int n) {
        if (n < LANES) {
            plain.repeatEach(x, xAt, xStep, y, yAt, yStep, rows, n);
            return;
        }
        for (int row = 0; row < rows; row++) {
            FloatVector value = FloatVector.broadcast(S, x.get(JAVA_FLOAT, xAt + row * xStep));
            long to = yAt + row * yStep;
            for (int i = 0; i < n - LANES; i += LANES) {
                value.intoMemorySegment(y, to + 4L * i, ORDER);
            }
            value.intoMemorySegment(y, to + 4L * (n - LANES), ORDER);
        }
    }

    @Override
    public void accumulate(ReduceOp op, MemorySegment x, MemorySegment y, int n) {
        int bound = S.loopBound(n);
        switch (op) {
            case SUM -> VectorBinary.add(y, x, y, bound);
            case SUM_OF_SQUARES -> VectorReduction.addSquares(x, y, bound);
            case MAXIMUM -> VectorBinary.maximum(y, x, y, bound);
            case MINIMUM -> VectorBinary.minimum(y, x, y, bound);
        }
        if (bound < n) {
            plain.accumulate(op, rest(x, bound, n), rest(y, bound, n), n - bound);
        }
    }

    @Override
    public float reduce(ReduceOp op, MemorySegment x, long at, int n) {
        if (n < 4 * LANES) {
            return plain.reduce(op, x, at, n);
        }
        int bound = n / (4 * LANES) * (4 * LANES);
        double result = switch (op) {
            case SUM -> VectorReduction.sum(x, at, bound);
            case SUM_OF_SQUARES -> VectorReduction.sumOfSquares(x, at, bound);
            case MAXIMUM -> VectorReduction.maximum(x, at, bound);
            case MINIMUM -> VectorReduction.minimum(x, at, bound);
        };
        for (int i = bound; i < n; i++) {
            result = ScalarMapKernel.include(op, result, x.get(JAVA_FLOAT, at + 4L * i));
        }
        return (float) result;
    }

    @Override
    public void reduceRows(ReduceOp op, MemorySegment x, int rows, int length, MemorySegment y) {
        if (length < 4 * LANES) {
            plain.reduceRows(op, x, rows, length, y);
            return;
        }
        for (int row = 0; row < rows; row++) {
            y.setAtIndex(JAVA_FLOAT, row, reduce(op, x, 4L * row * length, length));
        }
    }
}
