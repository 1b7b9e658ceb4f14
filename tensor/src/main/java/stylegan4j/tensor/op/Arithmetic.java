package stylegan4j.tensor.op;

import java.util.Locale;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.DType;
import stylegan4j.tensor.Node;
import stylegan4j.tensor.Shapes;
import stylegan4j.tensor.Tensor;

/** Functions of two tensors, element by element; shapes broadcast as in NumPy. */
public final class Arithmetic {
    private Arithmetic() {
    }

    public static Tensor add(Tensor a, Tensor b) {
        return Node.record("add", apply(BinaryOp.ADD, a, b), a, b)
                .gradient((dy, node) -> toOperands(node, a, b, dy, dy));
    }

    public static Tensor sub(Tensor a, Tensor b) {
        return Node.record("sub", apply(BinaryOp.SUBTRACT, a, b), a, b)
                .gradient((dy, node) -> toOperands(node, a, b, dy, node.needs(1) ? dy.neg() : null));
    }

    public static Tensor mul(Tensor a, Tensor b) {
        return Node.record("mul", apply(BinaryOp.MULTIPLY, a, b), a, b).saves(a, b)
                .gradient((dy, node) -> toOperands(node, a, b,
                        node.needs(0) ? mul(dy, b) : null, node.needs(1) ? mul(dy, a) : null));
    }

    public static Tensor div(Tensor a, Tensor b) {
        return Node.record("div", apply(BinaryOp.DIVIDE, a, b), a, b).saves(a, b)
                .gradient((dy, node) -> toOperands(node, a, b,
                        node.needs(0) ? div(dy, b) : null,
                        node.needs(1) ? div(mul(dy, a), b.square()).neg() : null));
    }

    /** {@code a^b} for a > 0. */
    public static Tensor pow(Tensor a, Tensor b) {
        return Node.record("pow", apply(BinaryOp.POWER, a, b), a, b).saves(a, b)
                .gradient((dy, node) -> toOperands(node, a, b,
                        node.needs(0) ? mul(dy, mul(b, pow(a, b.sub(1)))) : null,
                        node.needs(1) ? mul(dy, mul(pow(a, b), a.log())) : null));
    }

    /** The larger; the gradient goes to a where they are equal. */
    public static Tensor maximum(Tensor a, Tensor b) {
        return Node.record("maximum", apply(BinaryOp.MAXIMUM, a, b), a, b).saves(a, b)
                .gradient((dy, node) -> chosen(node, a, b, dy, apply(BinaryOp.GREATER_EQUAL, a, b)));
    }

    /** The smaller; the gradient goes to a where they are equal. */
    public static Tensor minimum(Tensor a, Tensor b) {
        return Node.record("minimum", apply(BinaryOp.MINIMUM, a, b), a, b).saves(a, b)
                .gradient((dy, node) -> chosen(node, a, b, dy, apply(BinaryOp.GREATER_EQUAL, b, a)));
    }

    /** 1 where a is larger, else 0; no gradient. */
    public static Tensor greater(Tensor a, Tensor b) {
        return apply(BinaryOp.GREATER, a, b);
    }

    /** 1 where equal, else 0; no gradient. */
    public static Tensor equal(Tensor a, Tensor b) {
        return apply(BinaryOp.EQUAL, a, b);
    }

    /** {@code condition ≠ 0 ? a : b}, all three broadcasting; no gradient to the condition. */
    public static Tensor where(Tensor condition, Tensor a, Tensor b) {
        int[] shape = Shapes.broadcast("where", condition.shape(), Shapes.broadcast("where", a.shape(), b.shape()));
        Tensor y = Tensor.allocate(shape);
        y.backend().where(Operands.broadcast(Operands.f32("where", condition), shape),
                Operands.broadcast(Operands.f32("where", a), shape),
                Operands.broadcast(Operands.f32("where", b), shape), y.array());
        return Node.record("where", y, a, b).saves(condition)
                .gradient((dy, node) -> {
                    Tensor zero = Tensor.scalar(0);
                    return toOperands(node, a, b, node.needs(0) ? where(condition, dy, zero) : null,
                            node.needs(1) ? where(condition, zero, dy) : null);
                });
    }

    private static Tensor[] chosen(Node node, Tensor a, Tensor b, Tensor dy, Tensor mask) {
        return toOperands(node, a, b, node.needs(0) ? mul(dy, mask) : null,
                node.needs(1) ? mul(dy, Elementwise.affine(mask, -1, 1)) : null);
    }

    private static Tensor[] toOperands(Node node, Tensor a, Tensor b, Tensor da, Tensor db) {
        return new Tensor[] {node.needs(0) ? Operands.sumTo(da, a.shape()) : null,
                node.needs(1) ? Operands.sumTo(db, b.shape()) : null};
    }

    /** {@code a·b} stored as {@code type}, which is F32 unless the device writes half types; not recorded. */
    static Tensor product(Tensor a, Tensor b, DType type) {
        return apply(BinaryOp.MULTIPLY, a, b, type);
    }

    private static Tensor apply(BinaryOp op, Tensor a, Tensor b) {
        return apply(op, a, b, DType.F32);
    }

    private static Tensor apply(BinaryOp op, Tensor a, Tensor b, DType type) {
        String name = op.name().toLowerCase(Locale.ROOT);
        int[] shape = Shapes.broadcast(name, a.shape(), b.shape());
        Tensor y = Tensor.allocate(type, shape);
        y.backend().binary(op, Operands.broadcast(Operands.readable(name, a), shape),
                Operands.broadcast(Operands.readable(name, b), shape), y.array());
        return y;
    }
}
