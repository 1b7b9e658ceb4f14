package stylegan4j.kernels.cpu.sample;

import java.lang.foreign.MemorySegment;
import stylegan4j.kernels.LinearMap;

/** Vectors of {@link stylegan4j.kernels.cpu.VectorWidth#FLOATS}. */
final class VectorResampleKernel implements ResampleKernel {
    @Override
    public void combine(MemorySegment x, long[] rows, float[] weights, int first, int terms, long step,
                        MemorySegment y, long to, int n) {
        ScalarResampleKernel.combine(x, rows, weights, first, terms, step, y, to, 0, n);
    }

    @Override
    public void filter(MemorySegment x, long at, FirAxis axis, boolean add, MemorySegment y, long to) {
        ScalarResampleKernel.filter(x, at, axis, add, y, to, 0);
    }

    @Override
    public void gather(MemorySegment x, long at, LinearMap map, MemorySegment y, long to) {
        ScalarResampleKernel.gather(x, at, map, y, to, 0, map.outputs());
    }
}
