package stylegan4j.tensor.op;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.ElementwiseChain;
import stylegan4j.kernels.NdArray;
import stylegan4j.tensor.Autograd;
import stylegan4j.tensor.Node;
import stylegan4j.tensor.Scope;
import stylegan4j.tensor.Shapes;
import stylegan4j.tensor.Tensor;

/**
 * An elementwise function of several tensors that is computed in one pass over memory, and so are its gradients, of any
 * order. It rounds as its {@link #composite} does. To be made once, as a constant, where it can.
 */
public final class Pointwise {
    private final String name;
    private final int inputs;
    private final Expression result;
    private final ElementwiseChain chain;
    private Gradient[] gradients;

    /** What makes the gradient in one input: a function of some of the inputs, of the result and of dL/dy. */
    private record Gradient(Pointwise function, int[] operands) {
        static final Gradient NONE = new Gradient(null, new int[0]);

        boolean reads(int operand) {
            return Arrays.binarySearch(operands, operand) >= 0;
        }
    }

    private Pointwise(String name, int inputs, Expression result) {
        this.name = name;
        this.inputs = inputs;
        this.result = result;
        this.chain = inputs > ElementwiseChain.MOST_INPUTS ? null : ChainWriter.chain(inputs, result);
    }

    /** @param name for messages */
    public static Pointwise of(String name, UnaryOperator<Expression> formula) {
        return of(name, 1, x -> formula.apply(x.getFirst()));
    }

    /** @param name for messages */
    public static Pointwise of(String name, BinaryOperator<Expression> formula) {
        return of(name, 2, x -> formula.apply(x.getFirst(), x.getLast()));
    }

    /**
     * @param name for messages
     * @param inputs how many tensors it is a function of
     */
    public static Pointwise of(String name, int inputs, Function<List<Expression>, Expression> formula) {
        Expression[] arguments = new Expression[inputs];
        Arrays.setAll(arguments, Expression.Input::new);
        return new Pointwise(name, inputs, formula.apply(List.of(arguments)));
    }

    /**
     * The function's value.
     *
     * @param x floats whose shapes broadcast as in NumPy
     * @return F32, of their joint shape
     * @throws IllegalArgumentException if the shapes do not broadcast, or there are fewer or more tensors than inputs
     */
    public Tensor apply(Tensor... x) {
        int[] shape = shape(x);
        if (!isOnePass()) {
            return composite(x);
        }
        Tensor y = Tensor.allocate(shape);
        run(x, y.array());
        return record(y, x);
    }

    /**
     * Overwrites a leaf, which may be one of {@code x}, with the function's value; to be called with recording off.
     *
     * @throws IllegalArgumentException as {@link #apply}, or if the value has another shape
     */
    public void assign(Tensor leaf, Tensor... x) {
        boolean inPlace = isOnePass() && leaf.type() == DType.F32 && leaf.isContiguous()
                && Arrays.equals(shape(x), leaf.shape())
                && Arrays.stream(x).allMatch(t -> t == leaf || t.array().buffer() != leaf.array().buffer());
        try (var _ = Scope.open()) {
            if (inPlace) {
                leaf.written();
                run(x, leaf.array());
            } else {
                leaf.assign(apply(x));
            }
        }
    }

    /** A function of one step is a plain operation itself. */
    private boolean isOnePass() {
        return chain != null && (FusedConvolution.isFused() || chain.steps().size() == 1);
    }

    private int[] shape(Tensor[] x) {
        if (x.length != inputs) {
            throw new IllegalArgumentException(name + ": expected " + inputs + " tensors, got " + x.length);
        }
        int[] shape = x[0].shape();
        for (int i = 1; i < inputs; i++) {
            shape = Arrays.equals(shape, x[i].shape()) ? shape : Shapes.broadcast(name, shape, x[i].shape());
        }
        return shape;
    }

    private void run(Tensor[] x, NdArray y) {
        NdArray[] arrays = new NdArray[inputs];
        for (int i = 0; i < inputs; i++) {
            arrays[i] = Operands.broadcast(Operands.f32(name, x[i]), y.shape());
        }
        x[0].backend().chain(chain, List.of(arrays), y);
    }

    private Tensor record(Tensor y, Tensor[] x) {
        Tensor[] connected = new Tensor[inputs];
        Tensor[] read = new Tensor[inputs];
        boolean readsOutput = false;
        for (int i = 0; i < inputs; i++) {
            if (Autograd.enabled() && x[i].requiresGrad() && gradient(i) != Gradient.NONE) {
                Gradient gradient = gradient(i);
                connected[i] = x[i];
                for (int k = 0; k < inputs; k++) {
                    read[k] = gradient.reads(k) ? x[k] : read[k];
                }
                readsOutput |= gradient.reads(inputs);
            }
        }
        Node.Recording recording = Node.record(name, y, connected).saves(read);
        return (readsOutput ? recording.savesOutput() : recording).gradient((dy, node) -> {
            Tensor[] all = Arrays.copyOf(x, inputs + 2);
            Tensor[] dx = new Tensor[inputs];
            all[inputs + 1] = dy;
            for (int i = 0; i < inputs; i++) {
                if (node.needs(i)) {
                    all[inputs] = gradient(i).reads(inputs) ? node.output() : null;
                    dx[i] = Operands.sumTo(gradient(i, all), x[i].shape());
                }
            }
            return dx;
        });
    }

    private Tensor gradient(int i, Tensor[] all) {
        Gradient gradient = gradient(i);
        Tensor[] operands = new Tensor[gradient.operands.length];
        Arrays.setAll(operands, k -> all[gradient.operands[k]]);
        boolean isDy = gradient.function.result instanceof Expression.Input;
        return isDy ? operands[0] : gradient.function.apply(operands);
    }

    private synchronized Gradient gradient(int i) {
        if (gradients == null) {
            Expression[] formulas = Derivative.of(result, inputs);
            gradients = Arrays.stream(formulas).map(this::gradient).toArray(Gradient[]::new);
        }
        return gradients[i];
    }

    private Gradient gradient(Expression formula) {
        if (formula == null) {
            return Gradient.NONE;
        }
        TreeSet<Integer> used = new TreeSet<>();
        ChainWriter.inputs(formula, used);
        int[] operands = used.stream().mapToInt(Integer::intValue).toArray();
        return new Gradient(new Pointwise(name + "Gradient", operands.length,
                ChainWriter.renumbered(formula, operands)), operands);
    }

    /** The same made of plain operations: the reference. */
    public Tensor composite(Tensor... x) {
        Tensor y = composite(result, x, new IdentityHashMap<>());
        int[] shape = shape(x);
        return Arrays.equals(y.shape(), shape) ? y : y.expand(shape);
    }

    private static Tensor composite(Expression e, Tensor[] x, Map<Expression, Tensor> known) {
        Tensor value = known.get(e);
        if (value == null) {
            value = switch (e) {
                case Expression.Input(int index) -> x[index];
                case Expression.Constant(double number) -> Tensor.scalar((float) number);
                case Expression.Unary unary -> Elementwise.map(unary.op(), composite(unary.x(), x, known), unary.p(),
                        unary.q());
                case Expression.Binary binary -> Arithmetic.map(binary.op(), composite(binary.a(), x, known),
                        composite(binary.b(), x, known));
                case Expression.Where where -> Arithmetic.where(composite(where.condition(), x, known),
                        composite(where.a(), x, known), composite(where.b(), x, known));
            };
            known.put(e, value);
        }
        return value;
    }
}
