package stylegan4j.kernels.cpu.map;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.Simd;
import stylegan4j.kernels.cpu.Threads;

/** {@code y = x·scale + z} in one pass, a factor for each row of x, z and y [rows, length]. */
public final class ScaledSum {
    private static final Kernel KERNEL = Simd.enabled() ? VectorScaledSum::rows : ScaledSum::plain;

    private ScaledSum() {
    }

    /** Some rows; all segments begin at their first element. Equal bit for bit in both versions. */
    interface Kernel {
        void rows(MemorySegment x, MemorySegment scale, MemorySegment z, MemorySegment y, int rows, int length);
    }

    /** See {@link stylegan4j.kernels.Backend#addScaled}. */
    public static void run(Threads threads, NdArray x, NdArray scale, NdArray z, NdArray y) {
        if (x.numel() == 0) {
            return;
        }
        Operand in = Operand.of(x);
        Operand factors = Operand.of(scale);
        Operand added = Operand.of(z);
        Operand out = Operand.of(y);
        long length = x.numel() / scale.numel();
        Blocks.parallel(threads, scale.numel(), Math.max(1, Blocks.TASK / length), (from, to) -> {
            long at = from * length;
            long n = (to - from) * length;
            KERNEL.rows(in.slice(at, n), factors.slice(from, to - from), added.slice(at, n), out.slice(at, n),
                    (int) (to - from), Math.toIntExact(length));
        });
    }

    static void plain(MemorySegment x, MemorySegment scale, MemorySegment z, MemorySegment y, int rows, int length) {
        for (int row = 0; row < rows; row++) {
            float factor = scale.getAtIndex(JAVA_FLOAT, row);
            long at = (long) row * length;
            for (long i = at; i < at + length; i++) {
                y.setAtIndex(JAVA_FLOAT, i, Math.fma(x.getAtIndex(JAVA_FLOAT, i), factor, z.getAtIndex(JAVA_FLOAT, i)));
            }
        }
    }
}
