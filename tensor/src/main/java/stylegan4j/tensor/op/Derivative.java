package stylegan4j.tensor.op;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.UnaryOp;

/** Derivatives of formulas, which are formulas again: the one table of rules of all elementwise functions. */
final class Derivative {
    private final Map<Expression, Expression> found = new IdentityHashMap<>();

    private Derivative() {
    }

    /**
     * The gradients in a formula's inputs, null where it does not depend on one or is constant piece by piece.
     *
     * @param y a formula of inputs 0 … inputs−1
     * @return formulas of the same inputs, of y's value as input number {@code inputs}, and of dL/dy as the next
     */
    static Expression[] of(Expression y, int inputs) {
        Derivative derivative = new Derivative();
        Expression value = y instanceof Expression.Input ? y : new Expression.Input(inputs);
        derivative.found.put(y, new Expression.Input(inputs + 1));
        Expression[] gradients = new Expression[inputs];
        for (Expression node : downwards(y)) {
            Expression dy = derivative.found.get(node);
            if (dy != null) {
                derivative.pass(dy, node, node == y ? value : node, gradients);
            }
        }
        return gradients;
    }

    /** All formulas within y, each before those that it is made of. */
    private static List<Expression> downwards(Expression y) {
        List<Expression> order = new ArrayList<>();
        visit(y, new IdentityHashMap<>(), order);
        return order.reversed();
    }

    private static void visit(Expression e, Map<Expression, Boolean> seen, List<Expression> order) {
        if (seen.put(e, true) != null) {
            return;
        }
        switch (e) {
            case Expression.Input _, Expression.Constant _ -> { }
            case Expression.Unary unary -> visit(unary.x(), seen, order);
            case Expression.Binary binary -> {
                visit(binary.a(), seen, order);
                visit(binary.b(), seen, order);
            }
            case Expression.Where where -> {
                visit(where.condition(), seen, order);
                visit(where.a(), seen, order);
                visit(where.b(), seen, order);
            }
        }
        order.add(e);
    }

    private void pass(Expression dy, Expression node, Expression y, Expression[] gradients) {
        switch (node) {
            case Expression.Input(int index) -> gradients[index] = sum(gradients[index], dy);
            case Expression.Constant _ -> { }
            case Expression.Unary(UnaryOp op, Expression x, double p, double q) ->
                    add(x, unary(op, dy, readsOutput(op) ? y : x, p, q));
            case Expression.Binary(BinaryOp op, Expression a, Expression b) -> {
                Expression[] both = binary(op, dy, a, b);
                add(a, both[0]);
                add(b, both[1]);
            }
            case Expression.Where(Expression condition, Expression a, Expression b) -> {
                add(a, condition.where(dy, Expression.ZERO));
                add(b, condition.where(Expression.ZERO, dy));
            }
        }
    }

    private void add(Expression x, Expression dx) {
        if (dx != null) {
            found.merge(x, dx, Derivative::sum);
        }
    }

    private static Expression sum(Expression a, Expression b) {
        return a == null ? b : a.add(b);
    }

    /** Whether the rule of a function is written with its result rather than with its argument. */
    static boolean readsOutput(UnaryOp op) {
        return switch (op) {
            case SQRT, RSQRT, RECIPROCAL, EXP, TANH, SIGMOID -> true;
            default -> false;
        };
    }

    /** dL/dx, or null; {@code v} is the result where {@link #readsOutput}, else the argument. */
    static Expression unary(UnaryOp op, Expression dy, Expression v, double p, double q) {
        return switch (op) {
            case AFFINE -> dy.mul(p);
            case ABS -> dy.mul(v.sign());
            case SIGN, FLOOR, ROUND, GREATER, BETWEEN -> null;
            case SQUARE -> dy.mul(v.mul(2));
            case SQRT -> dy.mul(0.5).div(v);
            case RSQRT -> dy.mul(v.square().mul(v).mul(-0.5));
            case RECIPROCAL -> dy.mul(v.square().neg());
            case EXP -> dy.mul(v);
            case LOG -> dy.div(v);
            case SIN -> dy.mul(v.cos());
            case COS -> dy.mul(v.sin().neg());
            case TANH -> dy.mul(v.square().affine(-1, 1));
            case SIGMOID -> dy.mul(v.mul(v.affine(-1, 1)));
            case SOFTPLUS -> dy.mul(v.sigmoid());
            case POWER -> p == 0 ? null : dy.mul(v.pow(p - 1).mul(p));
            case CLAMP -> dy.mul(v.between(p, q));
            case LEAKY_RELU -> v.greater(0).where(dy, dy.mul(p));
        };
    }

    /** dL/da and dL/db, each or null. */
    static Expression[] binary(BinaryOp op, Expression dy, Expression a, Expression b) {
        return switch (op) {
            case ADD -> new Expression[] {dy, dy};
            case SUBTRACT -> new Expression[] {dy, dy.neg()};
            case MULTIPLY -> new Expression[] {dy.mul(b), dy.mul(a)};
            case DIVIDE -> new Expression[] {dy.div(b), dy.mul(a).div(b.square()).neg()};
            case POWER -> new Expression[] {dy.mul(b.mul(a.pow(b.sub(1)))), dy.mul(a.pow(b).mul(a.log()))};
            case MAXIMUM -> chosen(dy, a.greaterEqual(b));
            case MINIMUM -> chosen(dy, b.greaterEqual(a));
            case GREATER, GREATER_EQUAL, EQUAL -> new Expression[2];
        };
    }

    private static Expression[] chosen(Expression dy, Expression first) {
        return new Expression[] {dy.mul(first), dy.mul(first.affine(-1, 1))};
    }
}
