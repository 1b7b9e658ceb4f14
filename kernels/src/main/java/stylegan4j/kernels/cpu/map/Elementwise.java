package stylegan4j.kernels.cpu.map;

import stylegan4j.kernels.BinaryOp;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.UnaryOp;
import stylegan4j.kernels.cpu.Threads;

/** Elementwise functions of one, two or three arrays of any strides. */
public final class Elementwise {
    private static final MapKernel KERNEL = MapKernel.CHOSEN;

    private Elementwise() {
    }

    public static void unary(Threads threads, UnaryOp general, NdArray x, float p, float q, NdArray y) {
        UnaryOp op = cheapest(general, p);
        Operand in = Operand.of(x);
        Operand out = Operand.of(y);
        Blocks.parallel(threads, y.numel(), (from, to) -> {
            Operand.Reader reader = in.reader(0);
            for (long at = from; at < to; at += Blocks.SIZE) {
                int n = (int) Math.min(Blocks.SIZE, to - at);
                KERNEL.unary(op, reader.read(at, n), p, q, out.slice(at, n), n);
            }
        });
    }

    public static void binary(Threads threads, BinaryOp op, NdArray a, NdArray b, NdArray y) {
        Operand first = Operand.of(a);
        Operand second = Operand.of(b);
        Operand out = Operand.of(y);
        Blocks.parallel(threads, y.numel(), (from, to) -> {
            Operand.Reader firsts = first.reader(0);
            Operand.Reader seconds = second.reader(1);
            for (long at = from; at < to; at += Blocks.SIZE) {
                int n = (int) Math.min(Blocks.SIZE, to - at);
                KERNEL.binary(op, firsts.read(at, n), seconds.read(at, n), out.slice(at, n), n);
            }
        });
    }

    /** {@code y = condition ≠ 0 ? a : b}. */
    public static void where(Threads threads, NdArray condition, NdArray a, NdArray b, NdArray y) {
        Operand chosen = Operand.of(condition);
        Operand first = Operand.of(a);
        Operand second = Operand.of(b);
        Operand out = Operand.of(y);
        Blocks.parallel(threads, y.numel(), (from, to) -> {
            Operand.Reader conditions = chosen.reader(0);
            Operand.Reader firsts = first.reader(1);
            Operand.Reader seconds = second.reader(2);
            for (long at = from; at < to; at += Blocks.SIZE) {
                int n = (int) Math.min(Blocks.SIZE, to - at);
                KERNEL.where(conditions.read(at, n), firsts.read(at, n), seconds.read(at, n), out.slice(at, n), n);
            }
        });
    }

    /** The cheaper function that a power by some exponents is. */
    static UnaryOp cheapest(UnaryOp op, float p) {
        if (op != UnaryOp.POWER) {
            return op;
        } else if (p == 2) {
            return UnaryOp.SQUARE;
        } else if (p == 0.5f) {
            return UnaryOp.SQRT;
        } else if (p == -0.5f) {
            return UnaryOp.RSQRT;
        } else if (p == -1) {
            return UnaryOp.RECIPROCAL;
        }
        return op;
    }
}
