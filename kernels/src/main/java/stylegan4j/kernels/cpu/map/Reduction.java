package stylegan4j.kernels.cpu.map;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.ReduceOp;
import stylegan4j.kernels.cpu.Threads;

/**
 * Reductions over any set of dimensions. The array is seen as a matrix of kept and reduced elements, and read row by
 * row or column by column, whichever follows memory. Sums run in float over short stretches, whose results are added
 * in double: the error does not grow with the length.
 */
public final class Reduction {
    private static final MapKernel KERNEL = MapKernel.CHOSEN;

    /** Blocks added to one another in float before the sums move on to double. */
    private static final int STRETCH = 64;
    /** Tasks that are enough to keep all threads busy. */
    private static final int MANY = 64;

    private Reduction() {
    }

    /** What is reduced, in row-major order. */
    @FunctionalInterface
    private interface Elements {
        /** A dense block of {@code n} elements, n at most {@link Blocks#SIZE}; valid until the next call. */
        MemorySegment read(long from, int n);
    }

    /** y has x's rank, with size 1 in each reduced dimension. */
    public static void reduce(Threads threads, ReduceOp op, NdArray x, NdArray y) {
        reduce(threads, op, x, y, (outer, inner) -> {
            Operand in = permuted(x, outer, inner);
            return () -> in.reader(0)::read;
        });
    }

    /** {@code y = Σ a·b}; a and b have y's rank, y size 1 in each reduced dimension. */
    public static void sumOfProducts(Threads threads, NdArray a, NdArray b, NdArray y) {
        reduce(threads, ReduceOp.SUM, a, y, (outer, inner) -> {
            Operand first = permuted(a, outer, inner);
            Operand second = permuted(b, outer, inner);
            return () -> products(first.reader(0), second.reader(2), Blocks.scratch(3));
        });
    }

    private static Elements products(Operand.Reader a, Operand.Reader b, MemorySegment block) {
        return (from, n) -> {
            KERNEL.binary(BinaryOp.MULTIPLY, a.read(from, n), b.read(from, n), block, n);
            return block;
        };
    }

    /**
     * @param x for its shape and its order in memory
     * @param arranged gives, for dimensions in an order, what makes a reader of the elements in that order
     */
    private static void reduce(Threads threads, ReduceOp op, NdArray x, NdArray y,
                               BiFunction<int[], int[], Supplier<Elements>> arranged) {
        if (x.numel() == 0) {
            Movement.fill(threads, y, ScalarMapKernel.identity(op));
            return;
        }
        int[] kept = IntStream.range(0, x.rank()).filter(d -> x.size(d) == y.size(d)).toArray();
        int[] reduced = IntStream.range(0, x.rank()).filter(d -> x.size(d) != y.size(d)).toArray();
        long outputs = y.numel();
        long length = x.numel() / outputs;
        Operand out = Operand.of(y);
        if (isReducedInside(x, y)) {
            rows(threads, op, arranged.apply(kept, reduced), outputs, length, out);
        } else {
            columns(threads, op, arranged.apply(reduced, kept), length, outputs, out);
        }
    }

    /** Whether neighbours in memory are reduced to one. */
    private static boolean isReducedInside(NdArray x, NdArray y) {
        int inner = -1;
        for (int d = 0; d < x.rank(); d++) {
            if (x.size(d) > 1 && (inner < 0 || x.strides()[d] <= x.strides()[inner])) {
                inner = d;
            }
        }
        return inner >= 0 && x.size(inner) != y.size(inner);
    }

    private static Operand permuted(NdArray x, int[] outer, int[] inner) {
        int[] order = IntStream.concat(Arrays.stream(outer), Arrays.stream(inner)).toArray();
        int[] shape = Arrays.stream(order).map(x::size).toArray();
        long[] strides = Arrays.stream(order).mapToLong(d -> x.strides()[d]).toArray();
        return Operand.of(x, shape, strides);
    }

    // ---- x [rows, length] → y [rows]

    private static void rows(Threads threads, ReduceOp op, Supplier<Elements> x, long rows, long length, Operand y) {
        if (length <= Blocks.SIZE) {
            shortRows(threads, op, x, rows, (int) length, y);
            return;
        }
        int segments = Math.toIntExact(Math.ceilDiv(length, Blocks.TASK));
        double[] partial = new double[Math.toIntExact(rows * segments)];
        Blocks.parallel(threads, partial.length, Math.max(1, Blocks.TASK / length), (from, to) -> {
            Elements reader = x.get();
            for (int i = (int) from; i < to; i++) {
                long start = i % segments * (long) Blocks.TASK;
                long end = Math.min(length, start + Blocks.TASK);
                partial[i] = reduced(op, reader, i / segments * length, start, end);
            }
        });
        for (int row = 0; row < rows; row++) {
            double result = partial[row * segments];
            for (int i = 1; i < segments; i++) {
                result = ScalarMapKernel.combine(op, result, partial[row * segments + i]);
            }
            y.memory.set(JAVA_FLOAT, y.at(row), (float) result);
        }
    }

    private static double reduced(ReduceOp op, Elements x, long row, long start, long end) {
        double result = ScalarMapKernel.identity(op);
        for (long at = start; at < end; at += Blocks.SIZE) {
            int n = (int) Math.min(Blocks.SIZE, end - at);
            result = ScalarMapKernel.combine(op, result, KERNEL.reduce(op, x.read(row + at, n), 0, n));
        }
        return result;
    }

    private static void shortRows(Threads threads, ReduceOp op, Supplier<Elements> x, long rows, int length, Operand y) {
        int together = Blocks.SIZE / length;
        Blocks.parallel(threads, rows, Blocks.TASK / Blocks.SIZE * together, (from, to) -> {
            Elements reader = x.get();
            for (long row = from; row < to; row += together) {
                int count = (int) Math.min(together, to - row);
                MemorySegment block = reader.read(row * length, count * length);
                KERNEL.reduceRows(op, block, count, length, y.slice(row, count));
            }
        });
    }

    // ---- x [length, columns] → y [columns]

    /**
     * Adds blocks to one another, element by element. Narrow rows are added several at a time: the rows of a block
     * meet only at the end.
     */
    private static void columns(Threads threads, ReduceOp op, Supplier<Elements> x, long length, long columns, Operand y) {
        int width = (int) Math.min(columns, Blocks.SIZE);
        int together = Blocks.SIZE / width;
        int chunks = Math.toIntExact(Math.ceilDiv(columns, width));
        long steps = Math.ceilDiv(length, together);
        int segments = (int) Math.min(Math.ceilDiv(steps, Blocks.TASK / Blocks.SIZE), Math.max(1, MANY / chunks));
        long perSegment = Math.ceilDiv(steps, segments) * together;
        double[][] partial = new double[chunks * segments][];
        Blocks.parallel(threads, partial.length, 1, (from, to) -> {
            for (int task = (int) from; task < to; task++) {
                long column = (long) (task / segments) * width;
                long start = task % segments * perSegment;
                long end = Math.min(length, start + perSegment);
                double[] sums = reduced(op, x, columns, column, (int) Math.min(width, columns - column), start, end);
                if (segments > 1) {
                    partial[task] = sums;
                } else {
                    write(sums, y, column);
                }
            }
        });
        for (int chunk = 0; segments > 1 && chunk < chunks; chunk++) {
            double[] result = partial[chunk * segments];
            for (int segment = 1; segment < segments; segment++) {
                double[] more = partial[chunk * segments + segment];
                for (int i = 0; i < result.length; i++) {
                    result[i] = ScalarMapKernel.combine(op, result[i], more[i]);
                }
            }
            write(result, y, (long) chunk * width);
        }
    }

    /** Rows {@code start … end} of {@code width} columns; more than one row at a time only when these are all. */
    private static double[] reduced(ReduceOp op, Supplier<Elements> x, long columns, long column, int width, long start,
                                    long end) {
        Elements reader = x.get();
        MemorySegment sums = Blocks.scratch(1);
        int together = width < columns ? 1 : Blocks.SIZE / width;
        double[] result = new double[width];
        Arrays.fill(result, ScalarMapKernel.identity(op));
        for (long row = start; row < end; ) {
            int used = (int) Math.min(together, end - row) * width;
            fill(sums, ScalarMapKernel.identity(op), used);
            for (int step = 0; step < STRETCH && row < end; step++) {
                int n = (int) Math.min(together, end - row) * width;
                KERNEL.accumulate(op, reader.read(row * columns + column, n), sums, n);
                row += together;
            }
            for (int i = 0; i < used; i++) {
                int target = i % width;
                result[target] = ScalarMapKernel.combine(op, result[target], sums.getAtIndex(JAVA_FLOAT, i));
            }
        }
        return result;
    }

    private static void fill(MemorySegment block, float value, int n) {
        for (int i = 0; i < n; i++) {
            block.setAtIndex(JAVA_FLOAT, i, value);
        }
    }

    private static void write(double[] values, Operand y, long at) {
        for (int i = 0; i < values.length; i++) {
            y.memory.set(JAVA_FLOAT, y.at(at + i), (float) values[i]);
        }
    }
}
