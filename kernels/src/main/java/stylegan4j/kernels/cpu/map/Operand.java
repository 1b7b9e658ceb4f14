package stylegan4j.kernels.cpu.map;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.Strided;
import stylegan4j.kernels.cpu.CpuBuffer;

/**
 * An array as kernels see it: memory, element size and merged layout. Kernels only ever work on dense blocks; whatever
 * does not lie densely is packed into a scratch block on the way ({@link Reader}).
 */
final class Operand {
    private static final MemorySegment ZERO = Arena.ofAuto().allocate(4);

    final MemorySegment memory;
    final int bytes;
    final Strided layout;
    private final long base;

    private Operand(MemorySegment memory, int bytes, long base, Strided layout) {
        this.memory = memory;
        this.bytes = bytes;
        this.base = base;
        this.layout = layout;
    }

    static Operand of(NdArray array) {
        return of(array, array.shape(), array.strides());
    }

    /** The array with its dimensions rearranged or repeated. */
    static Operand of(NdArray array, int[] shape, long[] strides) {
        return new Operand(CpuBuffer.segmentOf(array), array.type().bytes(), array.offset(),
                Strided.of(shape, strides));
    }

    /** The number 0, repeated. */
    static Operand zeros(int[] shape) {
        return new Operand(ZERO, 4, 0, Strided.of(shape, new long[shape.length]));
    }

    /** Byte position of the element {@code offset} elements after the first. */
    long at(long offset) {
        return (base + offset) * bytes;
    }

    /** {@code n} neighbouring elements, the first {@code offset} elements after the array's first. */
    MemorySegment slice(long offset, long n) {
        return memory.asSlice(at(offset), n * bytes);
    }

    /** A reader for one task that packs, where it must, into this thread's scratch block {@code slot}. */
    Reader reader(int slot) {
        return new Reader(this, Blocks.scratch(slot));
    }

    /** Presents row-major ranges of an operand as dense blocks. */
    static final class Reader {
        private final Operand operand;
        private final MemorySegment scratch;
        private final Runs runs;
        private long constantAt = -1;
        private int constantLength;

        private Reader(Operand operand, MemorySegment scratch) {
            this.operand = operand;
            this.scratch = scratch;
            this.runs = operand.layout.isDense(0) ? null : new Runs(operand.layout, 0);
        }

        /** Elements {@code from … from+n−1}, n at most {@link Blocks#SIZE}; valid until the next call. */
        MemorySegment read(long from, int n) {
            if (runs == null) {
                return operand.slice(from, n);
            }
            runs.seek(from);
            boolean oneRun = runs.length(n) == n;
            long stride = operand.layout.innerStride(0);
            if (oneRun && stride == 1) {
                return operand.slice(runs.offset(0), n);
            }
            if (oneRun && stride == 0) {
                return repeated(runs.offset(0), n);
            }
            constantAt = -1;
            Strided layout = operand.layout;
            long inner = layout.innerSize();
            for (int done = 0; done < n; ) {
                long source = operand.at(runs.offset(0));
                long target = (long) done * operand.bytes;
                int rows = runs.rows((n - done) / inner);
                if (rows > 1) {
                    Packing.move(operand.memory, source, layout.outerStride(0), stride, scratch, target, inner, 1,
                            rows, (int) inner, operand.bytes);
                    done += rows * (int) inner;
                    runs.advanceRows(rows);
                } else {
                    int length = runs.length(n - done);
                    Packing.move(operand.memory, source, stride, scratch, target, 1, length, operand.bytes);
                    done += length;
                    runs.advance(length);
                }
            }
            return scratch;
        }

        private MemorySegment repeated(long offset, int n) {
            if (constantAt != offset || constantLength < n) {
                Packing.move(operand.memory, operand.at(offset), 0, scratch, 0, 1, n, operand.bytes);
                constantAt = offset;
                constantLength = n;
            }
            return scratch;
        }
    }
}
