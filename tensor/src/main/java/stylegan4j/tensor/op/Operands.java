package stylegan4j.tensor.op;

import java.util.Arrays;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.tensor.Shapes;
import stylegan4j.tensor.Tensor;

/** Checks and conversions that operations make before they call a kernel. */
final class Operands {
    private Operands() {
    }

    /** Half types widened. Index tensors are no operands of arithmetic. */
    static Tensor f32(String op, Tensor x) {
        if (x.type() == DType.F32) {
            return x;
        }
        if (x.type() == DType.I32) {
            throw new IllegalArgumentException(op + ": expected a float tensor, got " + x.describe());
        }
        return Views.to(x, DType.F32);
    }

    /** Half types as they are where the device's kernels read them, else widened. */
    static Tensor readable(String op, Tensor x) {
        return x.type() != DType.I32 && x.backend().convolvesHalf() ? x : f32(op, x);
    }

    /** F32 and dense. */
    static Tensor dense(String op, Tensor x) {
        return Views.contiguous(f32(op, x));
    }

    static Tensor indices(String op, Tensor index) {
        if (index.type() != DType.I32) {
            throw new IllegalArgumentException(op + ": index must be I32, got " + index.describe());
        }
        return index;
    }

    static void rank(String op, String argument, Tensor x, int rank) {
        if (x.rank() != rank) {
            throw new IllegalArgumentException(op + ": " + argument + " must have rank " + rank + ", got "
                    + x.describe());
        }
    }

    /** x's memory repeated to {@code shape} by zero strides. */
    static NdArray broadcast(Tensor x, int[] shape) {
        NdArray a = x.array();
        long[] strides = new long[shape.length];
        int shift = shape.length - a.rank();
        for (int i = 0; i < a.rank(); i++) {
            strides[i + shift] = a.shape()[i] == 1 && shape[i + shift] != 1 ? 0 : a.strides()[i];
        }
        return new NdArray(a.buffer(), a.type(), a.offset(), shape, strides);
    }

    /** The sum of g over the dimensions along which {@code shape} was broadcast to g's shape. */
    static Tensor sumTo(Tensor g, int[] shape) {
        int[] from = g.shape();
        if (Arrays.equals(from, shape)) {
            return g;
        }
        int extra = from.length - shape.length;
        int[] dims = new int[from.length];
        int n = 0;
        for (int i = 0; i < from.length; i++) {
            if (i < extra || shape[i - extra] == 1 && from[i] != 1) {
                dims[n++] = i;
            }
        }
        Tensor sum = n == 0 ? g : Reductions.sum(g, true, Arrays.copyOf(dims, n));
        return Views.reshape(sum, shape);
    }

    static String shapes(Tensor... tensors) {
        StringBuilder text = new StringBuilder();
        for (Tensor t : tensors) {
            text.append(text.isEmpty() ? "" : ", ").append(t == null ? "none" : Shapes.format(t.shape()));
        }
        return text.toString();
    }
}
