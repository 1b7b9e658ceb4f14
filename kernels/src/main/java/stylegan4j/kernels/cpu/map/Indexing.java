package stylegan4j.kernels.cpu.map;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.ReduceOp;
import stylegan4j.kernels.Strided;
import stylegan4j.kernels.cpu.Threads;

/** Picking along an axis by index, and the adjoints that add back. Indices are checked. */
public final class Indexing {
    private static final MapKernel KERNEL = MapKernel.CHOSEN;

    private Indexing() {
    }

    /** {@code y[…, i, …] = x[…, index[i], …]}. */
    public static void select(Threads threads, NdArray x, int axis, NdArray index, NdArray y) {
        gather("indexSelect", threads, x, axis, along(index, axis, y.shape()), y);
    }

    /** {@code y = 0}, then {@code y[…, index[i], …] += x[…, i, …]}, in the order of i. */
    public static void add(Threads threads, NdArray x, int axis, NdArray index, NdArray y) {
        scatterAdd("indexAdd", threads, x, axis, along(index, axis, x.shape()), y);
    }

    /** {@code y[…, i, …] = x[…, index[…, i, …], …]}. */
    public static void gather(Threads threads, NdArray x, int axis, NdArray index, NdArray y) {
        gather("gather", threads, x, axis, index, y);
    }

    /** {@code y = 0}, then {@code y[…, index[…, i, …], …] += x[…, i, …]}, in the order of i. */
    public static void scatterAdd(Threads threads, NdArray x, int axis, NdArray index, NdArray y) {
        scatterAdd("scatterAdd", threads, x, axis, index, y);
    }

    private static void gather(String name, Threads threads, NdArray x, int axis, NdArray index, NdArray y) {
        Operand in = Operand.of(x);
        Operand indices = Operand.of(index);
        Operand out = Operand.of(y);
        long step = x.strides()[axis];
        int size = x.size(axis);
        Strided layout = Strided.of(y.shape(), without(axis, x.strides()), index.strides(), y.strides());
        Blocks.parallel(threads, y.numel(), (from, to) -> {
            Runs runs = new Runs(layout, from);
            for (long at = from; at < to; ) {
                int n = runs.length(to - at);
                if (layout.innerStride(1) == 0) {
                    long row = step * pick(name, indices, runs.offset(1), size);
                    Packing.move(in.memory, in.at(runs.offset(0) + row), layout.innerStride(0),
                            out.memory, out.at(runs.offset(2)), layout.innerStride(2), n, in.bytes);
                } else {
                    for (int i = 0; i < n; i++) {
                        long row = step * pick(name, indices, runs.offset(1) + i * layout.innerStride(1), size);
                        float value = in.memory.get(JAVA_FLOAT,
                                in.at(runs.offset(0) + i * layout.innerStride(0) + row));
                        out.memory.set(JAVA_FLOAT, out.at(runs.offset(2) + i * layout.innerStride(2)), value);
                    }
                }
                at += n;
                runs.advance(n);
            }
        });
    }

    private static void scatterAdd(String name, Threads threads, NdArray x, int axis, NdArray index, NdArray y) {
        Operand in = Operand.of(x);
        Operand indices = Operand.of(index);
        Operand out = Operand.of(y);
        long step = y.strides()[axis];
        int size = y.size(axis);
        Strided layout = Strided.of(x.shape(), x.strides(), index.strides(), without(axis, y.strides()));
        boolean wholeRuns = layout.innerStride(0) == 1 && layout.innerStride(1) == 0 && layout.innerStride(2) == 1;
        // One task for everything that may meet in an element of y; it begins with zeros, which then are in its cache.
        long perTask = NdArray.numel(Arrays.copyOfRange(x.shape(), axis, x.rank()));
        long perResult = NdArray.numel(Arrays.copyOfRange(y.shape(), axis, y.rank()));
        boolean fills = y.isContiguous() && perTask > 0;
        if (!fills) {
            Movement.fill(threads, y, 0);
        }
        Blocks.parallel(threads, x.numel(), Math.max(1, perTask), (from, to) -> {
            if (fills) {
                out.slice(from / perTask * perResult, (to - from) / perTask * perResult).fill((byte) 0);
            }
            Runs runs = new Runs(layout, from);
            for (long at = from; at < to; ) {
                int n = runs.length(to - at);
                if (wholeRuns) {
                    long row = step * pick(name, indices, runs.offset(1), size);
                    KERNEL.accumulate(ReduceOp.SUM, in.slice(runs.offset(0), n), out.slice(runs.offset(2) + row, n), n);
                } else {
                    addEach(name, in, runs.offset(0), layout.innerStride(0), indices, runs.offset(1),
                            layout.innerStride(1), out, runs.offset(2), layout.innerStride(2), step, size, n);
                }
                at += n;
                runs.advance(n);
            }
        });
    }

    private static void addEach(String name, Operand x, long xFrom, long xStep, Operand index, long indexFrom,
                                long indexStep, Operand y, long yFrom, long yStep, long row, int size, int n) {
        MemorySegment in = x.memory;
        MemorySegment out = y.memory;
        long from = x.at(xFrom);
        long to = y.at(yFrom);
        for (int i = 0; i < n; i++) {
            long target = to + 4 * (i * yStep + row * pick(name, index, indexFrom + i * indexStep, size));
            out.set(JAVA_FLOAT, target, out.get(JAVA_FLOAT, target) + in.get(JAVA_FLOAT, from + 4 * i * xStep));
        }
    }

    /** A one-dimensional index, repeated over the other dimensions of {@code shape}. */
    private static NdArray along(NdArray index, int axis, int[] shape) {
        long[] strides = new long[shape.length];
        strides[axis] = index.strides()[0];
        return new NdArray(index.buffer(), index.type(), index.offset(), shape, strides);
    }

    private static long[] without(int axis, long[] strides) {
        long[] others = Arrays.copyOf(strides, strides.length);
        others[axis] = 0;
        return others;
    }

    private static int pick(String name, Operand indices, long at, int size) {
        int index = indices.memory.get(JAVA_INT, indices.at(at));
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException(name + ": index " + index + " is outside 0…" + (size - 1));
        }
        return index;
    }
}
