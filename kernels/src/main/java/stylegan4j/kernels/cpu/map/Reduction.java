package stylegan4j.kernels.cpu.map;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.ReduceOp;
import stylegan4j.kernels.cpu.Threads;

/**
 * Reductions over any set of dimensions. The array is seen as a matrix of kept × reduced elements, read row by row
 * where the innermost dimension is reduced, and column by column where it is kept. Sums run in float over short
 * blocks, whose results are added in double: the error does not grow with the length.
 */
public final class Reduction {
    private static final MapKernel KERNEL = MapKernel.CHOSEN;

    /** Rows added in float before the sum moves to double. */
    private static final int ROWS = 64;

    private Reduction() {
    }

    /** y has x's rank, with size 1 in each reduced dimension. */
    public static void reduce(Threads threads, ReduceOp op, NdArray x, NdArray y) {
        if (y.numel() == 0) {
            return;
        }
        if (x.numel() == 0) {
            Movement.fill(threads, y, ScalarMapKernel.identity(op));
            return;
        }
        int split = 0;
        int rank = x.rank();
        int[] order = new int[rank];
        for (int d = 0; d < rank; d++) {
            if (x.size(d) == y.size(d)) {
                order[split++] = d;
            }
        }
        int next = split;
        for (int d = 0; d < rank; d++) {
            if (x.size(d) != y.size(d)) {
                order[next++] = d;
            }
        }
        long kept = y.numel();
        rows(threads, op, permuted(x, order), kept, x.numel() / kept, Operand.of(y));
    }

    private static Operand permuted(NdArray x, int[] order) {
        int[] shape = Arrays.stream(order).map(x::size).toArray();
        long[] strides = Arrays.stream(order).mapToLong(d -> x.strides()[d]).toArray();
        return Operand.of(x, shape, strides);
    }

    private static void rows(Threads threads, ReduceOp op, Operand x, long rows, long length, Operand y) {
        Blocks.parallel(threads, rows, Math.max(1, Blocks.TASK / length), (from, to) -> {
            Operand.Reader reader = x.reader(0);
            for (long row = from; row < to; row++) {
                double sum = ScalarMapKernel.identity(op);
                for (long done = 0; done < length; done += Blocks.SIZE) {
                    int n = (int) Math.min(Blocks.SIZE, length - done);
                    MemorySegment block = reader.read(row * length + done, n);
                    sum = combine(op, sum, KERNEL.reduce(op, block, 0, n));
                }
                y.memory.set(JAVA_FLOAT, y.at(row), (float) sum);
            }
        });
    }

    private static double combine(ReduceOp op, double a, double b) {
        return switch (op) {
            case SUM, SUM_OF_SQUARES -> a + b;
            case MAXIMUM -> Math.max(a, b);
            case MINIMUM -> Math.min(a, b);
        };
    }
}
