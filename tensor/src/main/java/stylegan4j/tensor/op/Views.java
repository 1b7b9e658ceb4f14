package stylegan4j.tensor.op;

import java.util.Arrays;
import java.util.List;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.tensor.Node;
import stylegan4j.tensor.Shapes;
import stylegan4j.tensor.Tensor;

/** Other ways to look at the same elements, and copies where there is no other way. */
public final class Views {
    private Views() {
    }

    /**
     * The same elements in another shape, sharing memory where the strides allow it.
     *
     * @param shape sizes; one may be −1
     */
    public static Tensor reshape(Tensor x, int... shape) {
        int[] target = resolve(x, shape);
        if (Arrays.equals(target, x.shape())) {
            return x;
        }
        NdArray a = x.array();
        long[] strides = stridesFor(a, target);
        if (strides == null) {
            return reshape(copy(x), target);
        }
        return Node.record("reshape", x.view(a.offset(), target, strides), x)
                .gradient((dy, node) -> new Tensor[] {reshape(dy, x.shape())});
    }

    /** Joins dimensions {@code from} … {@code to}. */
    public static Tensor flatten(Tensor x, int from, int to) {
        int first = Shapes.axis("flatten", from, x.rank());
        int last = Shapes.axis("flatten", to, x.rank());
        int[] shape = new int[x.rank() - (last - first)];
        int joined = 1;
        for (int i = 0; i < x.rank(); i++) {
            if (i < first) {
                shape[i] = x.size(i);
            } else if (i <= last) {
                joined *= x.size(i);
                shape[first] = joined;
            } else {
                shape[i - (last - first)] = x.size(i);
            }
        }
        return reshape(x, shape);
    }

    public static Tensor permute(Tensor x, int... dims) {
        if (dims.length != x.rank()) {
            throw new IllegalArgumentException("permute: " + Arrays.toString(dims) + " for " + x.describe());
        }
        NdArray a = x.array();
        int[] shape = new int[dims.length];
        long[] strides = new long[dims.length];
        int[] inverse = new int[dims.length];
        Arrays.fill(inverse, -1);
        for (int i = 0; i < dims.length; i++) {
            int axis = Shapes.axis("permute", dims[i], x.rank());
            if (inverse[axis] >= 0) {
                throw new IllegalArgumentException("permute: dimension " + dims[i] + " twice in "
                        + Arrays.toString(dims));
            }
            shape[i] = a.shape()[axis];
            strides[i] = a.strides()[axis];
            inverse[axis] = i;
        }
        return Node.record("permute", x.view(a.offset(), shape, strides), x)
                .gradient((dy, node) -> new Tensor[] {permute(dy, inverse)});
    }

    public static Tensor transpose(Tensor x, int a, int b) {
        int[] dims = new int[x.rank()];
        Arrays.setAll(dims, i -> i);
        int first = Shapes.axis("transpose", a, x.rank());
        int second = Shapes.axis("transpose", b, x.rank());
        dims[first] = second;
        dims[second] = first;
        return permute(x, dims);
    }

    /** Repeats dimensions of size 1 (and new leading ones) without copying; −1 keeps a size. */
    public static Tensor expand(Tensor x, int... shape) {
        int shift = shape.length - x.rank();
        int[] target = shape.clone();
        boolean fits = shift >= 0;
        for (int i = 0; fits && i < target.length; i++) {
            int own = i < shift ? 1 : x.size(i - shift);
            if (target[i] == -1 && i >= shift) {
                target[i] = own;
            }
            fits = target[i] == own || own == 1 && target[i] >= 0;
        }
        if (!fits) {
            throw new IllegalArgumentException("expand: " + x.describe() + " to " + Shapes.format(shape));
        }
        if (Arrays.equals(target, x.shape())) {
            return x;
        }
        NdArray a = Operands.broadcast(x, target);
        return Node.record("expand", x.view(a.offset(), target, a.strides()), x)
                .gradient((dy, node) -> new Tensor[] {Operands.sumTo(dy, x.shape())});
    }

    /** Every {@code step}-th element of {@code from} … {@code to}−1 along {@code dim}. */
    public static Tensor slice(Tensor x, int dim, int from, int to, int step) {
        int axis = Shapes.axis("slice", dim, x.rank());
        int size = x.size(axis);
        if (from < 0 || to < from || to > size || step < 1) {
            throw new IllegalArgumentException("slice: " + from + ".." + to + " step " + step + " of dimension "
                    + dim + " of " + x.describe());
        }
        if (from == 0 && to == size && step == 1) {
            return x;
        }
        NdArray a = x.array();
        int[] shape = Shapes.with(x.shape(), axis, Math.ceilDiv(to - from, step));
        long[] strides = a.strides().clone();
        strides[axis] *= step;
        return Node.record("slice", x.view(a.offset() + from * a.strides()[axis], shape, strides), x)
                .gradient((dy, node) -> new Tensor[] {embed(dy, axis, from, step, size)});
    }

    /** Zeros of length {@code size} along {@code axis}, with x's elements at from, from+step, …: slice's adjoint. */
    private static Tensor embed(Tensor x, int axis, int from, int step, int size) {
        Tensor y = Tensor.zeros(Shapes.with(x.shape(), axis, size));
        NdArray a = y.array();
        long[] strides = a.strides().clone();
        strides[axis] *= step;
        NdArray target = new NdArray(a.buffer(), a.type(), a.offset() + from * a.strides()[axis], x.shape(), strides);
        y.backend().copy(Operands.f32("embed", x).array(), target);
        int to = Math.min(size, from + x.size(axis) * step);
        return Node.record("embed", y, x)
                .gradient((dy, node) -> new Tensor[] {slice(dy, axis, from, to, step)});
    }

    /** One element along {@code dim}, which disappears; negative indices count from the end. */
    public static Tensor select(Tensor x, int dim, int index) {
        int axis = Shapes.axis("select", dim, x.rank());
        int i = index < 0 ? index + x.size(axis) : index;
        if (i < 0 || i >= x.size(axis)) {
            throw new IllegalArgumentException("select: index " + index + " of dimension " + dim + " of "
                    + x.describe());
        }
        return squeeze(slice(x, axis, i, i + 1, 1), axis);
    }

    /** Inserts a dimension of size 1 before {@code dim} (−1: at the end). */
    public static Tensor unsqueeze(Tensor x, int dim) {
        int axis = Shapes.axis("unsqueeze", dim, x.rank() + 1);
        int[] shape = new int[x.rank() + 1];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = i < axis ? x.size(i) : i == axis ? 1 : x.size(i - 1);
        }
        return reshape(x, shape);
    }

    /** Removes a dimension of size 1. */
    public static Tensor squeeze(Tensor x, int dim) {
        int axis = Shapes.axis("squeeze", dim, x.rank());
        if (x.size(axis) != 1) {
            throw new IllegalArgumentException("squeeze: dimension " + dim + " of " + x.describe() + " is not 1");
        }
        return reshape(x, Shapes.without("squeeze", x.shape(), axis));
    }

    /** Reverses the given dimensions. */
    public static Tensor flip(Tensor x, int... dims) {
        NdArray a = x.array();
        long offset = a.offset();
        long[] strides = a.strides().clone();
        for (int d : dims) {
            int axis = Shapes.axis("flip", d, x.rank());
            offset += Math.max(0, a.shape()[axis] - 1) * strides[axis];
            strides[axis] = -strides[axis];
        }
        return Node.record("flip", x.view(offset, x.shape(), strides), x)
                .gradient((dy, node) -> new Tensor[] {flip(dy, dims)});
    }

    /** Puts tensors one after another along {@code dim}; their other sizes must agree. */
    public static Tensor concat(List<Tensor> parts, int dim) {
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("concat: no tensors");
        }
        Tensor first = parts.getFirst();
        int axis = Shapes.axis("concat", dim, first.rank());
        int total = 0;
        for (Tensor part : parts) {
            if (part.rank() != first.rank()
                    || !Arrays.equals(Shapes.with(part.shape(), axis, 1), Shapes.with(first.shape(), axis, 1))) {
                throw new IllegalArgumentException("concat: along dimension " + dim + " shapes differ elsewhere: "
                        + Operands.shapes(parts.toArray(Tensor[]::new)));
            }
            total += part.size(axis);
        }
        Tensor y = Tensor.allocate(Shapes.with(first.shape(), axis, total));
        NdArray out = y.array();
        long at = 0;
        for (Tensor part : parts) {
            y.backend().copy(Operands.f32("concat", part).array(), new NdArray(out.buffer(), out.type(),
                    out.offset() + at * out.strides()[axis], part.shape(), out.strides()));
            at += part.size(axis);
        }
        return Node.record("concat", y, parts.toArray(Tensor[]::new)).gradient((dy, node) -> {
            Tensor[] gradients = new Tensor[parts.size()];
            int from = 0;
            for (int i = 0; i < gradients.length; i++) {
                int to = from + parts.get(i).size(axis);
                gradients[i] = node.needs(i) ? slice(dy, axis, from, to, 1) : null;
                from = to;
            }
            return gradients;
        });
    }

    /** Puts tensors of one shape side by side along a new dimension. */
    public static Tensor stack(List<Tensor> parts, int dim) {
        return concat(parts.stream().map(p -> unsqueeze(p, dim)).toList(), dim);
    }

    /** The same elements, dense; x itself where it is dense already. */
    public static Tensor contiguous(Tensor x) {
        return x.isContiguous() ? x : copy(x);
    }

    /** The same values as another type; x itself where it has it already. */
    public static Tensor to(Tensor x, DType type) {
        if (x.type() == type) {
            return x;
        }
        Tensor y = Tensor.allocate(type, x.shape());
        y.backend().copy(x.array(), y.array());
        return type == DType.I32 ? y : Node.record("to", y, x).gradient((dy, node) -> new Tensor[] {dy});
    }

    /** x as a value of its own in the graph: its gradient can be told from that of x's other uses. */
    public static Tensor identity(Tensor x) {
        NdArray a = x.array();
        return Node.record("identity", x.view(a.offset(), x.shape(), a.strides()), x)
                .gradient((dy, node) -> new Tensor[] {dy});
    }

    private static Tensor copy(Tensor x) {
        Tensor y = Tensor.allocate(x.type(), x.shape());
        y.backend().copy(x.array(), y.array());
        return Node.record("copy", y, x).gradient((dy, node) -> new Tensor[] {dy});
    }

    private static int[] resolve(Tensor x, int[] shape) {
        int[] target = shape.clone();
        int open = -1;
        long known = 1;
        boolean fits = true;
        for (int i = 0; i < target.length; i++) {
            if (target[i] == -1 && open < 0) {
                open = i;
            } else {
                fits &= target[i] >= 0;
                known *= target[i];
            }
        }
        if (fits && open >= 0 && known > 0) {
            target[open] = Math.toIntExact(x.numel() / known);
            known *= target[open];
        }
        if (!fits || open >= 0 && target[open] < 0 || known != x.numel()) {
            throw new IllegalArgumentException("reshape: " + x.describe() + " to " + Shapes.format(shape));
        }
        return target;
    }

    /** Strides that show a's elements in row-major order as {@code target}, or null if only a copy can. */
    private static long[] stridesFor(NdArray a, int[] target) {
        if (a.isContiguous() || a.numel() == 0) {
            return NdArray.rowMajorStrides(target);
        }
        // Dimensions of size 1 have no say; the others are matched run by run, from the inside.
        int[] sizes = new int[a.rank()];
        long[] steps = new long[a.rank()];
        int n = 0;
        for (int i = a.rank() - 1; i >= 0; i--) {
            if (a.shape()[i] != 1) {
                sizes[n] = a.shape()[i];
                steps[n++] = a.strides()[i];
            }
        }
        long[] strides = new long[target.length];
        int at = 0;
        long left = n > 0 ? sizes[0] : 1;
        long step = n > 0 ? steps[0] : 1;
        for (int i = target.length - 1; i >= 0; i--) {
            if (left == 1 && at + 1 < n && target[i] != 1) {
                at++;
                left = sizes[at];
                step = steps[at];
            }
            while (left % target[i] != 0 && at + 1 < n && steps[at + 1] == step * left) {
                left *= sizes[++at];
            }
            if (left % target[i] != 0) {
                return null;
            }
            strides[i] = step;
            step *= target[i];
            left /= target[i];
        }
        return strides;
    }
}
