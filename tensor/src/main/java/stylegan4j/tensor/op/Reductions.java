package stylegan4j.tensor.op;

import java.util.Locale;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.ReduceOp;
import stylegan4j.tensor.Node;
import stylegan4j.tensor.Shapes;
import stylegan4j.tensor.Tensor;

/** Sums, extremes and what is made of them. No dimensions given means all of them. */
public final class Reductions {
    private Reductions() {
    }

    public static Tensor sum(Tensor x, boolean keep, int... dims) {
        int[] kept = Shapes.reduced("sum", x.shape(), dims);
        Tensor y = reduce(ReduceOp.SUM, x, kept);
        Node.record("sum", y, x).gradient((dy, node) -> new Tensor[] {Views.expand(dy, x.shape())});
        return keep ? y : Views.reshape(y, Shapes.without("sum", x.shape(), dims));
    }

    public static Tensor mean(Tensor x, boolean keep, int... dims) {
        Tensor sum = sum(x, keep, dims);
        return sum.mul(sum.numel() / (double) x.numel());
    }

    /** Biased variance; the reduced dimensions stay with size 1. */
    public static Tensor varianceKeep(Tensor x, int... dims) {
        return x.sub(x.meanKeep(dims)).square().meanKeep(dims);
    }

    /** {@code Σ x²} in one pass. */
    public static Tensor sumOfSquares(Tensor x, boolean keep, int... dims) {
        Tensor y = reduce(ReduceOp.SUM_OF_SQUARES, x, Shapes.reduced("sumOfSquares", x.shape(), dims));
        Node.record("sumOfSquares", y, x).saves(x).gradient((dy, node) -> {
            Tensor factors = dy.mul(2);
            Tensor sum = isFactorOfRuns(factors, x) ? node.gradientSoFar() : null;
            return new Tensor[] {sum == null ? x.mul(factors) : addScaled(x, factors, sum)};
        });
        return keep ? y : Views.reshape(y, Shapes.without("sumOfSquares", x.shape(), dims));
    }

    private static boolean isFactorOfRuns(Tensor factors, Tensor x) {
        int d = 0;
        while (d < x.rank() && factors.size(d) == x.size(d)) {
            d++;
        }
        while (d < x.rank() && factors.size(d) == 1) {
            d++;
        }
        return d == x.rank() && x.type() == DType.F32 && x.isContiguous();
    }

    /** {@code x·factors + sum}, where no graph is recorded. */
    private static Tensor addScaled(Tensor x, Tensor factors, Tensor sum) {
        Tensor y = Tensor.allocate(x.shape());
        y.backend().addScaled(x.array(), Operands.dense("sumOfSquares", factors).array(),
                Operands.dense("sumOfSquares", sum).array(), y.array());
        return y;
    }

    /** {@code Σ a·b} in one pass, over some dimensions of the shape that both broadcast to. */
    public static Tensor sumOfProducts(Tensor a, Tensor b, boolean keep, int... dims) {
        int[] shape = Shapes.broadcast("sumOfProducts", a.shape(), b.shape());
        Tensor y = Tensor.allocate(Shapes.reduced("sumOfProducts", shape, dims));
        y.backend().sumOfProducts(Operands.broadcast(Operands.readable("sumOfProducts", a), shape),
                Operands.broadcast(Operands.readable("sumOfProducts", b), shape), y.array());
        Node.record("sumOfProducts", y, a, b).saves(a, b).gradient((dy, node) -> new Tensor[] {
                node.needs(0) ? Operands.sumTo(Views.expand(dy, shape).mul(b), a.shape()) : null,
                node.needs(1) ? Operands.sumTo(Views.expand(dy, shape).mul(a), b.shape()) : null});
        return keep ? y : Views.reshape(y, Shapes.without("sumOfProducts", shape, dims));
    }

    /** Largest elements; equal ones share the gradient. */
    public static Tensor max(Tensor x, boolean keep, int... dims) {
        return extreme(ReduceOp.MAXIMUM, x, keep, dims);
    }

    /** Smallest elements; equal ones share the gradient. */
    public static Tensor min(Tensor x, boolean keep, int... dims) {
        return extreme(ReduceOp.MINIMUM, x, keep, dims);
    }

    private static Tensor extreme(ReduceOp op, Tensor x, boolean keep, int... dims) {
        int[] kept = Shapes.reduced("extreme", x.shape(), dims);
        if (x.numel() == 0) {
            throw new IllegalArgumentException(op.name().toLowerCase(Locale.ROOT) + ": no elements in " + x.describe());
        }
        Tensor y = reduce(op, x, kept);
        Node.record(op.name(), y, x).saves(x).savesOutput().gradient((dy, node) -> {
            Tensor mask = Arithmetic.equal(x, node.output());
            return new Tensor[] {mask.mul(dy.div(mask.sumKeep(dims)))};
        });
        return keep ? y : Views.reshape(y, Shapes.without("extreme", x.shape(), dims));
    }

    /** Softmax over the last dimension. */
    public static Tensor softmax(Tensor x) {
        Tensor y = Tensor.allocate(x.shape());
        y.backend().softmax(Operands.dense("softmax", x).array(), y.array());
        return Node.record("softmax", y, x).savesOutput().gradient((dy, node) -> {
            Tensor p = node.output();
            return new Tensor[] {p.mul(dy.sub(sumOfProducts(dy, p, true, -1)))};
        });
    }

    /** Logarithm of the softmax over the last dimension. */
    public static Tensor logSoftmax(Tensor x) {
        Tensor shifted = x.sub(max(x.detach(), true, -1));
        return shifted.sub(shifted.exp().sumKeep(-1).log());
    }

    /** Indices ({@link DType#I32}) of the first largest elements along {@code dim}, which disappears. */
    public static Tensor argMax(Tensor x, int dim) {
        int axis = Shapes.axis("argMax", dim, x.rank());
        if (x.size(axis) == 0) {
            throw new IllegalArgumentException("argMax: no elements along dimension " + dim + " of " + x.describe());
        }
        Tensor y = Tensor.allocate(DType.I32, Shapes.with(x.shape(), axis, 1));
        y.backend().argMax(Operands.f32("argMax", x).array(), axis, y.array());
        return Views.squeeze(y, axis);
    }

    /** Running sums along the last dimension. */
    public static Tensor cumulativeSum(Tensor x) {
        Tensor y = Tensor.allocate(x.shape());
        y.backend().cumulativeSum(Operands.dense("cumulativeSum", x).array(), y.array());
        return Node.record("cumulativeSum", y, x)
                .gradient((dy, node) -> new Tensor[] {cumulativeSum(dy.flip(-1)).flip(-1)});
    }

    private static Tensor reduce(ReduceOp op, Tensor x, int[] shape) {
        Tensor in = Operands.readable(op.name(), x);
        Tensor y = Tensor.allocate(shape);
        y.backend().reduce(op, in.array(), y.array());
        return y;
    }
}
