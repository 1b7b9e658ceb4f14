package stylegan4j.tensor.op;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.tensor.Node;
import stylegan4j.tensor.Tensor;

/** Functions of one tensor, element by element; {@link Derivative} holds their rules. */
public final class Elementwise {
    /** Gradients of the functions that take no numbers. */
    private static final Map<UnaryOp, Pointwise> GRADIENTS = new ConcurrentHashMap<>();

    private Elementwise() {
    }

    /** {@code scale·x + shift} */
    public static Tensor affine(Tensor x, double scale, double shift) {
        return Node.record("affine", apply(UnaryOp.AFFINE, x, scale, shift), x)
                .gradient((dy, node) -> new Tensor[] {affine(dy, scale, 0)});
    }

    /** {@code x^exponent} for a constant exponent. */
    public static Tensor pow(Tensor x, double exponent) {
        return map(UnaryOp.POWER, x, exponent, 0);
    }

    public static Tensor square(Tensor x) {
        return map(UnaryOp.SQUARE, x, 0, 0);
    }

    public static Tensor sqrt(Tensor x) {
        return map(UnaryOp.SQRT, x, 0, 0);
    }

    /** {@code 1/√x} */
    public static Tensor rsqrt(Tensor x) {
        return map(UnaryOp.RSQRT, x, 0, 0);
    }

    public static Tensor reciprocal(Tensor x) {
        return map(UnaryOp.RECIPROCAL, x, 0, 0);
    }

    public static Tensor exp(Tensor x) {
        return map(UnaryOp.EXP, x, 0, 0);
    }

    public static Tensor log(Tensor x) {
        return map(UnaryOp.LOG, x, 0, 0);
    }

    public static Tensor sin(Tensor x) {
        return map(UnaryOp.SIN, x, 0, 0);
    }

    public static Tensor cos(Tensor x) {
        return map(UnaryOp.COS, x, 0, 0);
    }

    public static Tensor tanh(Tensor x) {
        return map(UnaryOp.TANH, x, 0, 0);
    }

    /** {@code 1/(1+e^−x)} */
    public static Tensor sigmoid(Tensor x) {
        return map(UnaryOp.SIGMOID, x, 0, 0);
    }

    /** {@code log(1+e^x)} */
    public static Tensor softplus(Tensor x) {
        return map(UnaryOp.SOFTPLUS, x, 0, 0);
    }

    /** {@code x > 0 ? x : slope·x}; the slope at 0 is {@code slope}. */
    public static Tensor leakyRelu(Tensor x, double slope) {
        return map(UnaryOp.LEAKY_RELU, x, slope, 0);
    }

    /** |x|; the slope at 0 is 0. */
    public static Tensor abs(Tensor x) {
        return map(UnaryOp.ABS, x, 0, 0);
    }

    /** Limits to low … high; the gradient passes inside and at the bounds. */
    public static Tensor clamp(Tensor x, double low, double high) {
        return map(UnaryOp.CLAMP, x, low, high);
    }

    /** 1 where x is larger than {@code value}, else 0; no gradient. */
    public static Tensor greater(Tensor x, double value) {
        return apply(UnaryOp.GREATER, x, value, 0);
    }

    /** 1 where {@code low ≤ x ≤ high}, else 0; no gradient. */
    public static Tensor between(Tensor x, double low, double high) {
        return apply(UnaryOp.BETWEEN, x, low, high);
    }

    /** A piecewise constant function; no gradient. */
    public static Tensor constantSlope(UnaryOp op, Tensor x) {
        return apply(op, x, 0, 0);
    }

    /** Any of them. */
    static Tensor map(UnaryOp op, Tensor x, double p, double q) {
        return switch (op) {
            case AFFINE -> affine(x, p, q);
            case SIGN, FLOOR, ROUND, GREATER, BETWEEN -> apply(op, x, p, q);
            default -> differentiable(op, x, p, q);
        };
    }

    private static Tensor differentiable(UnaryOp op, Tensor x, double p, double q) {
        Node.Recording recording = Node.record(name(op), apply(op, x, p, q), x);
        return Derivative.readsOutput(op)
                ? recording.savesOutput().gradient((dy, node) -> gradient(op, dy, node.output(), p, q))
                : recording.saves(x).gradient((dy, node) -> gradient(op, dy, x, p, q));
    }

    private static Tensor[] gradient(UnaryOp op, Tensor dy, Tensor v, double p, double q) {
        if (op == UnaryOp.POWER && p == 0) {
            return new Tensor[] {dy.mul(0)};
        }
        boolean plain = p == 0 && q == 0;
        Pointwise gradient = plain ? GRADIENTS.computeIfAbsent(op, o -> gradient(o, 0, 0)) : gradient(op, p, q);
        return new Tensor[] {gradient.apply(dy, v)};
    }

    private static Pointwise gradient(UnaryOp op, double p, double q) {
        return Pointwise.of(name(op) + "Gradient", (dy, v) -> Derivative.unary(op, dy, v, p, q));
    }

    private static String name(UnaryOp op) {
        return op.name().toLowerCase(Locale.ROOT);
    }

    private static Tensor apply(UnaryOp op, Tensor x, double p, double q) {
        Tensor in = Operands.f32(name(op), x);
        Tensor y = Tensor.allocate(x.shape());
        y.backend().unary(op, in.array(), (float) p, (float) q, y.array());
        return y;
    }
}
