package stylegan4j.tensor.op;

import java.util.Arrays;
import stylegan4j.tensor.Node;
import stylegan4j.tensor.Shapes;
import stylegan4j.tensor.Tensor;

/** Matrix products. */
public final class MatMul {
    private MatMul() {
    }

    /**
     * [..., M, K] · [..., K, N] → [..., M, N]; leading dimensions broadcast.
     *
     * @throws IllegalArgumentException if an operand has rank below 2 or the inner sizes differ
     */
    public static Tensor matmul(Tensor a, Tensor b) {
        if (a.rank() < 2 || b.rank() < 2 || a.size(-1) != b.size(-2)) {
            throw new IllegalArgumentException("matmul: expected [..., M, K] and [..., K, N], got "
                    + Operands.shapes(a, b));
        }
        if (b.rank() == 2 && a.rank() > 2) {
            // One product with all rows of a: no reason to repeat it for each leading index.
            int[] shape = Shapes.with(a.shape(), a.rank() - 1, b.size(1));
            return matmul(a.reshape(-1, a.size(-1)), b).reshape(shape);
        }
        int[] batch = Shapes.broadcast("matmul", leading(a), leading(b));
        Tensor left = toBatch(a, batch);
        Tensor right = toBatch(b, batch);
        Tensor y = product(left, right);
        return y.reshape(concat(batch, a.size(-2), b.size(-1)));
    }

    /** {@code x·weightᵀ + bias}: x [..., in], weight [out, in], bias [out] or null → [..., out]. */
    public static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
        if (weight.rank() != 2 || x.rank() < 1 || x.size(-1) != weight.size(1)) {
            throw new IllegalArgumentException("linear: input features of x and weight differ, got "
                    + Operands.shapes(x, weight));
        }
        Tensor y = x.rank() == 1 ? matmul(x.unsqueeze(0), weight.t()).squeeze(0) : matmul(x, weight.t());
        return bias == null ? y : y.add(bias);
    }

    /** [B, M, K] · [B, K, N] */
    private static Tensor product(Tensor a, Tensor b) {
        Tensor y = Tensor.allocate(a.size(0), a.size(1), b.size(2));
        y.backend().matmul(Operands.f32("matmul", a).array(), Operands.f32("matmul", b).array(), y.array());
        return Node.record("matmul", y, a, b).saves(a, b).gradient((dy, node) -> new Tensor[] {
                node.needs(0) ? product(dy, b.t()) : null, node.needs(1) ? rightGradient(a, b, dy) : null});
    }

    /** {@code aᵀ·dy}, which lies in memory as b does: a transposed weight's gradient need not be copied later. */
    private static Tensor rightGradient(Tensor a, Tensor b, Tensor dy) {
        long[] strides = b.array().strides();
        return strides[1] < strides[2] ? product(dy.t(), a).t() : product(a.t(), dy);
    }

    private static int[] leading(Tensor x) {
        return Arrays.copyOf(x.shape(), x.rank() - 2);
    }

    private static Tensor toBatch(Tensor x, int[] batch) {
        int[] full = concat(batch, x.size(-2), x.size(-1));
        return x.expand(full).reshape(flat(batch, x));
    }

    private static int[] flat(int[] batch, Tensor x) {
        int n = 1;
        for (int d : batch) {
            n *= d;
        }
        return new int[] {n, x.size(-2), x.size(-1)};
    }

    private static int[] concat(int[] batch, int rows, int columns) {
        int[] shape = Arrays.copyOf(batch, batch.length + 2);
        shape[batch.length] = rows;
        shape[batch.length + 1] = columns;
        return shape;
    }
}
