package stylegan4j.tensor.op;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.DType;
import stylegan4j.tensor.Node;
import stylegan4j.tensor.Shapes;
import stylegan4j.tensor.Tensor;

/** Functions of two tensors, element by element; shapes broadcast as in NumPy. */
public final class Arithmetic {
    /** Functions whose gradients take several steps. */
    private static final Map<BinaryOp, Pointwise> CURVED = new ConcurrentHashMap<>();

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
        return curved(BinaryOp.DIVIDE, a, b);
    }

    /** {@code a^b} for a > 0. */
    public static Tensor pow(Tensor a, Tensor b) {
        return curved(BinaryOp.POWER, a, b);
    }

    /** The larger; the gradient goes to a where they are equal. */
    public static Tensor maximum(Tensor a, Tensor b) {
        return curved(BinaryOp.MAXIMUM, a, b);
    }

    /** The smaller; the gradient goes to a where they are equal. */
    public static Tensor minimum(Tensor a, Tensor b) {
        return curved(BinaryOp.MINIMUM, a, b);
    }

    /** Any of them. */
    static Tensor map(BinaryOp op, Tensor a, Tensor b) {
        return switch (op) {
            case ADD -> add(a, b);
            case SUBTRACT -> sub(a, b);
            case MULTIPLY -> mul(a, b);
            case DIVIDE, POWER, MAXIMUM, MINIMUM -> curved(op, a, b);
            case GREATER, GREATER_EQUAL, EQUAL -> apply(op, a, b);
        };
    }

    private static Tensor curved(BinaryOp op, Tensor a, Tensor b) {
        return CURVED.computeIfAbsent(op, o -> Pointwise.of(name(o), (x, z) -> new Expression.Binary(o, x, z)))
                .apply(a, b);
    }

    private static String name(BinaryOp op) {
        return op.name().toLowerCase(Locale.ROOT);
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
        String name = name(op);
        int[] shape = Shapes.broadcast(name, a.shape(), b.shape());
        Tensor y = Tensor.allocate(type, shape);
        y.backend().binary(op, Operands.broadcast(Operands.readable(name, a), shape),
                Operands.broadcast(Operands.readable(name, b), shape), y.array());
        return y;
    }
}
