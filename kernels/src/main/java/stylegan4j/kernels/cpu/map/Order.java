package stylegan4j.kernels.cpu.map;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.util.Arrays;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Strided;
import stylegan4j.kernels.cpu.Threads;

/** Largest element and sorting order. */
public final class Order {
    private Order() {
    }

    /** Index of the first largest element along {@code axis}; NaN counts as larger than any number. */
    public static void argMax(Threads threads, NdArray x, int axis, NdArray y) {
        Operand in = Operand.of(x);
        Operand out = Operand.of(y);
        Strided layout = Strided.of(y.shape(), x.strides());
        long step = x.strides()[axis];
        int size = x.size(axis);
        Blocks.parallel(threads, y.numel(), Math.max(1, Blocks.TASK / size), (from, to) -> {
            Runs runs = new Runs(layout, from);
            for (long at = from; at < to; at++) {
                long start = runs.offset(0);
                int best = 0;
                float largest = in.memory.get(JAVA_FLOAT, in.at(start));
                for (int i = 1; i < size && !Float.isNaN(largest); i++) {
                    float value = in.memory.get(JAVA_FLOAT, in.at(start + i * step));
                    if (!(value <= largest)) {
                        largest = value;
                        best = i;
                    }
                }
                out.memory.set(JAVA_INT, out.at(at), best);
                runs.advance(1);
            }
        });
    }

    /** Indices that sort the last dimension stably, NaN last. */
    public static void argSort(Threads threads, NdArray x, boolean descending, NdArray y) {
        if (y.numel() == 0) {
            return;
        }
        Operand in = Operand.of(x);
        Operand out = Operand.of(y);
        int length = x.rank() == 0 ? 1 : x.size(-1);
        Blocks.parallel(threads, x.numel() / length, Math.max(1, Blocks.TASK / 16 / length), (from, to) -> {
            long[] keys = new long[length];
            Runs runs = new Runs(in.layout, from * length);
            for (long row = from; row < to; row++) {
                for (int i = 0; i < length; i++) {
                    float value = in.memory.get(JAVA_FLOAT, in.at(runs.offset(0)));
                    keys[i] = (long) sortKey(value, descending) << 32 | i;
                    runs.advance(1);
                }
                Arrays.sort(keys);
                for (int i = 0; i < length; i++) {
                    out.memory.set(JAVA_INT, out.at(row * length + i), (int) keys[i]);
                }
            }
        });
    }

    /** An integer that orders as the float does; both zeros are equal. */
    private static int sortKey(float value, boolean descending) {
        if (Float.isNaN(value)) {
            return Integer.MAX_VALUE;
        }
        int bits = Float.floatToRawIntBits(value + 0f);
        int key = bits >= 0 ? bits : bits ^ Integer.MAX_VALUE;
        return descending ? ~key : key;
    }
}
