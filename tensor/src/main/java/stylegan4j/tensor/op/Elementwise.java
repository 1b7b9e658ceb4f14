package stylegan4j.tensor.op;

import java.util.Locale;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.tensor.Node;
import stylegan4j.tensor.Tensor;

/** Functions of one tensor, element by element. */
public final class Elementwise {
    private Elementwise() {
    }

    /** {@code scale·x + shift} */
    public static Tensor affine(Tensor x, double scale, double shift) {
        return Node.record("affine", apply(UnaryOp.AFFINE, x, scale, shift), x)
                .gradient((dy, node) -> new Tensor[] {affine(dy, scale, 0)});
    }

    /** {@code x^exponent} for a constant exponent. */
    public static Tensor pow(Tensor x, double exponent) {
        return Node.record("pow", apply(UnaryOp.POWER, x, exponent, 0), x).saves(x)
                .gradient((dy, node) -> new Tensor[] {exponent == 0 ? dy.mul(0)
                        : dy.mul(pow(x, exponent - 1).mul(exponent))});
    }

    public static Tensor square(Tensor x) {
        return Node.record("square", apply(UnaryOp.SQUARE, x, 0, 0), x).saves(x)
                .gradient((dy, node) -> new Tensor[] {dy.mul(x.mul(2))});
    }

    public static Tensor sqrt(Tensor x) {
        return Node.record("sqrt", apply(UnaryOp.SQRT, x, 0, 0), x).savesOutput()
                .gradient((dy, node) -> new Tensor[] {dy.mul(0.5).div(node.output())});
    }

    /** {@code 1/√x} */
    public static Tensor rsqrt(Tensor x) {
        return Node.record("rsqrt", apply(UnaryOp.RSQRT, x, 0, 0), x).savesOutput()
                .gradient((dy, node) -> {
                    Tensor y = node.output();
                    return new Tensor[] {dy.mul(y.square().mul(y).mul(-0.5))};
                });
    }

    public static Tensor reciprocal(Tensor x) {
        return Node.record("reciprocal", apply(UnaryOp.RECIPROCAL, x, 0, 0), x).savesOutput()
                .gradient((dy, node) -> new Tensor[] {dy.mul(node.output().square().neg())});
    }

    public static Tensor exp(Tensor x) {
        return Node.record("exp", apply(UnaryOp.EXP, x, 0, 0), x).savesOutput()
                .gradient((dy, node) -> new Tensor[] {dy.mul(node.output())});
    }

    public static Tensor log(Tensor x) {
        return Node.record("log", apply(UnaryOp.LOG, x, 0, 0), x).saves(x)
                .gradient((dy, node) -> new Tensor[] {dy.div(x)});
    }

    public static Tensor sin(Tensor x) {
        return Node.record("sin", apply(UnaryOp.SIN, x, 0, 0), x).saves(x)
                .gradient((dy, node) -> new Tensor[] {dy.mul(cos(x))});
    }

    public static Tensor cos(Tensor x) {
        return Node.record("cos", apply(UnaryOp.COS, x, 0, 0), x).saves(x)
                .gradient((dy, node) -> new Tensor[] {dy.mul(sin(x).neg())});
    }

    public static Tensor tanh(Tensor x) {
        return Node.record("tanh", apply(UnaryOp.TANH, x, 0, 0), x).savesOutput()
                .gradient((dy, node) -> new Tensor[] {dy.mul(affine(node.output().square(), -1, 1))});
    }

    /** {@code 1/(1+e^−x)} */
    public static Tensor sigmoid(Tensor x) {
        return Node.record("sigmoid", apply(UnaryOp.SIGMOID, x, 0, 0), x).savesOutput()
                .gradient((dy, node) -> {
                    Tensor y = node.output();
                    return new Tensor[] {dy.mul(y.mul(affine(y, -1, 1)))};
                });
    }

    /** {@code log(1+e^x)} */
    public static Tensor softplus(Tensor x) {
        return Node.record("softplus", apply(UnaryOp.SOFTPLUS, x, 0, 0), x).saves(x)
                .gradient((dy, node) -> new Tensor[] {dy.mul(sigmoid(x))});
    }

    /** {@code x > 0 ? x : slope·x}; the slope at 0 is {@code slope}. */
    public static Tensor leakyRelu(Tensor x, double slope) {
        return Node.record("leakyRelu", apply(UnaryOp.LEAKY_RELU, x, slope, 0), x).saves(x)
                .gradient((dy, node) -> new Tensor[] {dy.mul(affine(greater(x, 0), 1 - slope, slope))});
    }

    /** |x|; the slope at 0 is 0. */
    public static Tensor abs(Tensor x) {
        return Node.record("abs", apply(UnaryOp.ABS, x, 0, 0), x).saves(x)
                .gradient((dy, node) -> new Tensor[] {dy.mul(constantSlope(UnaryOp.SIGN, x))});
    }

    /** Limits to low … high; the gradient passes inside and at the bounds. */
    public static Tensor clamp(Tensor x, double low, double high) {
        return Node.record("clamp", apply(UnaryOp.CLAMP, x, low, high), x).saves(x)
                .gradient((dy, node) -> new Tensor[] {dy.mul(between(x, low, high))});
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

    private static Tensor apply(UnaryOp op, Tensor x, double p, double q) {
        Tensor in = Operands.f32(op.name().toLowerCase(Locale.ROOT), x);
        Tensor y = Tensor.allocate(x.shape());
        y.backend().unary(op, in.array(), (float) p, (float) q, y.array());
        return y;
    }
}
