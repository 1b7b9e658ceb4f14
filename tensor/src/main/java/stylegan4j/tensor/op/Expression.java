package stylegan4j.tensor.op;

import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.UnaryOp;

/**
 * A formula of several tensors, element by element: what a {@link Pointwise} computes. Formulas are immutable; one that
 * is used twice is computed once. Functions are those of {@link stylegan4j.tensor.Tensor} by the same names.
 */
public sealed interface Expression {
    Expression ZERO = new Constant(0);

    /** Argument number {@code index} of the function. */
    record Input(int index) implements Expression {
    }

    /** The same number for every element. */
    record Constant(double value) implements Expression {
    }

    /** A function of one formula and of two numbers. */
    record Unary(UnaryOp op, Expression x, double p, double q) implements Expression {
    }

    /** A function of two formulas. */
    record Binary(BinaryOp op, Expression a, Expression b) implements Expression {
    }

    /** {@code condition ≠ 0 ? a : b} */
    record Where(Expression condition, Expression a, Expression b) implements Expression {
    }

    private Expression unary(UnaryOp op) {
        return new Unary(op, this, 0, 0);
    }

    private Expression binary(BinaryOp op, Expression other) {
        return new Binary(op, this, other);
    }

    /** {@code scale·x + shift} */
    default Expression affine(double scale, double shift) {
        return scale == 1 && shift == 0 ? this : new Unary(UnaryOp.AFFINE, this, scale, shift);
    }

    default Expression add(Expression other) {
        return binary(BinaryOp.ADD, other);
    }

    default Expression add(double value) {
        return affine(1, value);
    }

    default Expression sub(Expression other) {
        return binary(BinaryOp.SUBTRACT, other);
    }

    default Expression sub(double value) {
        return affine(1, -value);
    }

    default Expression mul(Expression other) {
        return binary(BinaryOp.MULTIPLY, other);
    }

    default Expression mul(double value) {
        return affine(value, 0);
    }

    default Expression div(Expression other) {
        return binary(BinaryOp.DIVIDE, other);
    }

    default Expression div(double value) {
        return affine(1 / value, 0);
    }

    default Expression neg() {
        return affine(-1, 0);
    }

    /** {@code x^other} for x > 0. */
    default Expression pow(Expression other) {
        return binary(BinaryOp.POWER, other);
    }

    default Expression pow(double exponent) {
        return new Unary(UnaryOp.POWER, this, exponent, 0);
    }

    default Expression square() {
        return unary(UnaryOp.SQUARE);
    }

    default Expression sqrt() {
        return unary(UnaryOp.SQRT);
    }

    default Expression rsqrt() {
        return unary(UnaryOp.RSQRT);
    }

    default Expression reciprocal() {
        return unary(UnaryOp.RECIPROCAL);
    }

    default Expression exp() {
        return unary(UnaryOp.EXP);
    }

    default Expression log() {
        return unary(UnaryOp.LOG);
    }

    default Expression sin() {
        return unary(UnaryOp.SIN);
    }

    default Expression cos() {
        return unary(UnaryOp.COS);
    }

    default Expression tanh() {
        return unary(UnaryOp.TANH);
    }

    default Expression sigmoid() {
        return unary(UnaryOp.SIGMOID);
    }

    default Expression softplus() {
        return unary(UnaryOp.SOFTPLUS);
    }

    default Expression leakyRelu(double slope) {
        return new Unary(UnaryOp.LEAKY_RELU, this, slope, 0);
    }

    default Expression abs() {
        return unary(UnaryOp.ABS);
    }

    default Expression sign() {
        return unary(UnaryOp.SIGN);
    }

    default Expression floor() {
        return unary(UnaryOp.FLOOR);
    }

    default Expression clamp(double low, double high) {
        return new Unary(UnaryOp.CLAMP, this, low, high);
    }

    /** 1 where {@code low ≤ x ≤ high}, else 0. */
    default Expression between(double low, double high) {
        return new Unary(UnaryOp.BETWEEN, this, low, high);
    }

    /** 1 where {@code x > value}, else 0. */
    default Expression greater(double value) {
        return new Unary(UnaryOp.GREATER, this, value, 0);
    }

    /** 1 where {@code x ≥ other}, else 0. */
    default Expression greaterEqual(Expression other) {
        return binary(BinaryOp.GREATER_EQUAL, other);
    }

    /** 1 where equal, else 0. */
    default Expression equal(Expression other) {
        return binary(BinaryOp.EQUAL, other);
    }

    default Expression maximum(Expression other) {
        return binary(BinaryOp.MAXIMUM, other);
    }

    default Expression minimum(Expression other) {
        return binary(BinaryOp.MINIMUM, other);
    }

    /** {@code x ≠ 0 ? a : b} */
    default Expression where(Expression a, Expression b) {
        return new Where(this, a, b);
    }
}
