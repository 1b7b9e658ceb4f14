package stylegan4j.kernels.cpu.map;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.ReduceOp;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.kernels.cpu.Threads;

/** Operations along the last dimension that keep its length. */
public final class Rows {
    private static final MapKernel KERNEL = MapKernel.CHOSEN;

    private Rows() {
    }

    /** Running sums, kept in double. */
    public static void cumulativeSum(Threads threads, NdArray x, NdArray y) {
        Operand in = Operand.of(x);
        Operand out = Operand.of(y);
        forEach(threads, x, (row, length) -> {
            Operand.Reader reader = in.reader(0);
            double sum = 0;
            for (long at = 0; at < length; at += Blocks.SIZE) {
                int n = (int) Math.min(Blocks.SIZE, length - at);
                MemorySegment block = reader.read(row * length + at, n);
                MemorySegment target = out.slice(row * length + at, n);
                for (int i = 0; i < n; i++) {
                    sum += block.getAtIndex(JAVA_FLOAT, i);
                    target.setAtIndex(JAVA_FLOAT, i, (float) sum);
                }
            }
        });
    }

    /** {@code y = e^(x−m) / Σ e^(x−m)} with m the row's largest element. */
    public static void softmax(Threads threads, NdArray x, NdArray y) {
        Operand in = Operand.of(x);
        Operand out = Operand.of(y);
        forEach(threads, x, (row, length) -> {
            Operand.Reader reader = in.reader(0);
            float largest = Float.NEGATIVE_INFINITY;
            for (long at = 0; at < length; at += Blocks.SIZE) {
                int n = (int) Math.min(Blocks.SIZE, length - at);
                largest = Math.max(largest, KERNEL.reduce(ReduceOp.MAXIMUM, reader.read(row * length + at, n), 0, n));
            }
            double sum = 0;
            for (long at = 0; at < length; at += Blocks.SIZE) {
                int n = (int) Math.min(Blocks.SIZE, length - at);
                MemorySegment target = out.slice(row * length + at, n);
                KERNEL.unary(UnaryOp.AFFINE, reader.read(row * length + at, n), 1, -largest, target, n);
                KERNEL.unary(UnaryOp.EXP, target, 0, 0, target, n);
                sum += KERNEL.reduce(ReduceOp.SUM, target, 0, n);
            }
            for (long at = 0; at < length; at += Blocks.SIZE) {
                int n = (int) Math.min(Blocks.SIZE, length - at);
                MemorySegment target = out.slice(row * length + at, n);
                KERNEL.unary(UnaryOp.AFFINE, target, (float) (1 / sum), 0, target, n);
            }
        });
    }

    @FunctionalInterface
    private interface Row {
        void run(long row, long length);
    }

    private static void forEach(Threads threads, NdArray x, Row body) {
        long numel = x.numel();
        if (numel == 0) {
            return;
        }
        long length = x.rank() == 0 ? 1 : x.size(-1);
        Blocks.parallel(threads, numel / length, Math.max(1, Blocks.TASK / length), (from, to) -> {
            for (long row = from; row < to; row++) {
                body.run(row, length);
            }
        });
    }
}
