package stylegan4j.kernels.cpu.map;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import stylegan4j.kernels.DType;
import stylegan4j.kernels.NdArray;
import stylegan4j.kernels.cpu.CpuBackend;
import stylegan4j.kernels.cpu.CpuBuffer;

/** Arrays for tests: made from host values in several layouts, and read back in row-major order. */
final class Arrange implements AutoCloseable {
    /** Ways to lay the same elements out in memory. */
    enum Layout { DENSE, OFFSET, REVERSED_DIMENSIONS, SPACED, BROADCAST_FIRST }

    final CpuBackend backend;
    private final SplittableRandom random = new SplittableRandom(7);

    Arrange(int threads) {
        backend = new CpuBackend(threads);
    }

    /** Dense, zero everywhere. */
    NdArray empty(DType type, int... shape) {
        NdArray array = NdArray.contiguous(backend.allocate(type.bytes() * NdArray.numel(shape)), type, shape);
        CpuBuffer.segmentOf(array).fill((byte) 0);
        return array;
    }

    NdArray empty(int... shape) {
        return empty(DType.F32, shape);
    }

    /** Dense floats. */
    NdArray of(float[] values, int... shape) {
        NdArray array = empty(shape);
        backend.upload(MemorySegment.ofArray(values), array.buffer(), 0);
        return array;
    }

    NdArray indices(int[] values, int... shape) {
        NdArray array = empty(DType.I32, shape);
        backend.upload(MemorySegment.ofArray(values), array.buffer(), 0);
        return array;
    }

    /** Normally distributed floats. */
    NdArray normal(Layout layout, int... shape) {
        NdArray view = view(layout, shape);
        MemorySegment memory = CpuBuffer.segmentOf(view);
        for (long i = 0; i < memory.byteSize() / 4; i++) {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
        }
        return view;
    }

    private NdArray view(Layout layout, int[] shape) {
        int rank = shape.length;
        long numel = NdArray.numel(shape);
        long[] strides = NdArray.rowMajorStrides(shape);
        long offset = 0;
        switch (layout) {
            case DENSE -> { }
            case OFFSET -> offset = 3;
            case REVERSED_DIMENSIONS -> {
                long step = 1;
                for (int d = 0; d < rank; d++) {
                    strides[d] = step;
                    step *= shape[d];
                }
            }
            case SPACED -> {
                for (int d = 0; d < rank; d++) {
                    strides[d] *= d == rank - 1 ? 2 : 3;
                }
            }
            case BROADCAST_FIRST -> {
                if (rank > 0) {
                    strides[0] = 0;
                }
            }
        }
        return new NdArray(backend.allocate(4 * (3 * numel + 3)), DType.F32, offset, shape, strides);
    }

    /** Elements in row-major order. */
    static float[] floats(NdArray x) {
        float[] values = new float[(int) x.numel()];
        for (int i = 0; i < values.length; i++) {
            values[i] = CpuBuffer.segmentOf(x).getAtIndex(ValueLayout.JAVA_FLOAT, position(x, i));
        }
        return values;
    }

    static int[] ints(NdArray x) {
        int[] values = new int[(int) x.numel()];
        for (int i = 0; i < values.length; i++) {
            values[i] = CpuBuffer.segmentOf(x).getAtIndex(ValueLayout.JAVA_INT, position(x, i));
        }
        return values;
    }

    private static long position(NdArray x, long linear) {
        long position = x.offset();
        for (int d = x.rank() - 1; d >= 0; d--) {
            position += linear % x.size(d) * x.strides()[d];
            linear /= x.size(d);
        }
        return position;
    }

    @Override
    public void close() {
        backend.close();
    }
}
