package stylegan4j.tensor.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.ElementwiseChain;
import stylegan4j.kernels.UnaryOp;

/** Writes a formula down as the steps that a backend takes. */
final class ChainWriter {
    private final int inputs;
    private final List<ElementwiseChain.Step> steps = new ArrayList<>();
    private final Map<Expression, Integer> numbers = new IdentityHashMap<>();

    private ChainWriter(int inputs) {
        this.inputs = inputs;
    }

    static ElementwiseChain chain(int inputs, Expression result) {
        ChainWriter writer = new ChainWriter(inputs);
        int last = writer.number(result);
        if (writer.steps.isEmpty()) {
            writer.step(new ElementwiseChain.Unary(UnaryOp.AFFINE, last, 1, 0));
        }
        return new ElementwiseChain(inputs, writer.steps);
    }

    private int number(Expression e) {
        Integer known = numbers.get(e);
        if (known == null) {
            known = switch (e) {
                case Expression.Input(int index) -> index;
                case Expression.Constant(double value) -> constant((float) value);
                case Expression.Unary(UnaryOp op, Expression x, double p, double q) ->
                        step(new ElementwiseChain.Unary(op, number(x), (float) p, (float) q));
                case Expression.Binary(BinaryOp op, Expression a, Expression b) ->
                        step(new ElementwiseChain.Binary(op, number(a), number(b)));
                case Expression.Where(Expression condition, Expression a, Expression b) ->
                        step(new ElementwiseChain.Where(number(condition), number(a), number(b)));
            };
            numbers.put(e, known);
        }
        return known;
    }

    /** Nothing is above infinity: this gives 0 for any input, NaN too. */
    private int constant(float value) {
        int zero = step(new ElementwiseChain.Unary(UnaryOp.GREATER, 0, Float.POSITIVE_INFINITY, 0));
        return value == 0 ? zero : step(new ElementwiseChain.Unary(UnaryOp.AFFINE, zero, 1, value));
    }

    private int step(ElementwiseChain.Step step) {
        steps.add(step);
        return inputs + steps.size() - 1;
    }

    /** Adds the numbers of the inputs that a formula reads. */
    static void inputs(Expression e, Set<Integer> numbers) {
        rebuilt(e, index -> {
            numbers.add(index);
            return new Expression.Input(index);
        }, new IdentityHashMap<>());
    }

    /** The formula with input {@code operands[k]} as its input k. */
    static Expression renumbered(Expression e, int[] operands) {
        return rebuilt(e, index -> new Expression.Input(Arrays.binarySearch(operands, index)),
                new IdentityHashMap<>());
    }

    private static Expression rebuilt(Expression e, IntFunction<Expression> input, Map<Expression, Expression> known) {
        Expression made = known.get(e);
        if (made == null) {
            made = switch (e) {
                case Expression.Input(int index) -> input.apply(index);
                case Expression.Constant constant -> constant;
                case Expression.Unary(UnaryOp op, Expression x, double p, double q) ->
                        new Expression.Unary(op, rebuilt(x, input, known), p, q);
                case Expression.Binary(BinaryOp op, Expression a, Expression b) ->
                        new Expression.Binary(op, rebuilt(a, input, known), rebuilt(b, input, known));
                case Expression.Where(Expression condition, Expression a, Expression b) ->
                        new Expression.Where(rebuilt(condition, input, known), rebuilt(a, input, known),
                                rebuilt(b, input, known));
            };
            known.put(e, made);
        }
        return made;
    }
}
