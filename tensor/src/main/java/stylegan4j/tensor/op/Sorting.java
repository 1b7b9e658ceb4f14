package stylegan4j.tensor.op;

import stylegan4j.kernels.DType;
import stylegan4j.tensor.Tensor;

/** Order along the last dimension. */
public final class Sorting {
    private Sorting() {
    }

    /** Indices ({@link DType#I32}) that sort the last dimension stably, NaN last. */
    public static Tensor argSort(Tensor x, boolean descending) {
        Tensor y = Tensor.allocate(DType.I32, x.shape());
        y.backend().argSort(Operands.dense("argSort", x).array(), descending, y.array());
        return y;
    }

    /** The last dimension sorted; the gradient follows the elements. */
    public static Tensor sort(Tensor x, boolean descending) {
        return Indexing.gather(x, -1, argSort(x.detach(), descending));
    }
}
