package stylegan4j.kernels.cpu.map;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Strided;
import stylegan4j.kernels.cpu.Threads;

/** Fill and copy, between any strides and element types. */
public final class Movement {
    private Movement() {
    }

    /** {@code y = value}, converted to y's type; y may be strided. */
    public static void fill(Threads threads, NdArray y, float value) {
        Operand out = Operand.of(y);
        if (Float.floatToRawIntBits(value) == 0 && y.isContiguous()) {
            Blocks.parallel(threads, y.numel(), (from, to) -> out.slice(from, to - from).fill((byte) 0));
            return;
        }
        Blocks.parallel(threads, y.numel(), (from, to) -> {
            MemorySegment block = Blocks.scratch(0);
            for (int i = 0; i < Math.min(Blocks.SIZE, to - from); i++) {
                write(y.type(), block, i, value);
            }
            Runs runs = new Runs(out.layout, from);
            for (long at = from; at < to; ) {
                int n = runs.length(Math.min(Blocks.SIZE, to - at));
                Packing.move(block, 0, 1, out.memory, out.at(runs.offset(0)), out.layout.innerStride(0), n, out.bytes);
                at += n;
                runs.advance(n);
            }
        });
    }

    /** {@code y = x}; conversions go through F32, into I32 by truncation. */
    public static void copy(Threads threads, NdArray x, NdArray y) {
        if (x.type() == y.type()) {
            move(threads, x, y);
        } else {
            convert(threads, x, y);
        }
    }

    private static void move(Threads threads, NdArray x, NdArray y) {
        Operand in = Operand.of(x);
        Operand out = Operand.of(y);
        Strided both = Strided.of(y.shape(), x.strides(), y.strides());
        long inner = both.innerSize();
        Blocks.parallel(threads, y.numel(), grain(both), (from, to) -> {
            Runs runs = new Runs(both, from);
            for (long at = from; at < to; ) {
                long source = in.at(runs.offset(0));
                long target = out.at(runs.offset(1));
                int rows = runs.rows((to - at) / inner);
                if (rows > 1) {
                    Packing.move(in.memory, source, both.outerStride(0), both.innerStride(0), out.memory, target,
                            both.outerStride(1), both.innerStride(1), rows, (int) inner, in.bytes);
                    at += rows * inner;
                    runs.advanceRows(rows);
                } else {
                    int n = runs.length(to - at);
                    Packing.move(in.memory, source, both.innerStride(0), out.memory, target, both.innerStride(1), n,
                            in.bytes);
                    at += n;
                    runs.advance(n);
                }
            }
        });
    }

    /** Elements of a task; where a matrix is transposed, whole bands of rows. */
    private static long grain(Strided both) {
        int rank = both.rank();
        boolean crosswise = rank > 1 && Packing.isCrosswise(both.outerStride(0), both.innerStride(0),
                both.outerStride(1), both.innerStride(1), both.sizes[rank - 2]);
        long band = Packing.LINE * both.innerSize();
        return crosswise ? Math.max(1, Blocks.TASK / band) * band : Blocks.TASK;
    }

    private static void convert(Threads threads, NdArray x, NdArray y) {
        Operand in = Operand.of(x);
        Operand out = Operand.of(y);
        Blocks.parallel(threads, y.numel(), (from, to) -> {
            Operand.Reader reader = in.reader(0);
            MemorySegment converted = Blocks.scratch(1);
            Runs runs = new Runs(out.layout, from);
            for (long at = from; at < to; ) {
                int n = runs.length(Math.min(Blocks.SIZE, to - at));
                convert(x.type(), reader.read(at, n), y.type(), converted, n);
                Packing.move(converted, 0, 1, out.memory, out.at(runs.offset(0)), out.layout.innerStride(0), n,
                        out.bytes);
                at += n;
                runs.advance(n);
            }
        });
    }

    /** The conversions that whole networks need have loops of their own. */
    private static void convert(DType from, MemorySegment x, DType to, MemorySegment y, int n) {
        if (from == DType.F16 && to == DType.F32) {
            for (int i = 0; i < n; i++) {
                y.setAtIndex(JAVA_FLOAT, i, Float.float16ToFloat(x.getAtIndex(JAVA_SHORT, i)));
            }
        } else if (from == DType.F32 && to == DType.F16) {
            for (int i = 0; i < n; i++) {
                y.setAtIndex(JAVA_SHORT, i, Float.floatToFloat16(x.getAtIndex(JAVA_FLOAT, i)));
            }
        } else if (from == DType.BF16 && to == DType.F32) {
            for (int i = 0; i < n; i++) {
                y.setAtIndex(JAVA_INT, i, x.getAtIndex(JAVA_SHORT, i) << 16);
            }
        } else if (from == DType.F32 && to == DType.BF16) {
            for (int i = 0; i < n; i++) {
                y.setAtIndex(JAVA_SHORT, i, bfloat16(x.getAtIndex(JAVA_FLOAT, i)));
            }
        } else {
            for (int i = 0; i < n; i++) {
                write(to, y, i, read(from, x, i));
            }
        }
    }

    private static float read(DType type, MemorySegment x, int i) {
        return switch (type) {
            case F32 -> x.getAtIndex(JAVA_FLOAT, i);
            case F16 -> Float.float16ToFloat(x.getAtIndex(JAVA_SHORT, i));
            case BF16 -> Float.intBitsToFloat(x.getAtIndex(JAVA_SHORT, i) << 16);
            case I32 -> x.getAtIndex(JAVA_INT, i);
        };
    }

    private static void write(DType type, MemorySegment y, int i, float value) {
        switch (type) {
            case F32 -> y.setAtIndex(JAVA_FLOAT, i, value);
            case F16 -> y.setAtIndex(JAVA_SHORT, i, Float.floatToFloat16(value));
            case BF16 -> y.setAtIndex(JAVA_SHORT, i, bfloat16(value));
            case I32 -> y.setAtIndex(JAVA_INT, i, (int) value);
        }
    }

    /** The upper half, rounded to nearest even; NaN stays NaN. */
    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }
}
