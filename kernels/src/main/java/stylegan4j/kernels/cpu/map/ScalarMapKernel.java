package stylegan4j.kernels.cpu.map;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.Activation;
import stylegan4j.kernels.BiasAct;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.ReduceOp;
import stylegan4j.kernels.UnaryOp;

/** Plain loops: the reference, and the way without the Vector API. */
final class ScalarMapKernel implements MapKernel {
    /** Scale and alpha·scale of SELU (Klambauer et al. 2017). */
    static final float SELU_SCALE = 1.05070098735548049f;
    static final float SELU_ALPHA_SCALE = 1.75809934084737686f;

    private static final ThreadLocal<float[]> BLOCK = ThreadLocal.withInitial(() -> new float[Blocks.SIZE]);

    @Override
    public void unary(UnaryOp op, MemorySegment x, float p, float q, MemorySegment y, int n) {
        for (int i = 0; i < n; i++) {
            y.setAtIndex(JAVA_FLOAT, i, unary(op, x.getAtIndex(JAVA_FLOAT, i), p, q));
        }
    }

    @Override
    public void binary(BinaryOp op, MemorySegment a, MemorySegment b, MemorySegment y, int n) {
        for (int i = 0; i < n; i++) {
            y.setAtIndex(JAVA_FLOAT, i, binary(op, a.getAtIndex(JAVA_FLOAT, i), b.getAtIndex(JAVA_FLOAT, i)));
        }
    }

    @Override
    public void where(MemorySegment condition, MemorySegment a, MemorySegment b, MemorySegment y, int n) {
        for (int i = 0; i < n; i++) {
            MemorySegment source = condition.getAtIndex(JAVA_FLOAT, i) != 0 ? a : b;
            y.setAtIndex(JAVA_FLOAT, i, source.getAtIndex(JAVA_FLOAT, i));
        }
    }

    @Override
    public void activate(BiasAct spec, MemorySegment x, MemorySegment bias, MemorySegment y, int n) {
        float bound = spec.clamps() ? spec.clamp() : Float.POSITIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            float sum = x.getAtIndex(JAVA_FLOAT, i) + bias.getAtIndex(JAVA_FLOAT, i);
            float v = activation(spec.activation(), spec.alpha(), sum) * spec.gain();
            y.setAtIndex(JAVA_FLOAT, i, v > bound ? bound : v < -bound ? -bound : v);
        }
    }

    @Override
    public void derivative(int order, BiasAct spec, MemorySegment x, MemorySegment f, MemorySegment y, int n) {
        for (int i = 0; i < n; i++) {
            float input = x.getAtIndex(JAVA_FLOAT, i);
            float output = f.getAtIndex(JAVA_FLOAT, i);
            y.setAtIndex(JAVA_FLOAT, i, order == 1 ? slope(spec.activation(), spec.alpha(), input, output)
                    : curvature(spec.activation(), input, output));
        }
    }

    @Override
    public void chain(BiasAct spec, MemorySegment a, MemorySegment slope, MemorySegment output, float outputGain,
                      MemorySegment y, int n) {
        float bound = spec.clamps() ? spec.clamp() : Float.POSITIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            boolean clamped = Math.abs(output.getAtIndex(JAVA_FLOAT, i) * outputGain) >= bound;
            y.setAtIndex(JAVA_FLOAT, i, clamped ? 0
                    : a.getAtIndex(JAVA_FLOAT, i) * slope.getAtIndex(JAVA_FLOAT, i) * spec.gain());
        }
    }

    @Override
    public void leakyGradient(float alpha, float gain, float clamp, MemorySegment a, MemorySegment v, MemorySegment y,
                              int n) {
        float sign = Math.signum(gain);
        for (int i = 0; i < n; i++) {
            float output = v.getAtIndex(JAVA_FLOAT, i);
            float slope = output * sign > 0 ? gain : gain * alpha;
            y.setAtIndex(JAVA_FLOAT, i, Math.abs(output) >= clamp ? 0 : a.getAtIndex(JAVA_FLOAT, i) * slope);
        }
    }

    @Override
    public void accumulate(ReduceOp op, MemorySegment x, MemorySegment y, int n) {
        for (int i = 0; i < n; i++) {
            double sum = y.getAtIndex(JAVA_FLOAT, i);
            y.setAtIndex(JAVA_FLOAT, i, (float) include(op, sum, x.getAtIndex(JAVA_FLOAT, i)));
        }
    }

    @Override
    public void repeatEach(MemorySegment x, long xAt, long xStep, MemorySegment y, long yAt, long yStep, int rows,
                           int n) {
        for (int row = 0; row < rows; row++) {
            int value = x.get(JAVA_INT, xAt + row * xStep);
            long twice = (long) value << 32 | value & 0xffffffffL;
            long to = yAt + row * yStep;
            int i = 0;
            for (; i < n - 1; i += 2) {
                y.set(JAVA_LONG_UNALIGNED, to + 4L * i, twice);
            }
            if (i < n) {
                y.set(JAVA_INT, to + 4L * i, value);
            }
        }
    }

    @Override
    public float reduce(ReduceOp op, MemorySegment x, long at, int n) {
        return reduced(op, x, at, n);
    }

    @Override
    public void reduceRows(ReduceOp op, MemorySegment x, int rows, int length, MemorySegment y) {
        int row = op == ReduceOp.SUM_OF_SQUARES ? sumsOfSquaresByFour(x, rows, length, y) : 0;
        for (; row < rows; row++) {
            y.setAtIndex(JAVA_FLOAT, row, reduced(op, x, 4L * row * length, length));
        }
    }

    /** Four rows at a time, since of one row alone each addition would wait for the one before; those left are told. */
    private static int sumsOfSquaresByFour(MemorySegment x, int rows, int length, MemorySegment y) {
        int whole = rows & -4;
        // An array's bounds are checked once for a loop, a segment's at every access.
        float[] block = BLOCK.get();
        MemorySegment.copy(x, JAVA_FLOAT, 0, block, 0, whole * length);
        for (int row = 0; row < whole; row += 4) {
            fourSumsOfSquares(block, row * length, length, y, row);
        }
        return whole;
    }

    private static void fourSumsOfSquares(float[] x, int at, int n, MemorySegment y, int row) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        for (int i = at; i < at + n; i++) {
            double v0 = x[i];
            double v1 = x[i + n];
            double v2 = x[i + 2 * n];
            double v3 = x[i + 3 * n];
            s0 += v0 * v0;
            s1 += v1 * v1;
            s2 += v2 * v2;
            s3 += v3 * v3;
        }
        y.setAtIndex(JAVA_FLOAT, row, (float) s0);
        y.setAtIndex(JAVA_FLOAT, row + 1, (float) s1);
        y.setAtIndex(JAVA_FLOAT, row + 2, (float) s2);
        y.setAtIndex(JAVA_FLOAT, row + 3, (float) s3);
    }

    private static float reduced(ReduceOp op, MemorySegment x, long at, int n) {
        return switch (op) {
            case SUM -> sum(x, at, n);
            case SUM_OF_SQUARES -> sumOfSquares(x, at, n);
            case MAXIMUM, MINIMUM -> extreme(op, x, at, n);
        };
    }

    private static float sum(MemorySegment x, long at, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += x.get(JAVA_FLOAT, at + 4L * i);
        }
        return (float) sum;
    }

    private static float sumOfSquares(MemorySegment x, long at, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double value = x.get(JAVA_FLOAT, at + 4L * i);
            sum += value * value;
        }
        return (float) sum;
    }

    private static float extreme(ReduceOp op, MemorySegment x, long at, int n) {
        float result = identity(op);
        for (int i = 0; i < n; i++) {
            float value = x.get(JAVA_FLOAT, at + 4L * i);
            result = op == ReduceOp.MAXIMUM ? Math.max(result, value) : Math.min(result, value);
        }
        return result;
    }

    static float unary(UnaryOp op, float x, float p, float q) {
        return switch (op) {
            case AFFINE -> Math.fma(p, x, q);
            case ABS -> Math.abs(x);
            case SIGN -> Math.signum(x);
            case SQUARE -> x * x;
            case SQRT -> (float) Math.sqrt(x);
            case RSQRT -> 1 / (float) Math.sqrt(x);
            case RECIPROCAL -> 1 / x;
            case EXP -> ScalarMath.exp(x);
            case LOG -> ScalarMath.log(x);
            case SIN -> ScalarMath.sin(x);
            case COS -> ScalarMath.cos(x);
            case TANH -> ScalarMath.tanh(x);
            case SIGMOID -> ScalarMath.sigmoid(x);
            case SOFTPLUS -> ScalarMath.softplus(x);
            case POWER -> (float) Math.pow(x, p);
            case CLAMP -> x < p ? p : x > q ? q : x;
            case LEAKY_RELU -> x > 0 ? x : p * x;
            case FLOOR -> (float) Math.floor(x);
            case ROUND -> (float) Math.rint(x);
            case GREATER -> x > p ? 1 : 0;
            case BETWEEN -> p <= x && x <= q ? 1 : 0;
        };
    }

    static float binary(BinaryOp op, float a, float b) {
        return switch (op) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case POWER -> (float) Math.pow(a, b);
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
            case GREATER -> a > b ? 1 : 0;
            case GREATER_EQUAL -> a >= b ? 1 : 0;
            case EQUAL -> a == b ? 1 : 0;
        };
    }

    static float activation(Activation activation, float alpha, float x) {
        return switch (activation) {
            case LINEAR -> x;
            case RELU -> x > 0 ? x : 0;
            case LRELU -> x > 0 ? x : alpha * x;
            case TANH -> ScalarMath.tanh(x);
            case SIGMOID -> ScalarMath.sigmoid(x);
            case ELU -> x >= 0 ? x : ScalarMath.expm1(x);
            case SELU -> x >= 0 ? SELU_SCALE * x : SELU_ALPHA_SCALE * ScalarMath.expm1(x);
            case SOFTPLUS -> ScalarMath.softplus(x);
            case SWISH -> x * ScalarMath.sigmoid(x);
        };
    }

    /** f′ from the input x and the output f. */
    private static float slope(Activation activation, float alpha, float x, float f) {
        return switch (activation) {
            case LINEAR -> 1;
            case RELU -> f > 0 ? 1 : 0;
            case LRELU -> f > 0 ? 1 : alpha;
            case TANH -> Math.fma(-f, f, 1);
            case SIGMOID -> f * (1 - f);
            case ELU -> f >= 0 ? 1 : f + 1;
            case SELU -> f >= 0 ? SELU_SCALE : f + SELU_ALPHA_SCALE;
            case SOFTPLUS -> -ScalarMath.expm1(-f);
            case SWISH -> {
                float s = ScalarMath.sigmoid(x);
                yield s * Math.fma(x, 1 - s, 1);
            }
        };
    }

    /** f″ from the input x and the output f. */
    private static float curvature(Activation activation, float x, float f) {
        return switch (activation) {
            case LINEAR, RELU, LRELU -> 0;
            case TANH -> -2 * f * Math.fma(-f, f, 1);
            case SIGMOID -> f * (1 - f) * Math.fma(-2, f, 1);
            case ELU -> f >= 0 ? 0 : f + 1;
            case SELU -> f >= 0 ? 0 : f + SELU_ALPHA_SCALE;
            case SOFTPLUS -> {
                float e = -ScalarMath.expm1(-f);
                yield e * (1 - e);
            }
            case SWISH -> {
                float s = ScalarMath.sigmoid(x);
                yield s * (1 - s) * Math.fma(x, Math.fma(-2, s, 1), 2);
            }
        };
    }

    /** What a reduction makes of a result so far and one more element. */
    static double include(ReduceOp op, double result, float x) {
        return op == ReduceOp.SUM_OF_SQUARES ? Math.fma((double) x, x, result) : combine(op, result, x);
    }

    /** What a reduction makes of two results. */
    static double combine(ReduceOp op, double a, double b) {
        return switch (op) {
            case SUM, SUM_OF_SQUARES -> a + b;
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
        };
    }

    static float identity(ReduceOp op) {
        return switch (op) {
            case SUM, SUM_OF_SQUARES -> 0;
            case MAXIMUM -> Float.NEGATIVE_INFINITY;
            case MINIMUM -> Float.POSITIVE_INFINITY;
        };
    }
}
