package stylegan4j.tensor.op;

import java.util.Arrays;
import stylegan4j.kernels.DType;
import stylegan4j.tensor.Node;
import stylegan4j.tensor.Shapes;
import stylegan4j.tensor.Tensor;

/** Picking elements by index tensors ({@link DType#I32}), and adding them back. */
public final class Indexing {
    private Indexing() {
    }

    /** {@code y[…, i, …] = x[…, index[i], …]} along {@code dim}; index [n]. */
    public static Tensor indexSelect(Tensor x, int dim, Tensor index) {
        int axis = Shapes.axis("indexSelect", dim, x.rank());
        Operands.rank("indexSelect", "index", Operands.indices("indexSelect", index), 1);
        check("indexSelect", index, x.size(axis));
        return select(x, axis, index);
    }

    /** {@code y[…, i, …] = x[…, index[…, i, …], …]}: index of x's rank, equal to x in the other dimensions. */
    public static Tensor gather(Tensor x, int dim, Tensor index) {
        int axis = Shapes.axis("gather", dim, x.rank());
        Operands.rank("gather", "index", Operands.indices("gather", index), x.rank());
        for (int i = 0; i < x.rank(); i++) {
            if (i != axis && x.size(i) != index.size(i)) {
                throw new IllegalArgumentException("gather: shapes differ outside dimension " + dim + ": "
                        + Operands.shapes(x, index));
            }
        }
        check("gather", index, x.size(axis));
        return pick(x, axis, index);
    }

    /** Rows of {@code table} [rows, features] for each index [...] → [..., features]. */
    public static Tensor embedding(Tensor table, Tensor index) {
        Operands.rank("embedding", "table", table, 2);
        int[] shape = Arrays.copyOf(index.shape(), index.rank() + 1);
        shape[index.rank()] = table.size(1);
        return indexSelect(table, 0, index.reshape(-1)).reshape(shape);
    }

    private static Tensor select(Tensor x, int axis, Tensor index) {
        Tensor y = Tensor.allocate(Shapes.with(x.shape(), axis, index.size(0)));
        y.backend().indexSelect(Operands.f32("indexSelect", x).array(), axis, index.array(), y.array());
        int size = x.size(axis);
        return Node.record("indexSelect", y, x).saves(index)
                .gradient((dy, node) -> new Tensor[] {add(dy, axis, index, size)});
    }

    private static Tensor add(Tensor x, int axis, Tensor index, int size) {
        Tensor y = Tensor.allocate(Shapes.with(x.shape(), axis, size));
        y.backend().indexAdd(Operands.f32("indexAdd", x).array(), axis, index.array(), y.array());
        return Node.record("indexAdd", y, x).saves(index)
                .gradient((dy, node) -> new Tensor[] {select(dy, axis, index)});
    }

    /** {@link #gather} with indices known to be in range. */
    static Tensor pick(Tensor x, int axis, Tensor index) {
        Tensor y = Tensor.allocate(index.shape());
        y.backend().gather(Operands.f32("gather", x).array(), axis, index.array(), y.array());
        return picked(y, x, axis, index);
    }

    /** {@code y = }{@link #pick pick(x, axis, index)} as a function of x, where y has been computed already. */
    static Tensor picked(Tensor y, Tensor x, int axis, Tensor index) {
        int size = x.size(axis);
        return Node.record("gather", y, x).saves(index)
                .gradient((dy, node) -> new Tensor[] {scatter(dy, axis, index, size)});
    }

    private static Tensor scatter(Tensor x, int axis, Tensor index, int size) {
        Tensor y = Tensor.allocate(Shapes.with(x.shape(), axis, size));
        y.backend().scatterAdd(Operands.f32("scatterAdd", x).array(), axis, index.array(), y.array());
        return Node.record("scatterAdd", y, x).saves(index)
                .gradient((dy, node) -> new Tensor[] {pick(dy, axis, index)});
    }

    /** Kernels trust indices: one out of range would read foreign memory. */
    private static void check(String op, Tensor index, int size) {
        for (int i : index.toIntArray()) {
            if (i < 0 || i >= size) {
                throw new IllegalArgumentException(op + ": index " + i + " outside 0.." + (size - 1));
            }
        }
    }
}
